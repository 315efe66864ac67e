"""Who is called to which station in which turn."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams import stations
from exams.seating import Room, TooFewSeats

OPENS = datetime(2026, 6, 30, 1, tzinfo=UTC)


def rooms(*sizes: int) -> list[Room]:
    """Return rooms with so many stations in a row."""
    return [
        Room(id=UUID(int=number), rows=1, columns=size, capacity=size)
        for number, size in enumerate(sizes, start=1)
    ]


@given(
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=3),
    turns=st.integers(1, 5),
    count=st.integers(0, 90),
    seed=st.binary(min_size=1, max_size=8),
)
def test_nobody_shares_a_station_and_as_few_turns_are_used_as_there_can_be(
    sizes: list[int], turns: int, count: int, seed: bytes
) -> None:
    people = [UUID(int=1000 + number) for number in range(count)]
    held = sum(sizes)
    if count > held * turns:
        with pytest.raises(TooFewSeats):
            stations.allocate(rooms(*sizes), people, turns=turns, seed=seed)
        return

    calls = stations.allocate(rooms(*sizes), people, turns=turns, seed=seed)

    assert calls.keys() == set(people)
    assert len(set(calls.values())) == count
    assert max((call.turn for call in calls.values()), default=0) == -(-count // held)
    assert calls == stations.allocate(rooms(*sizes), people[::-1], turns=turns, seed=seed)


@pytest.mark.parametrize(
    ("hours", "minutes", "count"), [(3, 60, 3), (3, 61, 2), (3, 50, 3), (1, 61, 0), (8, 30, 16)]
)
def test_a_turn_that_would_end_after_the_sitting_is_none(
    hours: int, minutes: int, count: int
) -> None:
    closes_at = OPENS + timedelta(hours=hours)

    assert stations.turn_count(OPENS, closes_at, minutes) == count
    if count:
        last = stations.starts_at(OPENS, minutes, count)
        assert last + timedelta(minutes=minutes) <= closes_at


@pytest.mark.parametrize(("examiners", "places"), [(2, 1), (2, 5), (3, 6), (4, 2), (5, 5), (6, 3)])
def test_two_examiners_of_a_station_are_two_people_and_the_work_is_shared(
    examiners: int, places: int
) -> None:
    people = [UUID(int=number) for number in range(1, examiners + 1)]

    pairs = [stations.pair(people, place) for place in range(places)]

    assert all(len(set(pair)) == 2 for pair in pairs)
    work = Counter(person for pair in pairs for person in pair)
    assert max(work.values()) - min(work.get(one, 0) for one in people) <= 1
