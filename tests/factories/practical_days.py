"""A sitting for practicals: who passed the theory, stations, examiners, open doors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from exams.checking_in import DoorAct, Verdict
from exams.models import (
    Attempt,
    Candidature,
    Practical,
    PracticalOutcome,
    Sitting,
    StationCall,
)
from exams.seating import Seat
from exams.services import (
    calling,
    check_ins,
    deciding,
    laying_out,
    practical_parts,
    practical_scores,
    staff,
    turns,
)
from exams.services.check_ins import Said
from exams.sittings import Mode, SittingMove
from exams.staffing import Duty
from server.db import db
from server.people.models import Person
from server.policy import Identity, Role
from tests.factories import exams as a
from tests.factories import practicals as the
from tests.factories import sittings as some
from tests.factories.sitting import answer, submit
from tests.factories.sittings import OPENS
from tests.moments import NOON

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
#: The subjects of a circuit, each once.
SUBJECTS = ["K1", "K2", "K3", "K4"]
DOORS = OPENS - HOUR
TURN = timedelta(minutes=60)
#: When the theories are handed in and told.
LATER = NOON + 2 * HOUR


def states(held: Practical) -> dict[str, Any]:
    """Return where the subjects of a practical stand."""
    return {one.subject: one.state for one in held.legs}


def passed(count: int) -> list[Attempt]:
    """Store so many theories that were passed by electricians who are fit."""
    a.with_practical()
    scene = a.an_exam(sections=some.SECTIONS)
    made = [a.an_attempt(scene, some.a_candidate()) for _ in range(count)]
    for one in made:
        answer(one, right=2)
        submit(one)
    return made


class PracticalDay:
    """Two stations and three turns of an hour; whoever passed the theory is admitted."""

    def __init__(self, count: int = 3, *, rooms: int = 1, stations: int = 2, **changed: Any):
        self.theories = passed(count)
        self.hall = some.a_hall(rooms=rooms, row_count=1, column_count=stations)
        draft: dict[str, Any] = {"mode": Mode.PRACTICAL, "turn_minutes": 60} | changed
        self.sitting = self.planned(draft)
        some.move(self.hall, self.sitting, SittingMove.OPEN, at=NOON)
        self.places = [self.admitted(theory) for theory in self.theories]
        self.examiners: list[Identity] = []

    def planned(self, draft: dict[str, Any]) -> Sitting:
        """Plan the sitting in the first room."""
        rooms = (self.hall.rooms[0].id,)
        return some.a_sitting(self.hall, room_ids=rooms, opened=False, **draft)

    def admitted(self, theory: Attempt) -> Candidature:
        """Let whoever passed a theory have a place."""
        candidate = db.session.get_one(Person, theory.candidate_id)
        made = some.an_application(self.sitting, candidate, at=LATER)
        return deciding.decide(made.id, approved=True, reason="符合条件", by=self.hall.by, at=LATER)

    def seat(self) -> None:
        """Call everybody to a station in a turn."""
        some.move(self.hall, self.sitting, SittingMove.CLOSE, SittingMove.SEAT, at=LATER)

    def examiner(self, *subjects: str) -> Identity:
        """Assign somebody who examines in all rooms, in a circuit some subjects or all."""
        person = a.a_person(a.an_organisation(), birth_on=None)
        self.duty = staff.assign(
            uuid4(),
            self.sitting,
            person_id=person.id,
            duty=Duty.EXAMINER,
            room="",
            subjects=subjects,
            by=self.hall.by,
            at=LATER,
        )
        self.examiners.append(a.identity_of(person.id, Role.EXAMINER))
        return self.examiners[-1]

    def open_doors(self) -> None:
        """Assign two examiners and somebody who watches, and open the doors."""
        self.examiner(), self.examiner()
        self.by = some.an_invigilator(self.hall, self.sitting)
        some.move(self.hall, self.sitting, SittingMove.START, at=DOORS)

    def arrive(self, place: Candidature, *, at: datetime = DOORS) -> Verdict:
        """Let somebody in."""
        said = Said(
            id=uuid4(), enrolment_id=place.id, act=DoorAct.ARRIVAL, sequence=1, claimed_at=at
        )
        room_id = place.room_id or self.hall.rooms[0].id
        (kept,) = check_ins.take(
            self.sitting.id, room_id, [said], device_id=uuid4(), by=self.by, at=at
        )
        return kept.verdict

    def call(
        self, place: Candidature, subject: str, *, column: int = 1, **more: Any
    ) -> StationCall:
        """Call somebody to a station of the first room."""
        return calling.call(
            more.pop("call_id", None) or uuid4(),
            self.practical(place).id,
            subject=subject,
            station=Seat(self.hall.rooms[0].id, 1, column),
            by=more.pop("by", self.by),
            at=more.pop("at", OPENS),
        )

    def outcome(self, place: Candidature) -> PracticalOutcome:
        """Return the outcome of the practical of a place, which has one."""
        found = self.practical(place).outcome
        assert found is not None
        return found

    def practical(self, place: Candidature) -> Practical:
        """Return the practical of a place."""
        found = turns.of(place.id)
        assert found is not None
        return found


class CircuitDay(PracticalDay):
    """Five stations in a row: K1, K1, K2, K3, K4; twelve turns of a quarter of an hour."""

    SUBJECTS = ("K1", "K1", "K2", "K3", "K4")

    def __init__(self, count: int = 3, *, veto_ends: bool = False, **changed: Any):
        self.veto_ends = veto_ends
        quarters = {"stations": len(self.SUBJECTS), "turn_minutes": 15}
        super().__init__(count, **quarters | changed)

    def planned(self, draft: dict[str, Any]) -> Sitting:
        """Plan the sitting, and lay its stations out."""
        made = super().planned(draft)
        return laying_out.write(
            made.id, self.stations(), veto_ends=self.veto_ends, by=self.hall.by, at=NOON
        )

    def stations(self) -> list[tuple[Seat, list[str]]]:
        """Return the stations, each with its subject."""
        room_id = self.hall.rooms[0].id
        return [
            (Seat(room_id, 1, column), [subject])
            for column, subject in enumerate(self.SUBJECTS, start=1)
        ]

    def open_doors(self) -> None:
        """Assign two examiners of each subject, in their order, and open the doors."""
        for subject in ("K1", "K1", "K2", "K2", "K3", "K3", "K4", "K4"):
            self.examiner(subject)
        self.by = some.an_invigilator(self.hall, self.sitting)
        some.move(self.hall, self.sitting, SittingMove.START, at=DOORS)

    def score(
        self, place: Candidature, subject: str, *changed: dict[str, str], at: datetime = OPENS
    ) -> None:
        """Let both examiners of a subject give full marks but for what is changed, and hand in."""
        held = self.practical(place)
        values = {
            code: "0" if most is None else str(most)
            for code, most in practical_parts.scale(held, [subject]).items()
        }
        for number, scorer in enumerate(practical_parts.pair(held, subject)):
            given = values | (changed[number] if number < len(changed) else {})
            by = a.identity_of(scorer.person_id, Role.EXAMINER)
            words = the.words(given)
            practical_scores.store(held.id, words, by=by, at=at)
            practical_scores.hand_in(held.id, subject=subject, by=by, at=at)

    def score_all(self, place: Candidature, *, but: Sequence[str] = ()) -> None:
        """Let everything be scored with full marks but for some subjects."""
        for subject in sorted(set(self.SUBJECTS) - set(but)):
            self.score(place, subject)


def a_running(day: CircuitDay) -> CircuitDay:
    """Seat people, open the doors, and let everybody in."""
    day.seat()
    day.open_doors()
    for place in day.places:
        day.arrive(place)
    return day
