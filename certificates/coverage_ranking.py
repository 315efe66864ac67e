"""How sure a share and a place in a ranking are; what pace a deadline asks for (排名与进度)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, isqrt

#: How sure the intervals are.
CONFIDENCE = "95 %"

#: The quantile of the normal distribution for it, squared: 1.959964².
_Z2 = Fraction(3841459, 1_000_000)

#: Days of a month, on average, for a pace per month.
_MONTH = Fraction(146_097, 4_800)


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Between which shares the truth behind a share lies, 95 times of a hundred (Wilson, 1927)."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A place in a ranking, and the best and worst that it may truly be."""

    place: int
    best: int
    worst: int


def interval(covered: int, required: int) -> Interval:
    """Return Wilson's interval of a share; `required` is more than 0.

    Three of three is a weaker word than three hundred of three hundred: a small enterprise does
    not lead a ranking by luck.
    """
    share = Fraction(covered, required)
    middle = share + _Z2 / (2 * required)
    spread = _Z2 * share * (1 - share) / required + _Z2 * _Z2 / (4 * required * required)
    root = Fraction(isqrt(int(spread * 10**24)), 10**12)
    scale = 1 + _Z2 / required
    return Interval(
        low=max(Fraction(0), (middle - root) / scale),
        high=min(Fraction(1), (middle + root) / scale),
    )


def placed(shares: Sequence[tuple[int, int]]) -> list[Placed]:
    """Return the place of each (covered, required), the greatest share first; ties share a place.

    The best place it may have is behind all whose interval lies wholly above its own, the worst
    before all whose interval lies wholly beneath.
    """
    intervals = [interval(*each) for each in shares]
    ratios = [Fraction(*each) for each in shares]
    return [
        Placed(
            place=1 + sum(other > own for other in ratios),
            best=1 + sum(other.low > mine.high for other in intervals),
            worst=len(shares) - sum(other.high < mine.low for other in intervals),
        )
        for own, mine in zip(ratios, intervals, strict=True)
    ]


def pace(gap: int, *, on: date, deadline: date | None) -> int | None:
    """Return how many more must be covered per month to close a gap by the deadline.

    None without a deadline; the whole gap where less than a month is left, or none.
    """
    if deadline is None:
        return None
    months = max(Fraction(1), Fraction((deadline - on).days + 1) / _MONTH)
    return ceil(gap / months)
