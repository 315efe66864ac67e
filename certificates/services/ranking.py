"""Ranking the parts of a figure, with how sure each place is (排名)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from certificates import coverage
from certificates.coverage_ranking import interval, placed
from certificates.services import drilling
from certificates.services.counts.asking import Asked
from certificates.services.drilling import By
from certificates.services.figures import Figure


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A part of a figure, and its place among the parts."""

    place: int
    #: The best and the worst place that chance allows.
    best_place: int
    worst_place: int
    #: Wilson's interval of the share, as decimals.
    low: str | None
    high: str | None
    key: str
    name: str
    figure: Figure


def ranked(key: str, asked: Asked, by: By, *, today: date | None = None) -> list[Ranked]:
    """Return the parts of a figure, the greatest share first; without those that require nobody.

    Raises:
        NotFound: there is no such indicator.
    """
    parts = [
        part
        for part in drilling.parts(key, asked, by, today=today)
        if part.figure.required_count and part.figure.ratio is not None
    ]
    shares = [(part.figure.covered_count, part.figure.required_count or 0) for part in parts]
    found = []
    for part, share, place in zip(parts, shares, placed(shares), strict=True):
        sure = interval(*share)
        found.append(
            Ranked(
                place=place.place,
                best_place=place.best,
                worst_place=place.worst,
                low=coverage.decimal(sure.low),
                high=coverage.decimal(sure.high),
                key=part.key,
                name=part.name,
                figure=part.figure,
            )
        )
    return sorted(found, key=lambda one: (one.place, one.name, one.key))
