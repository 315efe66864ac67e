"""A sitting in rooms, with everything it stands on; tests say only what they are about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from exams.models import Candidature, CentreRoom, Sitting
from exams.rooms import StartMode
from exams.services import (
    applying,
    centres,
    deciding,
    exam_plans,
    sitting_moves,
    sittings,
    specifications,
    staff,
)
from exams.services.applying import Application
from exams.services.centres import Approving, RoomDraft
from exams.services.sitting_moves import Wanted
from exams.sittings import Mode, SittingDraft, SittingMove
from exams.staffing import Duty
from server.organisations.models import Organisation
from server.people.models import Person
from server.policy import Identity, Role
from server.records import services as records
from server.records.entries import RecordKind
from tests.factories import exams as a
from tests.factories.exam_grounds import a_test_centre, pooled
from tests.moments import NOON

#: When the sitting opens: a working Tuesday, 15 days after the enrolment began.
OPENS = NOON + timedelta(days=15)
#: Two true-or-false questions of 50 points each: quick to draw.
SECTIONS: a.Sections = (("true_false", 2, 50, {}),)


def planner() -> Identity:
    """Return somebody who plans, everywhere, and has nothing to do with anybody."""
    return a.identity_of(a.a_person(a.an_organisation(), birth_on=None).id, *Role)


@dataclass
class Hall:
    """A test centre with its rooms, and who plans there."""

    centre: Organisation
    rooms: list[CentreRoom]
    by: Identity
    plan_id: UUID
    invigilators: list[Identity] = field(default_factory=list)


def a_room(
    centre: Organisation, by: Identity, name: str = "第一考场", **changed: Any
) -> CentreRoom:
    """Store a room of two rows of three seats."""
    values: dict[str, Any] = {
        "name": name,
        "address": "一号楼201",
        "row_count": 2,
        "column_count": 3,
    } | changed
    return centres.write_room(uuid4(), centre.id, RoomDraft(**values), by=by, at=NOON)


def a_hall(*, approved: bool = True, rooms: int = 1, **room: Any) -> Hall:
    """Store an approved centre with rooms, an exam plan, and questions for its papers."""
    centre, by = a_test_centre(), planner()
    if approved:
        approving = Approving(
            from_on=date(2026, 1, 1), until_on=date(2026, 12, 31), document="某应急〔2026〕1号"
        )
        centres.approve(uuid4(), centre.id, approving, by=by, at=NOON)
    made = [a_room(centre, by, f"第{number}考场", **room) for number in range(1, rooms + 1)]
    qualification = a.a_qualification()
    pooled({"true_false": 12})
    specification = specifications.write(
        uuid4(),
        name="细目表",
        qualification_id=qualification.id,
        organisation_id=centre.id,
        sections=a.rules(*SECTIONS),
        by=by,
        at=NOON,
    )
    plan = exam_plans.write(
        uuid4(),
        name="六月计划",
        organisation_id=centre.id,
        qualification_id=qualification.id,
        specification_id=specification.id,
        from_on=date(2026, 6, 1),
        until_on=date(2026, 8, 31),
        by=by,
        at=NOON,
    )
    return Hall(centre=centre, rooms=made, by=by, plan_id=plan.id)


def a_draft(hall: Hall, **changed: Any) -> SittingDraft:
    """Return a sitting as its planner writes it."""
    values: dict[str, Any] = {
        "plan_id": hall.plan_id,
        "name": "低压电工理论考试",
        "centre_id": hall.centre.id,
        "mode": Mode.ROOM,
        "room_ids": tuple(room.id for room in hall.rooms),
        "capacity": None,
        "stand_by_limit": 2,
        "enrolment_opens_at": NOON - timedelta(hours=1),
        "enrolment_closes_at": OPENS - timedelta(days=3),
        "opens_at": OPENS,
        "closes_at": OPENS + timedelta(hours=3),
        "late_minutes": 30,
        "late_starts_lose_time": True,
        "absence_notice_hours": 24,
        "absence_pause_days": 0,
        "release_at": None,
        "start_mode": StartMode.BY_CLOCK,
        "form_count": 4,
    }
    return SittingDraft(**values | changed)


def a_sitting(hall: Hall, *, opened: bool = True, **changed: Any) -> Sitting:
    """Store a sitting; open to candidates unless told otherwise."""
    made = sittings.plan(uuid4(), a_draft(hall, **changed), by=hall.by, at=NOON)
    return move(hall, made, SittingMove.OPEN, at=NOON) if opened else made


def move(hall: Hall, sitting: Sitting, *moves: SittingMove, at: datetime) -> Sitting:
    """Move a sitting on."""
    for one in moves:
        wanted = Wanted(move=one, reason="安排", seed=bytes(32))
        sitting_moves.make(sitting.id, wanted, by=hall.by, at=at)
    return sitting


def a_candidate(**person: Any) -> Person:
    """Store an electrician who declared to be fit and was registered once."""
    made = a.an_electrician(birth_on=person.pop("birth_on", None) or date(1990, 1, 1))
    made.name = person.pop("name", f"考生{made.id.hex[:8]}")
    declare_healthy(made)
    return made


def declare_healthy(person: Person) -> None:
    """Store that somebody declared to be fit."""
    records.add(
        person.id,
        RecordKind.HEALTH,
        subject_id=uuid4(),
        happened_at=NOON - timedelta(days=30),
        content={"summary": "身体健康"},
        source="本人",
        at=NOON,
    )


def an_application(sitting: Sitting, candidate: Person | None = None, **more: Any) -> Candidature:
    """Store that somebody applied for themselves."""
    candidate = candidate or a_candidate()
    by = more.pop("by", None) or a.identity_of(candidate.id)
    at = more.pop("at", NOON)
    wanted = Application(candidate_id=candidate.id, **more)
    return applying.apply(uuid4(), sitting.id, wanted, by=by, at=at)


def admitted(hall: Hall, sitting: Sitting, count: int, **more: Any) -> list[Candidature]:
    """Store so many applications that were admitted."""
    made = [an_application(sitting, **more) for _ in range(count)]
    for one in made:
        deciding.decide(one.id, approved=True, reason="符合条件", by=hall.by, at=NOON)
    return made


def an_invigilator(hall: Hall, sitting: Sitting, room: str = "") -> Identity:
    """Store somebody who watches a room, or all of them."""
    person = a.a_person(a.an_organisation(), birth_on=None)
    staff.assign(
        uuid4(),
        sitting,
        person_id=person.id,
        duty=Duty.INVIGILATOR,
        room=room,
        by=hall.by,
        at=NOON,
    )
    return a.identity_of(person.id, Role.INVIGILATOR)


def seated(hall: Hall, sitting: Sitting, count: int) -> list[Candidature]:
    """Store a sitting in which so many people have seats."""
    made = admitted(hall, sitting, count)
    move(hall, sitting, SittingMove.CLOSE, SittingMove.SEAT, at=NOON + timedelta(days=13))
    return made
