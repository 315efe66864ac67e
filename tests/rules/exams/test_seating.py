"""Seats by lot: the same for the same seed, nobody twice, one's own apart where that can be."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams import seating
from exams.seating import Room, Seat, Sitter, TooFewSeats

ROOM = UUID(int=1)


def a_room(rows=6, columns=5, number=1, **changed):
    """Return a room without gaps."""
    values = {"rows": rows, "columns": columns, "capacity": rows * columns} | changed
    return Room(id=UUID(int=number), **values)


def people(*belongs):
    """Return people by what they belong to."""
    return [
        Sitter(id=UUID(int=1000 + number), belongs=frozenset(one.split() if one else ()))
        for number, one in enumerate(belongs)
    ]


def touching(given):
    """Return how many sit beside somebody of their own."""
    return sum(bool(one.beside) for one in given.values())


@given(st.integers(0, 30), st.binary(min_size=1, max_size=8))
def test_everybody_has_one_seat_that_can_be_used_and_nobody_shares_it(count, seed):
    room = a_room(unusable=frozenset({(1, 1), (3, 3)}), capacity=28)
    sitters = people(*(str(number % 3) for number in range(count)))
    if count > 28:
        with pytest.raises(TooFewSeats):
            seating.allocate([room], sitters, seed=seed)
        return

    given = seating.allocate([room], sitters, seed=seed)

    assert given.keys() == {one.id for one in sitters}
    seats = [one.seat for one in given.values()]
    assert len(set(seats)) == count
    assert set(seats) <= set(room.seats)


@given(st.binary(min_size=1, max_size=8))
def test_the_same_lot_gives_the_same_seats_whatever_order_people_come_in(seed):
    sitters = people(*"aabbccddee")

    once = seating.allocate([a_room()], sitters, seed=seed)

    assert seating.allocate([a_room()], sitters[::-1], seed=seed) == once
    assert seating.allocate([a_room()], sitters, seed=seed + b"another") != once


@pytest.mark.parametrize("employers", [4, 6, 10])
def test_colleagues_sit_apart_where_the_room_allows_it(employers):
    sitters = people(*(f"e{number % employers} c{number % 7}" for number in range(30)))

    given = seating.allocate([a_room()], sitters, seed=b"lot")

    assert touching(given) <= (22 if employers == 4 else 16 if employers == 6 else 8)


def test_four_employers_in_a_large_room_never_touch():
    sitters = people(*(f"e{number % 12}" for number in range(60)))

    given = seating.allocate([a_room(12, 10)], sitters, seed=b"lot")

    assert touching(given) == 0


def test_what_could_not_be_parted_is_said():
    given = seating.allocate([a_room(1, 2)], people("one", "one two"), seed=b"lot")

    for one in given.values():
        assert len(one.beside) == 1
        assert one.in_common == ("one",)


def test_every_other_seat_is_filled_first():
    given = seating.allocate([a_room(4, 4)], people(*["x"] * 4), seed=b"lot")

    assert touching(given) == 0


def test_rooms_are_filled_one_after_another():
    rooms = [a_room(2, 2, 1), a_room(2, 2, 2, capacity=3)]

    given = seating.allocate(rooms, people(*"abcdefg"), seed=b"lot")

    assert Counter(one.seat.room_id.int for one in given.values()) == {1: 4, 2: 3}


@pytest.mark.parametrize(
    ("row", "column", "label"), [(1, 1, "A01"), (3, 7, "C07"), (26, 10, "Z10"), (27, 1, "AA01")]
)
def test_seats_have_labels(row, column, label):
    assert Seat(ROOM, row, column).label == label


def test_no_neighbours_have_the_same_of_four_forms():
    seats = a_room(9, 9).seats

    dealt = seating.forms(seats, 4)

    assert set(dealt.values()) == {1, 2, 3, 4}
    for seat, form in dealt.items():
        assert all(dealt.get(beside) != form for beside in seating.neighbours(seat))


def test_fewer_forms_are_shared_as_rarely_as_can_be():
    dealt = seating.forms(a_room(6, 6).seats, 2)
    assert Counter(dealt.values()) == {1: 18, 2: 18}
    assert set(seating.forms(a_room(2, 2).seats, 1).values()) == {1}


def dealt_by_looking_at_all(seats, count):
    """Deal forms as they are said to be dealt, looking at every form for every seat."""
    dealt: dict[Seat, int] = {}
    in_all: Counter[int] = Counter()
    in_rooms: dict[UUID, Counter[int]] = {}
    for seat in seats:
        around = Counter(dealt[place] for place in seating.neighbours(seat) if place in dealt)
        here = in_rooms.setdefault(seat.room_id, Counter())
        wish = [(around[form], in_all[form], here[form], form) for form in range(1, count + 1)]
        dealt[seat] = min(wish)[-1]
        in_all[dealt[seat]] += 1
        here[dealt[seat]] += 1
    return dealt


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=1, max_size=4),
    st.integers(10, 60),
    st.booleans(),
)
def test_the_form_of_a_seat_is_the_one_that_was_dealt_least(rooms, count, mixed):
    halls = [a_room(rows, columns, number) for number, (rows, columns) in enumerate(rooms, 1)]
    seats = [seat for hall in halls for seat in hall.spread]
    if mixed:
        seats.sort(key=lambda one: (one.row, one.column, one.room_id))

    assert seating.forms(seats, count) == dealt_by_looking_at_all(seats, count)


def test_ten_thousand_forms_are_dealt_to_ten_thousand_seats_each_once():
    halls = [a_room(10, 5, number) for number in range(1, 201)]

    dealt = seating.planned_forms(halls, 10_000)

    assert sorted(dealt.values()) == list(range(1, 10_001))
