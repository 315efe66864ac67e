"""Who sits where: seats of rooms, given by lot and apart from one's own (排座).

The same people, rooms and seed give the same seats, whoever asks and when. First everybody gets
a seat by lot, seats with nobody beside them first; then those who sit beside somebody of the same
employer or class change places, as long as an exchange leaves fewer such neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple
from uuid import UUID

from exams.dealing import Dealer

#: Places around a seat that count as beside it: the eight next ones.
_AROUND = tuple(
    (down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0)
)

#: Partners that somebody with a neighbour of their own is tried with, and rounds of that.
_PARTNERS, _ROUNDS = 60, 4

#: Forms that cover a room in blocks of two by two; more are dealt one by one.
_QUARTERS = 4

#: Forms up to which a seat and its neighbours could have them all.
_AROUND_AND_ONE = 9

#: Letters that rows are called by.
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Seat(NamedTuple):
    """A seat of a room, by row and column from 1."""

    room_id: UUID
    row: int
    column: int

    @property
    def label(self) -> str:
        """What stands on it: `C07` is the seventh of the third row."""
        tens, letter = divmod(self.row - 1, len(_LETTERS))
        return f"{_LETTERS[tens - 1] if tens else ''}{_LETTERS[letter]}{self.column:02d}"


@dataclass(frozen=True, kw_only=True)
class Room:
    """Seats in rows and columns, but for those that are missing or broken."""

    id: UUID
    rows: int
    columns: int
    #: Most people who may be in it.
    capacity: int
    #: Row and column of aisles, pillars, broken seats.
    unusable: frozenset[tuple[int, int]] = frozenset()

    @property
    def seats(self) -> list[Seat]:
        """Every seat that can be used, row by row."""
        return [
            Seat(self.id, row, column)
            for row in range(1, self.rows + 1)
            for column in range(1, self.columns + 1)
            if (row, column) not in self.unusable
        ]

    @property
    def spread(self) -> list[Seat]:
        """The seats as they are filled, no more than the capacity: every other one first."""
        return sorted(self.seats, key=_apart)[: self.capacity]


def _apart(seat: Seat) -> tuple[int, int, int]:
    """Order seats so that those filled first have nobody beside them."""
    return (seat.row % 2 == 0) * 2 + (seat.column % 2 == 0), seat.row, seat.column


@dataclass(frozen=True, kw_only=True)
class Sitter:
    """Somebody who needs a seat, and what they belong to: employer, class, provider."""

    id: UUID
    belongs: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Given:
    """A seat that somebody got, and who of their own sits beside them all the same."""

    seat: Seat
    #: Seats beside it with somebody of the same employer or class.
    beside: tuple[Seat, ...] = ()
    #: What they share, where exchange could not part them.
    in_common: tuple[str, ...] = ()


class TooFewSeats(ValueError):
    """There are more people than seats."""

    def __init__(self, *, people: int, seats: int) -> None:
        super().__init__(f"{people} people, {seats} seats")
        self.people, self.seats = people, seats


def neighbours(seat: Seat) -> Iterator[Seat]:
    """Yield the places around a seat, whether there are seats or not."""
    for down, right in _AROUND:
        yield Seat(seat.room_id, seat.row + down, seat.column + right)


def allocate(rooms: Sequence[Room], sitters: Sequence[Sitter], *, seed: bytes) -> dict[UUID, Given]:
    """Give everybody a seat.

    Args:
        rooms: in the order in which they are filled.
        sitters: who needs a seat; their order does not matter.
        seed: the lot.

    Raises:
        TooFewSeats: there are more people than seats.
    """
    seats = [seat for room in rooms for seat in room.spread]
    if len(sitters) > len(seats):
        raise TooFewSeats(people=len(sitters), seats=len(seats))
    dice = Random(seed)  # noqa: S311  # a lot that can be drawn again, not a secret
    ordered = sorted(sitters, key=lambda one: one.id.bytes)
    dice.shuffle(ordered)
    plan = _Plan(dict(zip(_filled(rooms, len(ordered)), ordered, strict=True)), seats)
    plan.part(dice)
    return plan.given()


def _filled(rooms: Sequence[Room], people: int) -> list[Seat]:
    """Return the seats that are taken: rooms are filled one after another."""
    return [seat for room in rooms for seat in room.spread][:people]


class _Plan:
    """Who sits where while it is being improved."""

    def __init__(self, taken: dict[Seat, Sitter], seats: Sequence[Seat]) -> None:
        self._at: dict[Seat, Sitter | None] = {seat: taken.get(seat) for seat in seats}

    def part(self, dice: Random) -> None:
        """Exchange seats until no exchange that is tried leaves fewer neighbours of one's own."""
        seats = list(self._at)
        for _ in range(_ROUNDS):
            beside = [seat for seat in seats if self._count(seat)]
            if not beside:
                return
            for seat in beside:
                self._move(seat, seats, dice)

    def _move(self, seat: Seat, seats: Sequence[Seat], dice: Random) -> None:
        for other in dice.sample(seats, min(_PARTNERS, len(seats))):
            before = self._count(seat) + self._count(other)
            if not self._count(seat):
                return
            self._exchange(seat, other)
            if self._count(seat) + self._count(other) >= before:
                self._exchange(seat, other)

    def _exchange(self, seat: Seat, other: Seat) -> None:
        self._at[seat], self._at[other] = self._at[other], self._at[seat]

    def _count(self, seat: Seat) -> int:
        return sum(1 for _ in self._own(seat))

    def _own(self, seat: Seat) -> Iterator[tuple[Seat, Sitter]]:
        """Yield who of their own sits beside whoever has the seat."""
        sitter = self._at[seat]
        if sitter is None or not sitter.belongs:
            return
        for place in neighbours(seat):
            other = self._at.get(place)
            if other is not None and sitter.belongs & other.belongs:
                yield place, other

    def given(self) -> dict[UUID, Given]:
        """Return the seats by person."""
        found: dict[UUID, Given] = {}
        for seat, sitter in self._at.items():
            if sitter is not None:
                own = list(self._own(seat))
                in_common = {one for _, other in own for one in sitter.belongs & other.belongs}
                found[sitter.id] = Given(
                    seat=seat,
                    beside=tuple(place for place, _ in own),
                    in_common=tuple(sorted(in_common)),
                )
        return found


def forms(seats: Sequence[Seat], count: int) -> dict[Seat, int]:
    """Deal the forms of a paper along the seats, from 1: neighbours get different ones.

    With four forms or more no two neighbours share one; with fewer they share as rarely as can be.

    Args:
        seats: in the order in which they are filled; the first of them get a form of their own
            as long as there is one nobody has.
        count: how many forms there are.
    """
    if count == _QUARTERS:
        return {seat: 1 + (seat.row % 2) * 2 + seat.column % 2 for seat in seats}
    if count <= _AROUND_AND_ONE:
        # Row by row, four neighbours at most have theirs before: five forms are enough.
        seats = sorted(seats, key=lambda one: (one.room_id.bytes, one.row, one.column))
    dealt: dict[Seat, int] = {}
    dealer = Dealer(count)
    for seat in seats:
        around = Counter(dealt[place] for place in neighbours(seat) if place in dealt)
        dealt[seat] = dealer.deal(seat.room_id, around)
    return dealt


def planned_forms(rooms: Sequence[Room], count: int) -> dict[Seat, int]:
    """Return the form that lies on every seat, whether anybody will sit there or not."""
    filled = [seat for room in rooms for seat in room.spread]
    taken = set(filled)
    others = [seat for room in rooms for seat in room.seats if seat not in taken]
    return forms([*filled, *others], count)


def beside(dealt: Mapping[Seat, int]) -> set[tuple[int, int]]:
    """Return the pairs of forms that lie on neighbouring seats, the lower number first."""
    pairs = (
        (form, dealt[place])
        for seat, form in dealt.items()
        for place in neighbours(seat)
        if place in dealt
    )
    return {(one, other) for one, other in pairs if one < other}
