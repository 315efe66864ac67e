"""How reliable a paper is: alpha, standard errors, the error at the pass mark (试卷分析)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from exams.statistics.responses import Figures


@dataclass(frozen=True, kw_only=True)
class PaperFigures:
    """What the scores of one form say; None where it cannot be said."""

    candidate_count: int
    mean: float
    median: float
    #: Standard deviation of the scores, n − 1.
    sd: float | None
    #: Cronbach's alpha (信度系数).
    alpha: float | None
    #: Points by which a score strays from what the candidate is worth (测量标准误).
    standard_error: float | None


def figures(marks: Figures) -> PaperFigures:
    """Return the figures of one form.

    Args:
        marks: points earned, candidates × places; at least one candidate.
    """
    scores = marks.sum(axis=1)
    sd = float(scores.std(ddof=1)) if len(scores) > 1 else None
    alpha = cronbach_alpha(marks)
    return PaperFigures(
        candidate_count=len(scores),
        mean=float(scores.mean()),
        median=float(np.median(scores)),
        sd=sd,
        alpha=alpha,
        standard_error=None if alpha is None or sd is None else sd * sqrt(max(0.0, 1 - alpha)),
    )


def cronbach_alpha(marks: Figures) -> float | None:
    """Return k/(k−1) · (1 − Σ variances / variance of the sum), or None where nothing varies."""
    candidates, places = marks.shape
    if candidates < 2 or places < 2:
        return None
    whole = float(marks.sum(axis=1).var(ddof=1))
    if whole <= 1e-12:
        return None
    parts = float(marks.var(axis=0, ddof=1).sum())
    return float(places / (places - 1) * (1 - parts / whole))


def error_at(pass_share: float, difficulty: Figures, worth: Figures) -> float | None:
    """Return the standard error, in points, of somebody who is worth just the pass mark.

    By the Rasch model: the ability at which the paper's expected score is the pass mark, and there
    the root of the sum of points² · p · (1 − p).

    Args:
        pass_share: the pass mark as a share of the points.
        difficulty: the Rasch difficulty of each place; NaN where it is not known.
        worth: the points of each place.
    """
    able = ability_at(pass_share, difficulty, worth)
    if able is None:
        return None
    share = expected(able, difficulty)
    return float(np.sqrt(np.sum(worth**2 * share * (1 - share))))


def ability_at(share: float, difficulty: Figures, worth: Figures) -> float | None:
    """Return the ability that earns this share of the points on average, in logits."""
    if not np.isfinite(difficulty).all() or not 0 < share < 1 or not len(worth):
        return None
    low, high = float(difficulty.min()) - 20, float(difficulty.max()) + 20
    for _ in range(60):
        middle = (low + high) / 2
        if expected(middle, difficulty) @ worth < share * worth.sum():
            low = middle
        else:
            high = middle
    return (low + high) / 2


def expected(ability: float, difficulty: Figures) -> Figures:
    """Return the chance of each right response by the Rasch model."""
    return np.asarray(1 / (1 + np.exp(difficulty - ability)))
