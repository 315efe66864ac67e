"""A room is lost on the day: its people move, and everything they have goes with them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from exams.checking_in import Verdict
from exams.drafts import RoomOrder
from exams.models import Attempt, SittingRoom
from exams.rooms import RoomAct
from exams.services import check_ins, endings, relocating, rooms, rosters, staff
from exams.sitting_errors import NotSeated, RoomLeft, RoomsUnfit, RoomTaken, TooFewSeatsLeft
from server.db import db
from server.errors import NotFound
from tests.factories import sittings as some
from tests.factories.practical_days import PracticalDay
from tests.factories.sitting import answer
from tests.factories.sitting_days import DOORS, Day
from tests.factories.sittings import OPENS

pytestmark = pytest.mark.usefixtures("inside")

MINUTE = timedelta(minutes=1)


def moved(day, *, to, room=0, at=DOORS):
    """Move everybody of a room to another."""
    return relocating.relocate(
        day.sitting.id,
        day.hall.rooms[room].id,
        to_room_id=to.id,
        reason="停电",
        by=day.hall.by,
        at=at,
    )


def test_seats_attempts_responses_and_time_move_with_their_people():
    day = Day(count=4)
    spare = some.a_room(day.hall.centre, day.hall.by, "备用考场")
    for one in day.placed[:2]:
        day.arrive(one)
    before = {one.id: (one.seat_row, one.seat_column, one.enrolment.paper_id) for one in day.placed}
    attempt_id = day.start(day.placed[0]).attempt.id
    attempt = db.session.get_one(Attempt, attempt_id)
    deadline_at = attempt.deadline_at
    answer(attempt, right=1, at=OPENS)

    for _ in range(2):
        moved(day, to=spare, at=OPENS + 10 * MINUTE)

    assert {one.room_id for one in day.placed} == {spare.id}
    assert before == {
        one.id: (one.seat_row, one.seat_column, one.enrolment.paper_id) for one in day.placed
    }
    assert {one.enrolment.room for one in day.placed} == {"备用考场"}
    assert staff.watches(day.by.person_id, day.sitting.id, "备用考场")
    on = RoomOrder(kind=RoomAct.RESUME, reason="已就位", room="备用考场")
    rooms.act(uuid4(), on, exam_id=day.sitting.id, by=day.hall.by, at=OPENS + 25 * MINUTE)
    db.session.refresh(attempt)
    assert attempt.deadline_at == deadline_at + 15 * MINUTE
    assert attempt.paused_at is None
    assert len(endings.chosen(db.session.connection(), [attempt_id])[attempt_id]) == 1


def test_what_a_phone_saw_in_the_old_room_counts_and_the_new_one_has_a_roster():
    day = Day(count=3)
    spare = some.a_room(day.hall.centre, day.hall.by, "备用考场")
    duty = next(one for one in staff.of(day.sitting.id) if one.person_id == day.by.person_id)
    duty.room = day.hall.rooms[0].name
    db.session.flush()
    moved(day, to=spare)
    early, late = day.placed[:2]

    assert day.send(day.said(early)) == [Verdict.ACCEPTED]
    (kept,) = check_ins.take(
        day.sitting.id, spare.id, [day.said(late)], device_id=uuid4(), by=day.by, at=DOORS
    )

    assert kept.verdict is Verdict.ACCEPTED
    roster = rosters.of(day.sitting.id, spare.id, by=day.by, at=DOORS).text
    assert str(early.id) in roster


def test_a_practical_moves_with_its_stations_and_turns():
    day = PracticalDay(count=3)
    day.seat()
    day.open_doors()
    spare = some.a_room(day.hall.centre, day.hall.by, "备用实操室", row_count=1, column_count=2)
    turns = {one.id: one.turn for one in day.places}

    moved(day, to=spare)

    assert {one.id: one.turn for one in day.places} == turns
    assert {one.room_id for one in day.places} == {spare.id}
    assert len({(one.seat, one.turn) for one in day.places}) == 3
    assert day.arrive(day.places[0]) is Verdict.ACCEPTED


def test_a_room_that_cannot_take_them_is_refused():
    day = Day(count=4, rooms=2)
    small = some.a_room(day.hall.centre, day.hall.by, "小间", row_count=1, column_count=1)
    spare = some.a_room(day.hall.centre, day.hall.by, "备用考场")
    other = some.a_sitting(some.a_hall())
    used = some.a_room(day.hall.centre, day.hall.by, "在用")
    some.a_sitting(day.hall, room_ids=(used.id,))

    for target, refusal in (
        (small, TooFewSeatsLeft),
        (day.hall.rooms[1], RoomsUnfit),
        (other.rooms[0].room, RoomsUnfit),
        (used, RoomTaken),
    ):
        nested = db.session.begin_nested()
        with pytest.raises(refusal):
            moved(day, to=target)
        nested.rollback()
    moved(day, to=spare)
    with pytest.raises(RoomLeft):
        moved(day, to=used)
    with pytest.raises(NotFound):
        relocating.relocate(
            day.sitting.id, used.id, to_room_id=spare.id, reason="", by=day.hall.by, at=DOORS
        )
    open_one = some.a_sitting(some.a_hall())
    with pytest.raises(NotSeated):
        relocating.relocate(
            open_one.id,
            open_one.rooms[0].room_id,
            to_room_id=spare.id,
            reason="",
            by=day.hall.by,
            at=DOORS,
        )
    (left,) = [one for one in day.sitting.rooms if one.moved_to_id]
    assert (left.room_id, left.moved_because) == (day.hall.rooms[0].id, "停电")
    assert isinstance(left, SittingRoom)
