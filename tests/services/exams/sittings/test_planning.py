"""Planning a sitting: what is refused, and how it moves from plan to end."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from exams.errors import ExamPublished, WindowContradictory
from exams.models import Exam
from exams.services import centres, exam_plans, sitting_moves, sittings, staff
from exams.services.centres import Approving, RoomDraft
from exams.sitting_errors import (
    ApprovalWithdrawn,
    CentreNotApproved,
    DoorsNotYetOpen,
    DutyOverlaps,
    NobodyWatches,
    OutsidePlan,
    RoomInUse,
    RoomOverCapacity,
    RoomsUnfit,
    RoomTaken,
    SeatUnfit,
    SittingContradictory,
    SittingFixed,
    SittingMoveRefused,
)
from exams.sittings import Mode, SittingMove, SittingState
from exams.staffing import Duty
from server.db import db
from server.errors import IdTaken, NotFound
from server.policy import Role
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.factories.sittings import OPENS
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def hall():
    """Return an approved centre with one room of six seats."""
    return some.a_hall()


def test_a_sitting_is_its_exam_with_a_time_and_a_place(hall):
    sitting = some.a_sitting(hall)

    exam = db.session.get_one(Exam, sitting.id)
    assert exam.organisation_id == hall.centre.id
    assert exam.latest_start_at == OPENS + timedelta(minutes=30)
    assert exam.published_at == NOON
    assert sitting.capacity == 6
    assert [one.duty for one in staff.of(sitting.id)] == [Duty.PLANNER, Duty.SETTER]


@pytest.mark.parametrize(
    ("changed", "contradiction"),
    [
        ({"enrolment_closes_at": NOON - 2 * HOUR}, "enrolment_closes_before_it_opens"),
        ({"enrolment_closes_at": OPENS + HOUR}, "enrolment_closes_after_the_sitting_opens"),
        ({"closes_at": OPENS}, "sitting_closes_before_it_opens"),
        ({"late_minutes": 180}, "lateness_beyond_the_end"),
        ({"absence_notice_hours": 24 * 16}, "absence_notice_before_enrolment_opens"),
    ],
)
def test_hours_that_contradict_each_other_are_refused(hall, changed, contradiction):
    with pytest.raises(SittingContradictory) as refused:
        some.a_sitting(hall, **changed)

    assert contradiction in str(refused.value.facts["contradictions"])


def test_a_sitting_shorter_than_the_exam_is_not_opened(hall):
    with pytest.raises(WindowContradictory):
        some.a_sitting(hall, closes_at=OPENS + HOUR)


def test_a_sitting_lies_within_the_days_of_its_plan(hall):
    with pytest.raises(OutsidePlan):
        some.a_sitting(hall, opens_at=OPENS + 90 * DAY, closes_at=OPENS + 90 * DAY + 3 * HOUR)


def test_rooms_are_those_of_the_centre_and_only_where_there_are_rooms(hall):
    elsewhere = some.a_hall()
    for changed in (
        {"room_ids": ()},
        {"room_ids": (hall.rooms[0].id, hall.rooms[0].id)},
        {"room_ids": (elsewhere.rooms[0].id,)},
        {"mode": Mode.PHONE},
    ):
        with pytest.raises(RoomsUnfit):
            some.a_sitting(hall, **changed)


def test_a_room_is_never_over_its_capacity(hall):
    with pytest.raises(RoomOverCapacity):
        some.a_sitting(hall, capacity=7)
    with pytest.raises(RoomOverCapacity):
        some.a_room(hall.centre, hall.by, "二", capacity=7)
    with pytest.raises(RoomOverCapacity):
        some.a_room(hall.centre, hall.by, "三", defective=((1, 1),), capacity=6)
    with pytest.raises(SeatUnfit):
        some.a_room(hall.centre, hall.by, "四", gaps=((3, 1),))
    assert some.a_room(hall.centre, hall.by, "五", defective=((1, 1),)).capacity == 5


def test_a_room_holds_one_sitting_at_a_time(hall):
    some.a_sitting(hall)

    with pytest.raises(RoomTaken):
        some.a_sitting(hall, opens_at=OPENS + 2 * HOUR, closes_at=OPENS + 5 * HOUR)
    later: dict[str, Any] = {"opens_at": OPENS + 3 * HOUR, "closes_at": OPENS + 6 * HOUR}
    assert some.a_sitting(hall, **later).state is SittingState.OPEN


def test_a_cancelled_sitting_leaves_its_room(hall):
    sitting = some.a_sitting(hall)
    some.move(hall, sitting, SittingMove.CANCEL, at=NOON)

    assert some.a_sitting(hall).state is SittingState.OPEN


def test_only_an_approved_centre_holds_a_sitting():
    hall = some.a_hall(approved=False)
    sitting = some.a_sitting(hall, opened=False)
    with pytest.raises(CentreNotApproved):
        some.move(hall, sitting, SittingMove.OPEN, at=NOON)

    approval_id = uuid4()
    for _ in range(2):
        draft = Approving(from_on=OPENS.date(), until_on=OPENS.date(), document="一号")
        centres.approve(approval_id, hall.centre.id, draft, by=hall.by, at=NOON)
    some.move(hall, sitting, SittingMove.OPEN, at=NOON)
    other = Approving(from_on=OPENS.date(), until_on=OPENS.date(), document="二号")
    with pytest.raises(IdTaken):
        centres.approve(approval_id, hall.centre.id, other, by=hall.by, at=NOON)


def test_a_withdrawn_approval_counts_until_the_day_before(hall):
    (approval,) = centres.approvals(hall.centre.id)
    day = OPENS.date()

    def withdraw(from_on):
        return centres.withdraw_approval(
            approval.id, hall.centre.id, from_on=from_on, reason="整改", by=hall.by, at=NOON
        )

    withdraw(day)
    withdraw(day)

    assert centres.is_approved(hall.centre.id, on=day - DAY)
    assert not centres.is_approved(hall.centre.id, on=day)
    with pytest.raises(ApprovalWithdrawn):
        withdraw(day + DAY)


def test_a_sitting_changes_only_while_nobody_may_apply(hall):
    sitting = some.a_sitting(hall, opened=False)
    again = sittings.plan(sitting.id, some.a_draft(hall, capacity=4), by=hall.by, at=NOON)
    assert again.capacity == 4

    some.move(hall, sitting, SittingMove.OPEN, at=NOON)
    sittings.plan(sitting.id, some.a_draft(hall, capacity=4), by=hall.by, at=NOON)
    with pytest.raises(SittingFixed):
        sittings.plan(sitting.id, some.a_draft(hall, capacity=5), by=hall.by, at=NOON)
    with pytest.raises(ExamPublished):
        exam_plans.write(
            hall.plan_id,
            name="改名",
            organisation_id=hall.centre.id,
            qualification_id=sitting.exam.qualification_id,
            specification_id=sitting.exam.specification_id,
            from_on=date(2026, 6, 1),
            until_on=date(2026, 8, 31),
            by=hall.by,
            at=NOON,
        )


def test_what_the_table_does_not_know_is_refused(hall):
    sitting = some.a_sitting(hall, opened=False)

    for one in (SittingMove.SEAT, SittingMove.START, SittingMove.FINISH, SittingMove.CLOSE):
        with pytest.raises(SittingMoveRefused):
            some.move(hall, sitting, one, at=NOON)
    some.move(hall, sitting, SittingMove.OPEN, SittingMove.OPEN, at=NOON)
    some.move(hall, sitting, SittingMove.CANCEL, at=NOON + HOUR)
    with pytest.raises(SittingMoveRefused):
        some.move(hall, sitting, SittingMove.OPEN, at=NOON)
    states = [one.state for one in sitting_moves.moves_of(sitting.id)]
    assert states == [SittingState.OPEN, SittingState.CANCELLED]


def test_doors_open_with_an_invigilator_in_every_room_and_not_too_early(hall):
    sitting = some.a_sitting(hall)
    some.seated(hall, sitting, 2)

    with pytest.raises(DoorsNotYetOpen):
        some.move(hall, sitting, SittingMove.START, at=OPENS - 3 * HOUR)
    with pytest.raises(NobodyWatches):
        some.move(hall, sitting, SittingMove.START, at=OPENS)
    some.an_invigilator(hall, sitting, "第1考场")
    some.move(hall, sitting, SittingMove.START, at=OPENS)
    with pytest.raises(DoorsNotYetOpen):
        some.move(hall, sitting, SittingMove.FINISH, at=OPENS + HOUR)
    some.move(hall, sitting, SittingMove.FINISH, at=OPENS + 3 * HOUR)
    assert sitting.state is SittingState.DONE


def test_nobody_watches_two_rooms_at_once_under_whatever_registration():
    hall = some.a_hall(rooms=2)
    first, second = hall.rooms
    one = some.a_sitting(hall, room_ids=(first.id,))
    other = some.a_sitting(hall, room_ids=(second.id,))
    person = a.a_person(a.an_organisation(), birth_on=date(1980, 5, 5))
    twin = a.a_person(a.an_organisation(), birth_on=date(1980, 5, 5))
    person.name = twin.name = "孙某"
    db.session.flush()

    def assign(sitting, who, duty_id=None):
        return staff.assign(
            duty_id or uuid4(),
            sitting,
            person_id=who.id,
            duty=Duty.INVIGILATOR,
            room="",
            by=hall.by,
            at=NOON,
        )

    duty_id = uuid4()
    kept = assign(one, person, duty_id)
    assert assign(one, person, duty_id) is kept
    for who in (person, twin):
        with pytest.raises(DutyOverlaps):
            assign(other, who)
    staff.end(kept.id, one, by=hall.by, at=NOON)
    assert assign(other, twin).sitting_id == other.id
    with pytest.raises(IdTaken):
        assign(other, person, duty_id)


def test_a_room_keeps_the_seats_that_were_given(hall):
    sitting = some.a_sitting(hall)
    some.seated(hall, sitting, 6)
    room = hall.rooms[0]
    smaller = RoomDraft(name="第1考场", address="楼", row_count=1, column_count=3)

    with pytest.raises(RoomInUse):
        centres.write_room(room.id, hall.centre.id, smaller, by=hall.by, at=NOON)
    with pytest.raises(RoomInUse):
        centres.close_room(room.id, hall.centre.id, by=hall.by, at=NOON)
    some.move(hall, sitting, SittingMove.CANCEL, at=NOON)
    assert centres.close_room(room.id, hall.centre.id, by=hall.by, at=NOON).closed_at == NOON


def test_what_lies_outside_ones_reach_is_not_found(hall):
    sitting = some.a_sitting(hall)
    outsider = a.identity_of(uuid4(), Role.PLANNER, organisation_path=f"/{uuid4()}/")

    with pytest.raises(NotFound):
        sitting_moves.make(
            sitting.id, sitting_moves.Wanted(move=SittingMove.CLOSE), by=outsider, at=NOON
        )
    with pytest.raises(NotFound):
        centres.get(a.an_organisation().id)
    with pytest.raises(NotFound):
        sittings.plan(uuid4(), some.a_draft(hall), by=outsider, at=NOON)
