"""The circuit of a practical: stations by subject, and everybody's way through them (实操轮转).

At a sitting without a circuit a station takes a candidate through the whole practical. In a
circuit each station takes one subject or several (科目), and everybody goes to one station of each
kind, a turn for each. Who goes where when is a colouring of the edges between people and stations:
as few turns as there can be (König), nobody at two stations, no station with two people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from random import Random
from typing import NamedTuple
from uuid import UUID

from exams.seating import Seat, TooFewSeats
from exams.stations import Call

#: The name of the whole practical, where it is not parted into subjects.
WHOLE = ""


class Group(NamedTuple):
    """Stations that take the same subjects; everybody goes to one of them."""

    subjects: tuple[str, ...]
    stations: tuple[Seat, ...]


class Leg(NamedTuple):
    """A part of somebody's way: which subjects, at which station, in which turn."""

    subjects: tuple[str, ...]
    station: Seat
    turn: int

    @property
    def call(self) -> Call:
        """Station and turn, which only one person has."""
        return Call(self.station, self.turn)


#: Somebody's way through the stations, in the order of turns.
Route = tuple[Leg, ...]


class CircuitFault(StrEnum):
    """Why a circuit could not be held."""

    NOT_PRACTICAL = "not_practical"
    NO_SUCH_STATION = "no_such_station"
    STATION_TWICE = "station_twice"
    #: More stations in a room than people may be in it.
    ROOM_TOO_SMALL = "room_too_small"
    UNKNOWN_SUBJECT = "unknown_subject"
    SUBJECT_WITHOUT_STATION = "subject_without_station"
    #: Two stations share a subject, and not all of them.
    SUBJECTS_OVERLAP = "subjects_overlap"
    #: Fewer turns than a candidate has stations to go to.
    TOO_FEW_TURNS = "too_few_turns"


def groups(stations: Iterable[tuple[Seat, Sequence[str]]]) -> tuple[Group, ...]:
    """Return the kinds of stations in the order in which they are first named."""
    found: dict[tuple[str, ...], list[Seat]] = {}
    for seat, subjects in stations:
        found.setdefault(tuple(sorted(subjects)), []).append(seat)
    return tuple(Group(subjects, tuple(seats)) for subjects, seats in found.items())


def faults(
    stations: Sequence[tuple[Seat, Sequence[str]]], subjects: Collection[str]
) -> Iterator[CircuitFault]:
    """Yield what keeps stations from taking everybody through all of the subjects.

    Args:
        stations: with the subjects that each takes.
        subjects: of the score sheet.
    """
    if max(Counter(seat for seat, _ in stations).values(), default=0) > 1:
        yield CircuitFault.STATION_TWICE
    kinds = groups(stations)
    named = [subject for kind in kinds for subject in kind.subjects]
    if set(named) - set(subjects):
        yield CircuitFault.UNKNOWN_SUBJECT
    if set(subjects) - set(named):
        yield CircuitFault.SUBJECT_WITHOUT_STATION
    if len(set(named)) < len(named):
        yield CircuitFault.SUBJECTS_OVERLAP


def capacity(kinds: Sequence[Group], turns: int) -> int:
    """Return how many people can go through all kinds of stations in so many turns."""
    if turns < len(kinds):
        return 0
    return min(len(kind.stations) for kind in kinds) * turns


def routes(
    kinds: Sequence[Group], people: Collection[UUID], *, turns: int, seed: bytes
) -> dict[UUID, Route]:
    """Give everybody a way through the stations, in as few turns as there can be.

    Args:
        kinds: of stations.
        people: who is examined; their order does not matter.
        turns: how many there are.
        seed: the lot: the same one gives the same ways.

    Raises:
        TooFewSeats: there are more people than stations and turns can take.
    """
    most = capacity(kinds, turns)
    if len(people) > most:
        raise TooFewSeats(people=len(people), seats=most)
    ordered = sorted(people, key=lambda one: one.bytes)
    Random(seed).shuffle(ordered)  # noqa: S311  # a lot that can be drawn again, not a secret
    pairs = [
        ((number, kind), kind.stations[number % len(kind.stations)])
        for number in range(len(ordered))
        for kind in kinds
    ]
    busiest = max((-(-len(ordered) // len(kind.stations)) for kind in kinds), default=0)
    at = _coloured([(number, seat) for (number, _), seat in pairs], max(len(kinds), busiest))
    when = {(one, other): turn for one, held in at.items() for turn, other in held.items()}
    legs: dict[int, list[Leg]] = {number: [] for number in range(len(ordered))}
    for (number, kind), seat in pairs:
        legs[number].append(Leg(kind.subjects, seat, when[number, seat] + 1))
    return {person: in_turn(legs[number]) for number, person in enumerate(ordered)}


def in_turn(legs: Iterable[Leg]) -> Route:
    """Return legs in the order of their turns."""
    return tuple(sorted(legs, key=lambda leg: leg.turn))


#: A person by number, or a station.
_Node = int | Seat


def _coloured(pairs: Sequence[tuple[int, Seat]], colours: int) -> dict[_Node, dict[int, _Node]]:
    """Return for each person and station which turn is spent with whom, so many turns in all."""
    at: dict[_Node, dict[int, _Node]] = {}
    for person, station in pairs:
        mine, its = at.setdefault(person, {}), at.setdefault(station, {})
        turn = next(one for one in range(colours) if one not in mine)
        if turn in its:
            _exchange(at, station, turn, next(one for one in range(colours) if one not in its))
        mine[turn], its[turn] = station, person
    return at


def _exchange(at: dict[_Node, dict[int, _Node]], start: _Node, one: int, other: int) -> None:
    """Exchange two turns along the way that begins at a station with the first of them."""
    way: list[_Node] = [start]
    turn = one
    while (following := at[way[-1]].get(turn)) is not None:
        way.append(following)
        turn = other if turn == one else one
    for node in way:
        held = at[node]
        kept = {new: held.pop(old) for old, new in ((one, other), (other, one)) if old in held}
        held.update(kept)


def free_route(
    kinds: Sequence[Group],
    taken: Collection[Call],
    *,
    turns: Sequence[int],
    through: Call | None = None,
) -> Route | None:
    """Return a way for one more person through what is free, None where there is none.

    Args:
        kinds: of stations.
        taken: stations and turns that others have.
        turns: those that may be used, the preferred ones first.
        through: a station and turn that the way must go through.
    """
    free = {
        (place, turn): station
        for place, kind in enumerate(kinds)
        for turn in turns
        for station in reversed(kind.stations)
        if Call(station, turn) not in taken
    }
    if through is not None:
        free = _through(kinds, free, through)
    found: dict[int, int] = {}
    for place in range(len(kinds)):
        if not _give(place, turns, free, found, set()):
            return None
    return in_turn(
        Leg(kinds[place].subjects, free[place, turn], turn) for turn, place in found.items()
    )


def _through(
    kinds: Sequence[Group], free: Mapping[tuple[int, int], Seat], through: Call
) -> dict[tuple[int, int], Seat]:
    """Return what is free where one kind of station can only be gone to in one turn."""
    mine = next(
        (place for place, kind in enumerate(kinds) if through.station in kind.stations), None
    )
    left = {key: seat for key, seat in free.items() if (key[0] == mine) is (key[1] == through.turn)}
    if mine is not None and (mine, through.turn) in left:
        left[mine, through.turn] = through.station
    return left


def _give(
    place: int,
    turns: Sequence[int],
    free: Mapping[tuple[int, int], Seat],
    found: dict[int, int],
    tried: set[int],
) -> bool:
    """Give a kind of station a turn, moving others where that helps (Kuhn)."""
    for turn in turns:
        if (place, turn) not in free or turn in tried:
            continue
        tried.add(turn)
        if turn not in found or _give(found[turn], turns, free, found, tried):
            found[turn] = place
            return True
    return False
