"""Marks, score and verdict of an attempt, in exact fractions (评分)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, kw_only=True)
class MarkedSlot:
    """One place of the paper with what was earned there."""

    slot: int
    #: What the place is worth.
    points: int
    #: The share of it that was earned, 0 to 1; 0 where nothing was chosen.
    share: Fraction


@dataclass(frozen=True, kw_only=True)
class Grade:
    """The outcome of grading, before anybody is told."""

    #: Points earned, by slot.
    marks: dict[int, Fraction]
    score: Fraction
    max_score: Fraction
    passed: bool


def passes(score: Fraction, max_score: Fraction, *, pass_percent: int) -> bool:
    """Say whether the score reaches the pass mark.

    Multiplied out, so that 79.99…% is never rounded into a pass. A paper worth nothing is
    passed by nobody.
    """
    # Multiplied out further, into whole numbers: fractions would look for common divisors.
    reached = score.numerator * 100 * max_score.denominator
    return max_score > 0 and reached >= pass_percent * max_score.numerator * score.denominator


def grade(slots: Iterable[MarkedSlot], *, pass_percent: int) -> Grade:
    """Add the marks of a whole paper and compare with the pass mark.

    Args:
        slots: every place of the paper, answered or not.
        pass_percent: the pass mark in hundredths of the maximum.
    """
    marks: dict[int, Fraction] = {}
    max_score = Fraction()
    for place in slots:
        marks[place.slot] = place.share * place.points
        max_score += place.points
    score = sum(marks.values(), Fraction())
    return Grade(
        marks=marks,
        score=score,
        max_score=max_score,
        passed=passes(score, max_score, pass_percent=pass_percent),
    )
