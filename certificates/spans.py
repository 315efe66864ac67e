"""Stretches of days in which something holds: half-open, merged, met and cut (区间)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

#: The end of a span that has none. A day of the calendar, so that spans sort and compare.
FOREVER = date.max


class Span(NamedTuple):
    """The days from `from_on` up to and without `until_on`; empty where they are in that order."""

    from_on: date
    until_on: date = FOREVER

    @property
    def is_empty(self) -> bool:
        """Whether no day lies in it: a post that begins and ends on the same day."""
        return self.from_on >= self.until_on

    def holds(self, on: date) -> bool:
        """Say whether the day `on` lies in it."""
        return self.from_on <= on < self.until_on


def span(from_on: date, until_on: date | None) -> Span:
    """Return the span of two columns, where an open end is kept as None."""
    return Span(from_on, FOREVER if until_on is None else until_on)


def normalise(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same days as few spans as possible, in order.

    Empty spans vanish, spans that overlap or touch become one: an early renewal is not counted
    twice, and a certificate renewed on the morrow of its last day leaves no gap.
    """
    merged: list[Span] = []
    for each in sorted(s for s in spans if not s.is_empty):
        if merged and each.from_on <= merged[-1].until_on:
            last = merged[-1]
            merged[-1] = Span(last.from_on, max(last.until_on, each.until_on))
        else:
            merged.append(each)
    return tuple(merged)


def union(*groups: Iterable[Span]) -> tuple[Span, ...]:
    """Return the days that lie in any of the groups."""
    return normalise(each for group in groups for each in group)


def intersection(left: Iterable[Span], right: Iterable[Span]) -> tuple[Span, ...]:
    """Return the days that lie in both groups."""
    others = normalise(right)
    return normalise(
        Span(max(a.from_on, b.from_on), min(a.until_on, b.until_on))
        for a in normalise(left)
        for b in others
    )


def subtract(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """Return the days of `spans` that do not lie in `taken`."""
    return intersection(spans, complement(taken))


def complement(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return every day that lies in none of the spans."""
    gaps: list[Span] = []
    start = date.min
    for each in normalise(spans):
        gaps.append(Span(start, each.from_on))
        start = each.until_on
    gaps.append(Span(start, FOREVER))
    return normalise(gaps)


def holds(spans: Iterable[Span], on: date) -> bool:
    """Say whether the day `on` lies in any of the spans."""
    return any(each.holds(on) for each in spans)


def first_day(spans: Iterable[Span]) -> date | None:
    """Return the earliest day that lies in any of the spans; None where there is none."""
    days = normalise(spans)
    return days[0].from_on if days else None
