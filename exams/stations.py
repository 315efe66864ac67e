"""Who is called to which station in which turn: practicals at a sitting (实操工位与轮次).

A station takes one candidate at a time, for the whole of the practical. The hours of the sitting
are cut into turns of equal length; the lot decides who comes when. As few turns are used as there
can be, so that examiners wait for nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from exams.seating import Room, Seat, TooFewSeats


class Call(NamedTuple):
    """A station, and the turn in which somebody is called to it, from 1."""

    station: Seat
    turn: int


def turn_count(opens_at: datetime, closes_at: datetime, minutes: int) -> int:
    """Return how many turns of so many minutes end before a sitting closes."""
    return max((closes_at - opens_at) // timedelta(minutes=minutes), 0)


def starts_at(opens_at: datetime, minutes: int, turn: int) -> datetime:
    """Return when a turn begins; the first one begins with the sitting."""
    return opens_at + timedelta(minutes=minutes) * (turn - 1)


def calls(rooms: Sequence[Room], turns: int) -> Iterator[Call]:
    """Yield every place there is, in the order in which they are given."""
    for turn in range(1, turns + 1):
        for room in rooms:
            for station in sorted(room.spread, key=lambda seat: (seat.row, seat.column)):
                yield Call(station, turn)


def allocate(
    rooms: Sequence[Room], people: Collection[UUID], *, turns: int, seed: bytes
) -> dict[UUID, Call]:
    """Call everybody to a station.

    Args:
        rooms: in the order in which they are filled.
        people: who is examined; their order does not matter.
        turns: how many there are.
        seed: the lot: the same one gives the same calls.

    Raises:
        TooFewSeats: there are more people than stations and turns.
    """
    places = list(calls(rooms, turns))
    if len(people) > len(places):
        raise TooFewSeats(people=len(people), seats=len(places))
    dice = Random(seed)  # noqa: S311  # a lot that can be drawn again, not a secret
    ordered = sorted(people, key=lambda one: one.bytes)
    dice.shuffle(ordered)
    return dict(zip(ordered, places, strict=False))


def pair(examiners: Sequence[UUID], place: int) -> tuple[UUID, ...]:
    """Return the two examiners of a station, dealt so that each has as many stations as another.

    Args:
        examiners: those of the room, in one order for all of its stations; two or more.
        place: number of the station in the room, from 0.
    """
    first = 2 * place % len(examiners)
    return examiners[first], examiners[(first + 1) % len(examiners)]
