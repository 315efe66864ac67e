"""A practical as a circuit: each subject at its station, scored by a pair of its own."""

from collections import Counter
from typing import Any

import pypdfium2
import pytest

from exams import stations
from exams.practical_errors import (
    CircuitUnfit,
    StationTaken,
    SubjectElsewhere,
    SubjectOver,
    TurnTooShort,
)
from exams.seating import Seat
from exams.services import (
    calling,
    laying_out,
    leaving,
    practical_parts,
    queues,
    relocating,
    seats,
    staff,
)
from exams.services import tickets as admission
from exams.sitting_errors import SeatTaken, SeatUnfit, SittingFixed, TooFewExaminers
from exams.sittings import Mode, SittingMove
from exams.staffing import Duty
from server.db import db
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.factories.practical_days import (
    DOORS,
    HOUR,
    LATER,
    QUARTER,
    SUBJECTS,
    CircuitDay,
    a_running,
)
from tests.factories.sittings import OPENS
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def day():
    """Return a circuit of three people, its doors open."""
    return a_running(CircuitDay())


def test_everybody_has_a_way_through_all_subjects_and_a_ticket_that_shows_it():
    day = CircuitDay(count=5)
    assert day.sitting.capacity == 12
    day.seat()

    legs = [leg for place in day.places for leg in day.practical(place).legs]
    assert Counter(leg.subject for leg in legs) == dict.fromkeys(SUBJECTS, 5)
    assert len({(leg.station, leg.turn) for leg in legs}) == 20
    assert max(leg.turn for leg in legs) == 5
    for place in day.places:
        mine = day.practical(place).legs
        assert len({leg.turn for leg in mine}) == 4
        assert (place.seat, place.turn) == (mine[0].station, mine[0].turn)
        assert day.practical(place).planned_at == OPENS + QUARTER * (place.turn - 1)
        ticket = admission.of(place.id, by=a.identity_of(place.candidate_id))
        said = admission.content(ticket)["route"]
        assert [(one["subject"], one["station"]) for one in said] == [
            (leg.subject, leg.station.label) for leg in mine
        ]
    assert len(pypdfium2.PdfDocument(admission.printed(ticket, at=LATER))) == 1


@pytest.mark.parametrize(
    ("subjects", "fault"),
    [
        (["K1", "K2", "K3"], "subject_without_station"),
        (["K1", "K2", "K3", "K4", "K9"], "unknown_subject"),
        (["K1", "K2", "K3", "K4", "K1", "K2"], "no_such_station"),
    ],
)
def test_stations_that_do_not_take_everybody_through_are_refused(subjects, fault):
    a.with_practical()
    hall = some.a_hall(row_count=1, column_count=5)
    planned = some.a_sitting(hall, mode=Mode.PRACTICAL, turn_minutes=15, opened=False)
    laid = [(Seat(hall.rooms[0].id, 1, at), [one]) for at, one in enumerate(subjects, start=1)]

    with pytest.raises(CircuitUnfit) as refused:
        laying_out.write(planned.id, laid, veto_ends=False, by=hall.by, at=NOON)
    assert fault in str(refused.value.facts["faults"])


def test_a_circuit_is_laid_out_before_anybody_applies_and_its_turns_give_the_whole_time():
    day = CircuitDay(count=1)
    with pytest.raises(SittingFixed):
        laying_out.write(day.sitting.id, [], veto_ends=False, by=day.hall.by, at=NOON)
    same = laying_out.write(
        day.sitting.id, day.stations(), veto_ends=False, by=day.hall.by, at=NOON
    )
    assert same is day.sitting
    with pytest.raises(TurnTooShort):
        CircuitDay(count=1, turn_minutes=14)
    theory = some.a_sitting(day.hall, opened=False, opens_at=OPENS + 24 * HOUR,
                            closes_at=OPENS + 26 * HOUR)  # fmt: skip
    with pytest.raises(CircuitUnfit):
        laying_out.write(theory.id, day.stations(), veto_ends=False, by=day.hall.by, at=NOON)


def test_doors_open_once_two_examine_every_subject():
    day = CircuitDay(count=1)
    day.seat()
    some.an_invigilator(day.hall, day.sitting)
    for subject in ("K1", "K1", "K2", "K2", "K3", "K3", "K4"):
        day.examiner(subject)
    with pytest.raises(TooFewExaminers) as refused:
        some.move(day.hall, day.sitting, SittingMove.START, at=DOORS)
    assert refused.value.facts["rooms"] == "第1考场 K4"
    with pytest.raises(CircuitUnfit):
        day.examiner("K9")

    day.examiner("K4", "K3")
    some.move(day.hall, day.sitting, SittingMove.START, at=DOORS)

    named = practical_parts.pair(day.practical(day.places[0]), "K4")
    assert {one.person_id for one in named} == {one.person_id for one in day.examiners[-2:]}


def test_somebody_is_called_only_where_the_subject_is_taken_and_scored_by_who_is_there(day):
    place = min(day.places, key=lambda one: one.turn)
    held = day.practical(place)
    leg = next(one for one in held.legs if one.subject == "K1")
    for _ in range(2):
        day.examiner("K1")
    with pytest.raises(SubjectElsewhere):
        day.call(place, "K1", column=3)
    other = 3 - leg.seat_column
    staff_of = [one.person_id for one in staff.examiners(day.sitting.id) if "K1" in one.subjects]

    day.call(place, "K1", column=other)

    after = {one.person_id for one in practical_parts.pair(held, "K1")}
    assert leg.seat_column == other
    assert after == set(stations.pair(sorted(staff_of), other - 1))
    day.score(place, "K1")
    with pytest.raises(SubjectOver):
        day.call(place, "K1", column=1)


def test_a_station_shows_who_is_there_and_who_comes_next(day):
    one, other = sorted(day.places, key=lambda place: place.turn)[:2]
    leg = day.practical(one).legs[0]
    day.call(one, leg.subject, column=leg.seat_column)
    with pytest.raises(StationTaken):
        day.call(other, leg.subject, column=leg.seat_column)

    shown = {queue.station: queue for queue in queues.of(day.sitting.id, by=day.by)}

    assert len(shown) == 5
    queue = shown[leg.station]
    assert (queue.now and queue.now.place.id, list(queue.subjects)) == (one.id, [leg.subject])
    in_line = [one.turn for one in queue.waiting]
    assert in_line == sorted(in_line)
    assert one.id not in {each.line.place.id for each in queue.waiting}
    waits = [waits for each in shown.values() for waits in each.waiting]
    assert len(waits) == 11
    ready = {(each.line.place.id, each.is_ready) for each in waits}
    assert ready == {(one.id, False), *((who.id, True) for who in day.places if who is not one)}
    (line,) = [line for line in calling.board(day.sitting.id, by=day.by) if line.place.id == one.id]
    assert len(line.practical.legs) == 4


def test_who_waits_gets_a_whole_way_and_another_turn_is_another_way():
    day = CircuitDay(count=3, capacity=2, stand_by_limit=1)
    day.seat()
    left, stays, next_one = day.places
    leaving.withdraw(left.id, by=a.identity_of(left.candidate_id), at=LATER)
    legs = day.practical(next_one).legs
    assert sorted(leg.subject for leg in legs) == SUBJECTS
    others = {(leg.station, leg.turn) for leg in day.practical(stays).legs}
    assert not others & {(leg.station, leg.turn) for leg in legs}

    where = Seat(day.hall.rooms[0].id, 1, 5)
    moving: dict[str, Any] = {"turn": 7, "reason": "换轮次", "by": day.hall.by, "at": LATER}
    seats.move(next_one.id, day.sitting, where, **moving)

    moved = {leg.subject: (leg.seat_column, leg.turn) for leg in day.practical(next_one).legs}
    assert moved["K4"] == (5, 7)
    assert len({turn for _, turn in moved.values()}) == 4
    taken = next(leg for leg in day.practical(stays).legs if leg.subject == "K4")
    with pytest.raises(SeatTaken):
        seats.move(next_one.id, day.sitting, where, **moving | {"turn": taken.turn})
    with pytest.raises(SeatUnfit):
        seats.move(next_one.id, day.sitting, where._replace(column=6), **moving)


def test_a_room_that_is_lost_takes_its_stations_along(day):
    spare = some.a_room(day.hall.centre, day.hall.by, "备用", row_count=1, column_count=5)

    relocating.relocate(
        day.sitting.id,
        day.hall.rooms[0].id,
        to_room_id=spare.id,
        reason="停电",
        by=day.hall.by,
        at=OPENS,
    )

    legs = [leg for place in day.places for leg in day.practical(place).legs]
    assert {leg.room_id for leg in legs} == {spare.id}
    assert {seat.room_id for kind in day.sitting.circuit for seat in kind.stations} == {spare.id}
    duties = [one for one in staff.of(day.sitting.id) if one.duty is Duty.EXAMINER]
    assert {tuple(one.subjects) for one in duties} == {("K1",), ("K2",), ("K3",), ("K4",)}
    place = day.places[0]
    leg = day.practical(place).legs[0]
    called = calling.call(
        place.id, day.practical(place).id, subject=leg.subject, station=leg.station, by=day.by,
        at=OPENS,
    )  # fmt: skip
    assert called.room_id == spare.id
    db.session.flush()
