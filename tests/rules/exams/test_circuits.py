"""Everybody's way through the stations of a circuit."""

from itertools import permutations, product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams import circuits
from exams.circuits import CircuitFault, Group
from exams.seating import Seat, TooFewSeats
from exams.stations import Call

ROOM = UUID(int=7)


def kinds(*sizes: int) -> list[Group]:
    """Return kinds of stations, so many of each."""
    found, column = [], 0
    for number, size in enumerate(sizes, start=1):
        seats = tuple(Seat(ROOM, 1, column + one) for one in range(1, size + 1))
        found.append(Group((f"K{number}",), seats))
        column += size
    return found


def people(count: int) -> list[UUID]:
    """Return so many people."""
    return [UUID(int=1000 + number) for number in range(count)]


SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=5)


@given(sizes=SIZES, turns=st.integers(1, 9), count=st.integers(0, 40), seed=st.binary(max_size=4))
def test_everybody_goes_to_each_kind_of_station_once_in_as_few_turns_as_there_can_be(
    sizes: list[int], turns: int, count: int, seed: bytes
) -> None:
    of = kinds(*sizes)
    most = circuits.capacity(of, turns)
    if count > most:
        with pytest.raises(TooFewSeats):
            circuits.routes(of, people(count), turns=turns, seed=seed)
        return

    routes = circuits.routes(of, people(count), turns=turns, seed=seed)

    assert routes.keys() == set(people(count))
    for route in routes.values():
        assert sorted(leg.subjects for leg in route) == [one.subjects for one in of]
        assert [leg.turn for leg in route] == sorted({leg.turn for leg in route})
        assert all(
            leg.station in one.stations
            for leg in route
            for one in of
            if one.subjects == leg.subjects
        )
    calls = [leg.call for route in routes.values() for leg in route]
    assert len(set(calls)) == len(calls)
    busiest = max(-(-count // size) for size in sizes)
    if count:
        assert max(call.turn for call in calls) <= max(len(sizes), busiest) <= turns
    assert routes == circuits.routes(of, people(count)[::-1], turns=turns, seed=seed)


@given(
    sizes=st.lists(st.integers(1, 2), min_size=1, max_size=3),
    turns=st.integers(1, 3),
    data=st.data(),
)
def test_a_free_way_is_found_exactly_where_there_is_one(
    sizes: list[int], turns: int, data: st.DataObject
) -> None:
    of = kinds(*sizes)
    every = [
        Call(seat, turn) for one in of for seat in one.stations for turn in range(1, turns + 1)
    ]
    taken = data.draw(st.sets(st.sampled_from(every)))
    through = data.draw(st.none() | st.sampled_from(every))
    ways = [
        {Call(seat, turn) for seat, turn in zip(seats, order, strict=True)}
        for order in permutations(range(1, turns + 1), len(of))
        for seats in product(*(one.stations for one in of))
    ]
    possible = [one for one in ways if not one & taken and (through is None or through in one)]

    found = circuits.free_route(of, taken, turns=range(1, turns + 1), through=through)

    assert (found is not None) is bool(possible)
    if found is not None:
        assert {leg.call for leg in found} in possible
        assert list(found) == sorted(found, key=lambda leg: leg.turn)


def test_a_station_with_two_subjects_is_gone_to_once() -> None:
    of = circuits.groups([(Seat(ROOM, 1, 1), ["K2", "K1"]), (Seat(ROOM, 1, 2), ["K3"])])

    routes = circuits.routes(of, people(2), turns=2, seed=b"lot")

    assert [{leg.subjects for leg in one} for one in routes.values()] == [
        {("K1", "K2"), ("K3",)}
    ] * 2
    assert circuits.capacity(of, 2) == 2
    assert circuits.capacity(of, 1) == 0


@pytest.mark.parametrize(
    ("stations", "fault"),
    [
        ([(1, ["K1", "K2"]), (1, ["K3"])], CircuitFault.STATION_TWICE),
        ([(1, ["K1", "K2", "K3", "K9"])], CircuitFault.UNKNOWN_SUBJECT),
        ([(1, ["K1", "K2"])], CircuitFault.SUBJECT_WITHOUT_STATION),
        ([(1, ["K1", "K2"]), (2, ["K2", "K3"])], CircuitFault.SUBJECTS_OVERLAP),
        ([(1, ["K1", "K1", "K2", "K3"])], CircuitFault.SUBJECTS_OVERLAP),
    ],
)
def test_stations_that_cannot_take_everybody_through_are_named(
    stations: list[tuple[int, list[str]]], fault: CircuitFault
) -> None:
    laid = [(Seat(ROOM, 1, column), subjects) for column, subjects in stations]

    assert fault in list(circuits.faults(laid, ["K1", "K2", "K3"]))


def test_stations_that_share_all_their_subjects_are_one_kind() -> None:
    laid = [(Seat(ROOM, 1, column), ["K2", "K1"]) for column in (1, 2)]

    assert list(circuits.faults(laid, ["K1", "K2"])) == []
    assert circuits.groups(laid) == (Group(("K1", "K2"), (Seat(ROOM, 1, 1), Seat(ROOM, 1, 2))),)
