"""At the door: who is let in, what two phones say, what comes late."""

from datetime import timedelta
from uuid import uuid4

import pytest

from exams.admission_errors import NotAdmitted, NotDoorTime, NotOnDuty
from exams.checking_in import DoorAct, Verdict
from exams.services import check_ins, seats
from exams.services.check_ins import Said
from exams.sittings import Attendance, Awaited, SittingMove
from server.db import db
from server.errors import IdTaken, NotFound
from server.scopes import EVERYWHERE
from tests.factories import sittings as some
from tests.factories.sitting_days import Day
from tests.factories.sittings import OPENS
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DOORS = OPENS - HOUR


@pytest.fixture
def day():
    """Return a sitting whose doors are open."""
    return Day()


def test_only_who_was_let_in_may_start(day):
    one = day.placed[0]
    with pytest.raises(NotAdmitted) as refused:
        day.start(one)
    assert refused.value.facts["awaits"] == "check_in"

    assert day.arrive(one) is Verdict.ACCEPTED

    attempt = day.start(one).attempt
    assert attempt.paper_id == one.enrolment.paper_id
    assert [one.attendance] == [Attendance.PRESENT]


def test_sending_twice_says_it_once(day):
    first, second = (day.said(one) for one in day.placed[:2])
    assert day.send(first, second) == [Verdict.ACCEPTED] * 2
    assert day.send(first, second) == [Verdict.ACCEPTED] * 2
    assert day.arrive(day.placed[0]) is Verdict.REPEATED
    page = check_ins.listed(day.sitting.id, scope=EVERYWHERE, only_odd=False, cursor=None, limit=9)
    assert len(page.items) == 3
    with pytest.raises(IdTaken):
        day.send(day.said(day.placed[2], said_id=first.id))


def test_of_two_phones_the_planned_seat_goes_before_any_other(day):
    one = day.placed[0]
    (free, *_) = seats.free_seats(day.sitting)
    other, planned = (free.row, free.column), (one.seat_row, one.seat_column)

    assert day.arrive(one, seat=other) is Verdict.ACCEPTED
    assert day.send(day.said(one, seat=planned), device=uuid4())[0] is Verdict.ACCEPTED
    assert day.arrive(one, seat=other) is Verdict.CONTRADICTED
    assert day.arrive(one, seat=planned) is Verdict.REPEATED
    odd = check_ins.listed(day.sitting.id, scope=EVERYWHERE, only_odd=True, cursor=None, limit=9)
    assert [each.verdict for each in odd.items] == [Verdict.CONTRADICTED]


def test_nobody_is_let_in_to_the_seat_of_another(day):
    one, other = day.placed[:2]

    assert day.arrive(one, seat=(other.seat_row, other.seat_column)) is Verdict.SEAT_TAKEN


def test_who_has_no_place_or_another_room_is_not_let_in():
    day = Day(count=8, rooms=2)
    elsewhere = next(one for one in day.placed if one.room_id == day.hall.rooms[1].id)

    assert day.arrive(uuid4()) is Verdict.NO_PLACE
    assert day.arrive(elsewhere) is Verdict.WRONG_ROOM
    assert day.send(day.said(elsewhere), room=1) == [Verdict.ACCEPTED]
    assert elsewhere.enrolment.awaits is None


def test_what_a_phone_kept_counts_by_when_it_happened_and_is_marked(day):
    on_time, too_late = day.placed[:2]
    day.at = OPENS + 2 * HOUR

    kept = check_ins.take(
        day.sitting.id,
        day.hall.rooms[0].id,
        [
            day.said(too_late, claimed=OPENS + 31 * MINUTE, sequence=2),
            day.said(on_time, claimed=OPENS + 20 * MINUTE, sequence=1),
        ],
        device_id=day.phone,
        by=day.by,
        at=day.at,
    )

    assert [(one.verdict, one.late) for one in kept] == [
        (Verdict.ACCEPTED, True),
        (Verdict.TOO_LATE, True),
    ]
    assert on_time.attendance is Attendance.LATE
    assert on_time.let_in_at == OPENS + 20 * MINUTE


def test_who_was_reported_after_the_end_was_there_all_the_same(day):
    one = day.placed[0]
    day.at = OPENS + 4 * HOUR
    some.move(day.hall, day.sitting, SittingMove.FINISH, at=day.at)
    db.session.refresh(one)
    assert one.attendance is Attendance.ABSENT

    assert day.arrive(one, claimed=OPENS - 5 * MINUTE) is Verdict.ACCEPTED

    assert [one.attendance] == [Attendance.PRESENT]


def test_who_is_turned_away_does_not_start_and_may_come_back_with_papers(day):
    one = day.placed[0]
    assert day.arrive(one, act=DoorAct.TURNING_AWAY) is Verdict.ACCEPTED
    assert (one.attendance, one.absence_reason) == (Attendance.TURNED_AWAY, "证件不符")
    with pytest.raises(NotAdmitted):
        day.start(one)

    assert day.arrive(one) is Verdict.ACCEPTED
    assert day.arrive(one, act=DoorAct.TURNING_AWAY) is Verdict.CONTRADICTED


def test_who_waits_gets_a_seat_at_the_door_while_one_is_free():
    hall = some.a_hall()
    sitting = some.a_sitting(hall, capacity=4)
    *_, first, second = some.admitted(hall, sitting, 6)
    some.move(hall, sitting, SittingMove.CLOSE, SittingMove.SEAT, at=NOON)
    by = some.an_invigilator(hall, sitting)
    some.move(hall, sitting, SittingMove.START, at=DOORS)

    def arrive(one):
        said = Said(
            id=uuid4(),
            enrolment_id=one.id,
            act=DoorAct.ARRIVAL,
            sequence=1,
            claimed_at=DOORS,
        )
        room_id = hall.rooms[0].id
        return check_ins.take(sitting.id, room_id, [said], device_id=uuid4(), by=by, at=DOORS)[
            0
        ].verdict

    assert first.enrolment.awaits is Awaited.STAND_BY
    assert [arrive(first), arrive(second)] == [Verdict.ACCEPTED] * 2
    assert first.seat is not None
    assert first.seat != second.seat
    assert [first.enrolment.awaits, first.ticket_number] == [None, 1]


def test_a_full_room_has_no_seat_for_who_waits():
    hall = some.a_hall()
    sitting = some.a_sitting(hall)
    *_, waiting = some.admitted(hall, sitting, 7)
    some.move(hall, sitting, SittingMove.CLOSE, SittingMove.SEAT, at=NOON)
    by = some.an_invigilator(hall, sitting)
    some.move(hall, sitting, SittingMove.START, at=DOORS)
    said = Said(
        id=uuid4(),
        enrolment_id=waiting.id,
        act=DoorAct.ARRIVAL,
        sequence=1,
        claimed_at=DOORS,
    )

    (kept,) = check_ins.take(
        sitting.id, hall.rooms[0].id, [said], device_id=uuid4(), by=by, at=DOORS
    )

    assert kept.verdict is Verdict.NO_SEAT


def test_doors_are_watched_by_who_is_assigned_and_only_while_they_are_open(day):
    stranger = some.an_invigilator(day.hall, some.a_sitting(some.a_hall()))
    with pytest.raises(NotOnDuty):
        day.send(day.said(day.placed[0]), by=stranger)
    with pytest.raises(NotFound):
        check_ins.take(day.sitting.id, uuid4(), [], device_id=uuid4(), by=day.by, at=DOORS)
    some.move(day.hall, day.sitting, SittingMove.CANCEL, at=DOORS)
    with pytest.raises(NotDoorTime):
        day.send(day.said(day.placed[0]))
