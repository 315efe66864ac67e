"""Pure: who stands where, and what is shown of a name (名次与显名)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class TieRule(StrEnum):
    """What decides between equal points (同分规则)."""

    #: Who took less time, by the server's clock, stands above; equal time shares the place.
    FASTER = "faster"
    #: Equal points share the place, whatever the time.
    EQUAL = "equal"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What somebody reached in a round."""

    entry_id: UUID
    points: int
    elapsed_ms: int


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A result with its place."""

    place: int
    result: Result


def ranked(results: Iterable[Result], tie_rule: TieRule) -> list[Placed]:
    """Return results with their places, the best first; after two firsts comes a third.

    Who shares a place is listed in the order of ids, which says nothing.
    """
    placed: list[Placed] = []
    best_first = sorted(results, key=lambda one: (*_merit(one, tie_rule), one.entry_id))
    for number, result in enumerate(best_first, start=1):
        before = placed[-1] if placed else None
        same = before is not None and _merit(before.result, tie_rule) == _merit(result, tie_rule)
        place = before.place if before is not None and same else number
        placed.append(Placed(place=place, result=result))
    return placed


def within(placed: Sequence[Placed], most: int) -> list[Placed]:
    """Return those whose place is among the first `most`; who shares the last place is in."""
    return [one for one in placed if one.place <= most]


def masked(name: str) -> str:
    """Return a name as a public board shows it: the first character, then stars.

    Of adults and minors alike, and never a photo: whoever knows the person recognises them, nobody
    else does.
    """
    name = name.strip()
    return name[:1] + "*" * min(3, max(1, len(name) - 1))


def _merit(result: Result, tie_rule: TieRule) -> tuple[int, int]:
    return -result.points, result.elapsed_ms if tie_rule is TieRule.FASTER else 0
