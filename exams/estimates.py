"""How many candidates answer a question rightly, from little knowledge or much (难度估计).

What responses show is drawn towards what was thought before, the more so the fewer there are: an
author's estimate where there is one, else the mean of the kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from exams.assembly import Candidate

#: The share where nothing is known of a whole kind.
UNKNOWN = 0.7

#: How many responses an estimate without any is worth.
PRIOR_WORTH = 20


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A share of right answers, 0 to 1, and its standard error."""

    facility: float
    error: float


def of(candidates: Sequence[Candidate]) -> list[Estimate]:
    """Return an estimate for each question."""
    known: dict[str, list[float]] = {}
    for one in candidates:
        if one.difficulty is not None:
            known.setdefault(one.kind, []).append(one.difficulty)
    means = {kind: fmean(values) for kind, values in known.items()}
    return [_estimate(one, means.get(one.kind, UNKNOWN)) for one in candidates]


def _estimate(one: Candidate, mean: float) -> Estimate:
    if one.difficulty is None:
        return Estimate(facility=mean, error=_error(mean, PRIOR_WORTH))
    if not one.response_count:
        return Estimate(facility=one.difficulty, error=_error(one.difficulty, PRIOR_WORTH))
    worth = one.response_count + PRIOR_WORTH
    facility = (one.difficulty * one.response_count + mean * PRIOR_WORTH) / worth
    return Estimate(facility=facility, error=_error(facility, worth))


def _error(facility: float, worth: int) -> float:
    """Return the standard error of a share of so many, never quite nought."""
    return sqrt(max(facility * (1 - facility), 0.01) / worth)
