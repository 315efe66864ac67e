"""Who responded impossibly fast, beside all others on the same questions (作答速度分析)?

The logarithms of response times lie normally about what the question takes and what the candidate
takes. What is left of a candidate's times when each question's median is taken away is the
candidate's pace; one that lies further below the others than chance would bring in a hundred exams
is shown, with the score it was reached with. A pace is evidence of nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt
from typing import Final

import numpy as np

from exams.statistics.responses import Figures
from exams.statistics.similarity import FAMILY_LEVEL

#: Candidates, and known times of one, below which nothing is said.
FEWEST: Final = 100
FEWEST_TIMES: Final = 30

#: The median of absolute deviations, as a standard deviation of a normal spread.
_TO_SD: Final = 1.4826


@dataclass(frozen=True, kw_only=True)
class Fast:
    """A candidate, by number, who was faster than chance explains."""

    one: int
    #: Median time beside what the same questions take others: 0.2 is five times as fast.
    ratio: float
    p: float


@dataclass(frozen=True, kw_only=True)
class Found:
    """What comparing paces has shown."""

    candidate_count: int
    level: float
    fast: tuple[Fast, ...]

    @property
    def expected_false(self) -> float:
        """How many candidates are shown on average where all are honest."""
        return self.candidate_count * self.level


def compare(seconds: Figures) -> Found:
    """Compare the paces of candidates on one form.

    Args:
        seconds: candidates × places, what each response took; NaN where it is not known.
    """
    known = np.isfinite(seconds).sum(axis=1) >= FEWEST_TIMES
    count = int(known.sum())
    level = FAMILY_LEVEL / max(count, 1)
    if count < FEWEST:
        return Found(candidate_count=0, level=level, fast=())
    logs = np.log(np.maximum(seconds[known], 0.1))
    with np.errstate(all="ignore"):
        usual = np.array([_median(column) for column in logs.T])
    pace = np.array([_median(row) for row in logs - usual])
    middle = float(np.median(pace))
    spread = _TO_SD * float(np.median(np.abs(pace - middle)))
    fast = [
        Fast(one=int(one), ratio=float(np.exp(value)), p=p)
        for one, value in zip(np.flatnonzero(known), pace, strict=True)
        if (p := 0.5 * erfc((middle - value) / (max(spread, 1e-9) * sqrt(2)))) <= level
    ]
    fast.sort(key=lambda one: one.p)
    return Found(candidate_count=count, level=level, fast=tuple(fast))


def _median(values: Figures) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")
