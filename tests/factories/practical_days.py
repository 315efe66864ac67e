"""A sitting for practicals: who passed the theory, stations, examiners, open doors."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from exams.checking_in import DoorAct, Verdict
from exams.models import Attempt, Candidature, Practical, StationCall
from exams.seating import Seat
from exams.services import calling, check_ins, deciding, staff, turns
from exams.services.check_ins import Said
from exams.sittings import Mode, SittingMove
from exams.staffing import Duty
from server.db import db
from server.people.models import Person
from server.policy import Identity, Role
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.factories.sitting import answer, submit
from tests.factories.sittings import OPENS
from tests.moments import NOON

HOUR = timedelta(hours=1)
DOORS = OPENS - HOUR
TURN = timedelta(minutes=60)
#: When the theories are handed in and told.
LATER = NOON + 2 * HOUR


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
        self.sitting = some.a_sitting(self.hall, room_ids=(self.hall.rooms[0].id,), **draft)
        self.places = [self.admitted(theory) for theory in self.theories]
        self.examiners: list[Identity] = []

    def admitted(self, theory: Attempt) -> Candidature:
        """Let whoever passed a theory have a place."""
        candidate = db.session.get_one(Person, theory.candidate_id)
        made = some.an_application(self.sitting, candidate, at=LATER)
        return deciding.decide(made.id, approved=True, reason="符合条件", by=self.hall.by, at=LATER)

    def seat(self) -> None:
        """Call everybody to a station in a turn."""
        some.move(self.hall, self.sitting, SittingMove.CLOSE, SittingMove.SEAT, at=LATER)

    def examiner(self) -> Identity:
        """Assign somebody who examines in all rooms."""
        person = a.a_person(a.an_organisation(), birth_on=None)
        self.duty = staff.assign(
            uuid4(),
            self.sitting,
            person_id=person.id,
            duty=Duty.EXAMINER,
            room="",
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
            at=OPENS,
        )

    def practical(self, place: Candidature) -> Practical:
        """Return the practical of a place."""
        found = turns.of(place.id)
        assert found is not None
        return found
