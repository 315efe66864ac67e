"""Around the day: rosters, seats that are moved, papers, the end, and what is cancelled."""

import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from exams import tickets
from exams.admission_errors import AlreadyLetIn
from exams.models import Attempt
from exams.seating import Seat, neighbours
from exams.services import leaving, rosters, seats
from exams.services import tickets as printed_tickets
from exams.sitting_errors import NotSeated, SeatTaken, SeatUnfit
from exams.sittings import Attendance, Awaited, Mode, SittingMove
from server.db import db
from tests.factories import exams as a
from tests.factories import sitting as phones
from tests.factories import sittings as some
from tests.factories.sitting_days import Day
from tests.factories.sittings import OPENS

pytestmark = pytest.mark.usefixtures("inside")

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DOORS = OPENS - HOUR


@pytest.fixture
def day():
    """Return a sitting whose doors are open."""
    return Day()


def test_the_roster_is_signed_and_holds_the_keys_of_the_tickets(day):
    found = rosters.of(day.sitting.id, day.hall.rooms[0].id, by=day.by, at=DOORS)

    key = Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(found.public_keys[0] + "="))
    key.verify(
        urlsafe_b64decode(found.signature + "=="), b"room roster 1\x00" + found.text.encode()
    )
    people = json.loads(found.text)["people"]
    assert {one["enrolment_id"] for one in people} == {str(one.id) for one in day.placed}
    assert all("*" in one["document"] for one in people)
    said = tickets.read(printed_tickets.code_of(day.placed[0]), (key,))
    assert said.enrolment_id == day.placed[0].id


def test_seats_are_moved_one_by_one_and_make_another_ticket(day):
    one, other = day.placed[:2]
    (free, *_) = seats.free_seats(day.sitting)

    def move(seat):
        return seats.move(one.id, day.sitting, seat, reason="桌椅损坏", by=day.hall.by, at=DOORS)

    assert other.seat is not None
    with pytest.raises(SeatTaken):
        move(other.seat)
    for wrong in (Seat(free.room_id, 9, 9), Seat(uuid4(), 1, 1)):
        with pytest.raises(SeatUnfit):
            move(wrong)
    assert move(free).ticket_number == 2
    assert move(free).ticket_number == 2
    assert one.seat == free


def test_neighbours_have_different_papers(day):
    by_seat = {one.seat: one.enrolment.paper_id for one in day.placed}

    assert None not in by_seat.values()
    for seat, paper in by_seat.items():
        assert all(by_seat.get(beside) != paper for beside in neighbours(seat))


def test_nobody_is_excused_who_is_in_the_room(day):
    one = day.placed[0]
    day.arrive(one)

    with pytest.raises(AlreadyLetIn):
        leaving.excuse(one.id, reason="有事", by=a.identity_of(one.candidate_id), at=DOORS)
    with pytest.raises(NotSeated):
        seats.move(
            some.an_application(some.a_sitting(some.a_hall())).id,
            day.sitting,
            Seat(day.hall.rooms[0].id, 1, 1),
            reason="",
            by=day.hall.by,
            at=DOORS,
        )


def test_the_end_writes_down_who_came_and_who_did_not(day):
    for one in day.placed[:2]:
        day.arrive(one)
    day.at = OPENS + 3 * HOUR

    some.move(day.hall, day.sitting, SittingMove.FINISH, at=day.at)

    for one in day.placed:
        db.session.refresh(one)
    came = [one.attendance for one in day.placed]
    assert came == [Attendance.PRESENT] * 2 + [Attendance.ABSENT] * 2


def test_a_cancelled_sitting_voids_what_was_begun_and_takes_nothing_from_anybody(day):
    one = day.placed[0]
    day.arrive(one)
    attempt_id = day.start(one).attempt.id

    some.move(day.hall, day.sitting, SittingMove.CANCEL, at=OPENS + HOUR)

    attempt = db.session.get_one(Attempt, attempt_id)
    assert (attempt.state.value, attempt.counts) == ("voided", False)


def test_without_rooms_the_start_lets_everybody_in():
    hall = some.a_hall()
    sitting = some.a_sitting(hall, mode=Mode.PHONE, room_ids=())
    (one,) = some.seated(hall, sitting, 1)
    assert one.enrolment.awaits is Awaited.CHECK_IN

    some.move(hall, sitting, SittingMove.START, at=DOORS)
    db.session.refresh(one.enrolment)
    phones.start(one.enrolment, at=OPENS)
    some.move(hall, sitting, SittingMove.FINISH, at=OPENS + 3 * HOUR)
    db.session.refresh(one)

    assert one.attendance is Attendance.PRESENT
