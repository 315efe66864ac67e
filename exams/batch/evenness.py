"""How equal the papers of a sitting are, and how sure that is (公平性).

A borderline candidate is one whose ability lets them expect just the pass mark on the average
paper. Each question is moved by that ability on the logistic scale; what a paper makes of it is
close to normal, as a sum of a hundred questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt

import numpy as np

from exams.batch.stock import Numbers, Places, Specification, Stock

#: Facilities are kept off 0 and 1, where the logistic scale has no end.
_EDGE = 0.01

#: Abilities beside the pass mark, in logits, for which the spread of papers is told.
_ABILITIES = (-1.0, 0.0, 1.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Evenness:
    """How equal papers are."""

    #: Points the average candidate expects on each paper, and the standard error of that.
    expected: Numbers
    error: Numbers
    #: Least and largest of the expected points.
    spread: tuple[float, float]
    #: Share of papers that truly lie within a point of the target, as the estimates go.
    truly_within_a_point: float | None
    #: Least and largest chance of a borderline candidate to pass.
    borderline: tuple[float, float]
    #: Standard deviation of expected points over papers, at −1, 0 and +1 logit from the pass mark.
    deviation: tuple[float, float, float]


def of(stock: Stock, specification: Specification, papers: Places, *, pass_mark: float) -> Evenness:
    """Return how equal the papers are.

    Args:
        stock: the questions.
        specification: the sections, for the points of each question.
        papers: papers × questions.
        pass_mark: points that pass.
    """
    points = np.array([rule.points for rule in specification.sections])[stock.section[papers]]
    facility = stock.facility[papers]
    expected = (facility * points).sum(axis=1)
    error = np.sqrt(((stock.error[papers] * points) ** 2).sum(axis=1))
    logit = np.log(np.clip(facility, _EDGE, 1 - _EDGE) / (1 - np.clip(facility, _EDGE, 1 - _EDGE)))
    shift = _borderline(logit, points, pass_mark)
    chances = _chances(logit + shift, points, pass_mark)
    return Evenness(
        expected=expected,
        error=error,
        spread=(float(expected.min()), float(expected.max())),
        truly_within_a_point=_truly_within(expected, error, specification.target),
        borderline=(float(chances.min()), float(chances.max())),
        deviation=_deviation(logit + shift, points),
    )


def _borderline(logit: Numbers, points: Places, pass_mark: float) -> float:
    """Return by how many logits a borderline candidate is above the average one."""
    low, high = -8.0, 8.0
    for _ in range(50):
        middle = (low + high) / 2
        reached = float((_chance(logit + middle) * points).sum(axis=1).mean())
        low, high = (middle, high) if reached < pass_mark else (low, middle)
    return (low + high) / 2


def _chance(logit: Numbers) -> Numbers:
    chance: Numbers = 1 / (1 + np.exp(-logit))
    return chance


def _chances(logit: Numbers, points: Places, pass_mark: float) -> Numbers:
    right = _chance(logit)
    mean = (right * points).sum(axis=1)
    deviation = np.sqrt((right * (1 - right) * points**2).sum(axis=1))
    # Half a point below the mark: points are whole.
    beside = (mean - (pass_mark - 0.5)) / np.maximum(deviation, 1e-9)
    return np.array([_normal(float(one)) for one in beside])


def _normal(beside: float) -> float:
    return 0.5 * (1 + erf(beside / sqrt(2)))


def _deviation(logit: Numbers, points: Places) -> tuple[float, float, float]:
    below, at, above = (
        float((_chance(logit + ability) * points).sum(axis=1).std()) for ability in _ABILITIES
    )
    return (below, at, above)


def _truly_within(expected: Numbers, error: Numbers, target: float | None) -> float | None:
    if target is None:
        return None
    sure = np.maximum(error, 1e-9)
    shares = [
        _normal(float((target + 1 - mean) / spread)) - _normal(float((target - 1 - mean) / spread))
        for mean, spread in zip(expected, sure, strict=True)
    ]
    return float(np.mean(shares))
