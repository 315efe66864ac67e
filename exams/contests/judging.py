"""Pure: what becomes of one response to one question (作答判定).

The first response to a question is the only one. When it came is what the server says; a phone
sends no time, so there is none to play with.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """What becomes of a response."""

    #: It counts.
    ACCEPTED = "accepted"
    #: It came after the time of the question: kept, and worth nothing.
    LATE = "late"
    #: The question has its response already: nothing changes.
    IGNORED = "ignored"


class Standing(NamedTuple):
    """Where an entry stands, as far as responses change it."""

    #: Bit `n - 1` for every slot responded to.
    responded: int
    #: The slot that is open, where each meets their own questions.
    open_slot: int
    points: int
    correct_count: int
    elapsed_ms: int

    def has(self, slot: int) -> bool:
        """Say whether a slot has its response."""
        return bool(self.responded >> (slot - 1) & 1)

    @property
    def is_counted(self) -> bool:
        """Whether it has any response at all."""
        return self.responded != 0

    def after(self, slot: int, *, points: int, correct: bool, elapsed_ms: int) -> Standing:
        """Return where it stands after one more response."""
        return Standing(
            responded=self.responded | 1 << (slot - 1),
            open_slot=max(self.open_slot, slot + 1),
            points=self.points + points,
            correct_count=self.correct_count + correct,
            elapsed_ms=self.elapsed_ms + elapsed_ms,
        )


#: Longer than all questions of a round may take together, in milliseconds.
_LONGEST = 1 << 32


def board_order(points: int, elapsed_ms: int, *, faster_first: bool) -> int:
    """Return the number by which a board is sorted: more points first, then less time."""
    return -points * _LONGEST + (min(elapsed_ms, _LONGEST - 1) if faster_first else 0)


def time_of(order: int, points: int) -> int:
    """Return the time that a place on the board was reached in; 0 where time does not count."""
    return order + points * _LONGEST


def bits(chosen: object, *, option_count: int, many: bool) -> int | None:
    """Return chosen places as bits; None where they cannot be what was shown.

    Args:
        chosen: as it came: the numbers of the options shown, from 0.
        option_count: how many were shown.
        many: whether more than one may be chosen.
    """
    if not isinstance(chosen, list) or not 1 <= len(chosen) <= option_count:
        return None
    places: set[int] = {one for one in chosen if type(one) is int and 0 <= one < option_count}
    if len(places) != len(chosen) or (len(places) > 1 and not many):
        return None
    return sum(1 << one for one in places)
