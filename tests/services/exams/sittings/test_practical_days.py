"""A practical at a sitting: after the theory, at a station, in a turn, scored by its staff."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from exams.admission_errors import NotAdmitted
from exams.checking_in import Verdict
from exams.eligibility import Hindrance
from exams.errors import AttemptBegun
from exams.models.practicals import PracticalState
from exams.practical_errors import NoPractical, StationTaken, TurnTooShort
from exams.seating import Seat
from exams.services import calling, invigilation, leaving, practical_sittings, seats, staff, turns
from exams.services import tickets as admission
from exams.sitting_errors import SeatUnfit, SittingContradictory, TooFewExaminers
from exams.sittings import Attendance, Awaited, Mode, SittingMove
from server.db import db
from server.errors import IdTaken, NotFound
from server.people.models import Person
from tests.factories import exams as a
from tests.factories import practicals as the
from tests.factories import sitting as phones
from tests.factories import sittings as some
from tests.factories.practical_days import DOORS, HOUR, LATER, TURN, PracticalDay
from tests.factories.sittings import OPENS

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def day():
    """Return a practical of three people at two stations, its doors open."""
    made = PracticalDay()
    made.seat()
    made.open_doors()
    return made


def test_stations_and_turns_are_given_by_lot_and_a_practical_belongs_to_each():
    day = PracticalDay(count=5)
    day.seat()

    assert day.sitting.capacity == 6
    assert Counter(one.turn for one in day.places) == {1: 2, 2: 2, 3: 1}
    assert len({(one.seat, one.turn) for one in day.places}) == 5
    for place, theory in zip(day.places, day.theories, strict=True):
        held = day.practical(place)
        assert held.theory_attempt_id == theory.id
        assert held.planned_at == OPENS + TURN * (place.turn - 1)
        assert place.enrolment.awaits is Awaited.CHECK_IN
        by = a.identity_of(place.candidate_id)
        ticket = admission.content(admission.of(place.id, by=by))
        assert (ticket["turn"], ticket["seat"]) == (place.turn, place.seat_label)
        hours = {1: ("12:00", "13:00"), 2: ("13:00", "14:00"), 3: ("14:00", "15:00")}
        assert (ticket["opens"], ticket["closes"]) == hours[place.turn]


def test_who_has_no_theory_that_stands_is_told_so_and_who_loses_it_loses_the_place():
    day = PracticalDay(count=2)
    without = some.an_application(day.sitting, at=LATER)
    assert without.enrolment.reasons == [Hindrance.THEORY_NOT_PASSED]

    lost = day.theories[0]
    invigilation.void(lost.id, reason="替考", counts=True, by=a.SOMEBODY, at=LATER)
    leaving.withdraw(without.id, by=a.identity_of(without.candidate_id), at=LATER)
    day.seat()

    assert day.places[0].enrolment.withdrawn_at == LATER
    assert turns.of(day.places[0].id) is None
    assert day.places[1].seat is not None


def test_one_practical_is_applied_for_at_a_time(day):
    later: dict[str, Any] = {"opens_at": OPENS + 24 * HOUR, "closes_at": OPENS + 27 * HOUR}
    other = some.a_sitting(
        day.hall,
        mode=Mode.PRACTICAL,
        turn_minutes=60,
        room_ids=(day.hall.rooms[0].id,),
        **later,
    )
    candidate = db.session.get_one(Person, day.places[0].candidate_id)

    assert some.an_application(other, candidate, at=LATER).enrolment.reasons == [
        Hindrance.PRACTICAL_PENDING
    ]


@pytest.mark.parametrize(
    "changed",
    [{"turn_minutes": None}, {"turn_minutes": 600}, {"mode": Mode.ROOM, "turn_minutes": 60}],
)
def test_turns_belong_to_practicals_and_fit_their_hours(changed):
    a.with_practical()
    hall = some.a_hall()

    with pytest.raises(SittingContradictory):
        some.a_sitting(hall, **{"mode": Mode.PRACTICAL} | changed)


def test_a_practical_is_opened_where_there_is_one_and_its_turns_are_long_enough():
    hall = some.a_hall()
    with pytest.raises(NoPractical):
        some.a_sitting(hall, mode=Mode.PRACTICAL, turn_minutes=60)
    a.with_practical()
    with pytest.raises(TurnTooShort):
        some.a_sitting(some.a_hall(), mode=Mode.PRACTICAL, turn_minutes=10)


def test_doors_open_once_two_examine_in_every_room():
    day = PracticalDay(count=1)
    day.seat()
    day.by = some.an_invigilator(day.hall, day.sitting)
    day.examiner()
    with pytest.raises(TooFewExaminers):
        some.move(day.hall, day.sitting, SittingMove.START, at=DOORS)

    day.examiner()
    some.move(day.hall, day.sitting, SittingMove.START, at=DOORS)

    named = {one.person_id for one in day.practical(day.places[0]).scorers}
    assert named == {one.person_id for one in day.examiners}


def test_who_examines_no_more_is_replaced_before_a_word_was_said(day):
    silent, talking = day.places[:2]
    gone = day.examiners[1]
    assert day.arrive(talking) is Verdict.ACCEPTED
    the.score(day.practical(talking), gone)
    staff.end(day.duty.id, day.sitting, by=day.hall.by, at=DOORS)
    new = day.examiner()

    practical_sittings.follow_duties(day.sitting, by=day.hall.by, at=DOORS)

    assert {one.person_id for one in day.practical(silent).scorers} == {
        day.examiners[0].person_id,
        new.person_id,
    }
    assert gone.person_id in {one.person_id for one in day.practical(talking).scorers}


def test_whoever_was_let_in_is_called_from_station_to_station(day):
    one, other = sorted(day.places, key=lambda place: place.turn)[:2]
    held = day.practical(one)
    first, second = (code[:2] for code in held.drawn[:2])
    with pytest.raises(NotAdmitted):
        day.call(one, first)
    assert [day.arrive(one), day.arrive(other)] == [Verdict.ACCEPTED] * 2
    with pytest.raises(NotAdmitted) as refused:
        phones.start(one.enrolment, at=OPENS)
    assert refused.value.facts["awaits"] == "call"

    called = day.call(one, first)
    assert day.call(one, first, call_id=called.id) is called
    assert called.item == held.drawn[0]
    with pytest.raises(IdTaken):
        day.call(one, second, call_id=called.id)
    with pytest.raises(StationTaken):
        day.call(other, first)
    with pytest.raises(SeatUnfit):
        day.call(other, first, column=9)
    with pytest.raises(NotFound):
        day.call(other, "X9", column=2)
    moved_on = day.call(one, second, column=2, by=day.examiners[0])
    assert (called.left_at, moved_on.left_at) == (OPENS, None)
    day.call(other, first)

    board = calling.board(day.sitting.id, by=day.hall.by)
    shown = {line.place.id: line.now.subject if line.now else None for line in board}
    assert shown[one.id] == second
    assert [line.place.turn for line in board] == [1, 1, 2]
    calling.leave(moved_on.id, held.id, by=day.by, at=OPENS)
    assert moved_on.left_at == OPENS
    with pytest.raises(AttemptBegun):
        seats.move(
            one.id, day.sitting, Seat(one.room_id, 1, 1), turn=3, reason="", by=day.by, at=OPENS
        )


def test_a_sheet_is_handed_in_once_the_candidate_was_let_in(day):
    place = day.places[0]
    held = day.practical(place)
    with pytest.raises(NotAdmitted):
        the.score(held, day.examiners[0])
    day.arrive(place)

    for examiner in day.examiners:
        the.score(held, examiner, at=OPENS)

    assert held.state is PracticalState.DECIDED
    assert held.outcome is not None
    assert held.outcome.passed


def test_lateness_counts_from_ones_own_turn(day):
    by_turn = sorted(day.places, key=lambda place: place.turn)
    minute = timedelta(minutes=1)

    assert day.arrive(by_turn[0], at=OPENS + 31 * minute) is Verdict.TOO_LATE
    assert day.arrive(by_turn[1], at=OPENS + 30 * minute) is Verdict.ACCEPTED
    assert day.arrive(by_turn[2], at=OPENS + TURN) is Verdict.ACCEPTED
    assert [one.attendance for one in by_turn] == [
        Attendance.EXPECTED,
        Attendance.LATE,
        Attendance.PRESENT,
    ]


def test_who_does_not_come_uses_up_no_practical_and_is_written_down(day):
    came = day.places[0]
    day.arrive(came)

    some.move(day.hall, day.sitting, SittingMove.FINISH, at=OPENS + 3 * HOUR)

    for place in day.places[1:]:
        db.session.refresh(place)
        held = day.practical(place)
        assert place.attendance is Attendance.ABSENT
        assert (held.state, held.counts, held.void_reason) == ("voided", False, "缺考")
    assert day.practical(came).state is PracticalState.PLANNED


def test_a_place_that_is_given_up_goes_to_the_next_with_station_turn_and_practical():
    day = PracticalDay(count=3, stations=1, capacity=2, stand_by_limit=1)
    day.seat()
    left, _, next_one = day.places
    station = (left.seat, left.turn)
    assert next_one.enrolment.awaits is Awaited.STAND_BY

    leaving.withdraw(left.id, by=a.identity_of(left.candidate_id), at=LATER)

    assert (next_one.seat, next_one.turn) == station
    assert day.practical(next_one).state is PracticalState.PLANNED
    assert (day.practical(left).state, day.practical(left).counts) == ("voided", False)


def test_another_turn_is_another_ticket_and_another_hour():
    day = PracticalDay(count=1)
    day.seat()
    (place,) = day.places
    seat = place.seat
    assert seat is not None

    moved = seats.move(
        place.id, day.sitting, seat, turn=3, reason="住得远", by=day.hall.by, at=LATER
    )

    assert (moved.turn, moved.ticket_number) == (3, 2)
    assert day.practical(place).planned_at == OPENS + 2 * TURN
    with pytest.raises(SeatUnfit):
        seats.move(place.id, day.sitting, seat, turn=4, reason="", by=day.hall.by, at=LATER)


def test_a_cancelled_practical_takes_nothing_from_anybody(day):
    some.move(day.hall, day.sitting, SittingMove.CANCEL, at=OPENS)

    for place in day.places:
        held = day.practical(place)
        assert (held.state, held.counts) == (PracticalState.VOIDED, False)
