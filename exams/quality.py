"""Pure: how well providers, classes and teachers train, ranked fairly (培训质量).

Whoever trained ten people may have been lucky; whoever trained a thousand was not. So rates come
with an interval of confidence (Wilson's, which holds for few and for extreme rates), and the rank
goes by its lower end: ten of ten do not beat 950 of a thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final
from uuid import UUID

#: Standard deviations of an interval that holds in 95 of 100 cases.
_Z: Final = 1.96


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Where a rate lies with 95 % confidence."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What became of one learner of a class."""

    completed: bool
    #: Points gained from the test before the class to the one after it; None where not both.
    gain: int | None
    #: Whether the first exam after the class was passed; None where none was sat.
    first_passed: bool | None
    #: Whether any exam after the class was passed.
    passed: bool
    #: What the learner thought of the class, 1 to 5.
    rating: int | None
    #: Violations on file after the class.
    violation_count: int


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How well somebody trains; averages and rates are None where there is nothing to count."""

    subject_id: UUID
    rank: int | None
    learner_count: int
    completed_count: int
    sat_count: int
    first_pass_count: int
    pass_count: int
    #: Of those who sat an exam, who passed in the end.
    pass_rate: float | None
    first_pass_rate: float | None
    first_pass_interval: Interval | None
    average_gain: float | None
    average_rating: float | None
    violations_per_hundred: float | None
    #: Whether the rate differs from that of all together by more than chance explains.
    outlier: bool


def wilson(successes: int, count: int) -> Interval | None:
    """Return Wilson's interval of a rate; None of nothing."""
    if not count:
        return None
    rate, square = successes / count, _Z * _Z
    middle = rate + square / (2 * count)
    around = _Z * sqrt(rate * (1 - rate) / count + square / (4 * count * count))
    whole = 1 + square / count
    return Interval(
        low=max(0.0, (middle - around) / whole), high=min(1.0, (middle + around) / whole)
    )


def ranked(groups: Iterable[tuple[UUID, Sequence[Learnt]]]) -> list[Quality]:
    """Return everybody, the best first; who has no learner that sat an exam has no rank."""
    every = [(subject, list(learners)) for subject, learners in groups]
    sat = [one for _, learners in every for one in learners if one.first_passed is not None]
    overall = sum(one.first_passed is True for one in sat) / len(sat) if sat else None
    found = [_quality(subject, learners, overall) for subject, learners in every]
    found.sort(key=lambda one: (-_low(one), -one.sat_count, one.subject_id))
    return [_at(place, one) for place, one in enumerate(found, start=1)]


def _quality(subject: UUID, learners: Sequence[Learnt], overall: float | None) -> Quality:
    sat = [one for one in learners if one.first_passed is not None]
    first = sum(one.first_passed is True for one in sat)
    interval = wilson(first, len(sat))
    differs = (
        interval is not None
        and overall is not None
        and not interval.low <= overall <= interval.high
    )
    violations = sum(one.violation_count for one in learners)
    return Quality(
        subject_id=subject,
        rank=None,
        learner_count=len(learners),
        completed_count=sum(one.completed for one in learners),
        sat_count=len(sat),
        first_pass_count=first,
        pass_count=sum(one.passed for one in sat),
        pass_rate=sum(one.passed for one in sat) / len(sat) if sat else None,
        first_pass_rate=first / len(sat) if sat else None,
        first_pass_interval=interval,
        average_gain=_average([one.gain for one in learners if one.gain is not None]),
        average_rating=_average([one.rating for one in learners if one.rating is not None]),
        violations_per_hundred=violations * 100 / len(learners) if learners else None,
        outlier=differs,
    )


def _low(one: Quality) -> float:
    return -1.0 if one.first_pass_interval is None else one.first_pass_interval.low


def _at(place: int, one: Quality) -> Quality:
    rank = None if one.first_pass_interval is None else place
    return Quality(**{**vars(one), "rank": rank})


def _average(values: Sequence[int]) -> float | None:
    return sum(values) / len(values) if values else None
