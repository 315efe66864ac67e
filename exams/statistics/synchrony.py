"""Do two candidates respond to the same questions at the same moments (同步作答分析)?

Each candidate has the questions of a section in an order of their own, drawn by chance. So whose
moments fall together at which question is chance as well, whatever anybody's habits are: of the
moments that two share, one in as many as the section has questions belongs to the same question.
The count of questions that both responded to within one and the same window is compared with that
(Poisson). Nothing is assumed of how people work; responses that were stored without network and
arrive together fall together everywhere, and show nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log
from typing import Final

import numpy as np

from exams.statistics.responses import Figures, Numbers
from exams.statistics.similarity import FAMILY_LEVEL, HIGHEST_LEVEL

#: Seconds of a window: a whisper or a message is quicker.
WINDOW: Final = 10.0

#: Fewer questions together are never shown, however rare.
FEWEST_TOGETHER: Final = 5


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two candidates, by their numbers, who respond together remarkably often."""

    one: int
    other: int
    together: int
    expected: float
    #: The chance of as many, or more, by the orders that were drawn.
    p: float


@dataclass(frozen=True, kw_only=True)
class Found:
    """What comparing the moments of all pairs has shown."""

    pair_count: int
    level: float
    pairs: tuple[Pair, ...]

    @property
    def expected_false(self) -> float:
        """How many pairs are shown on average where nobody responds together: an upper bound."""
        return self.pair_count * self.level


def compare(came: Figures, sections: Numbers, *, level: float | None = None) -> Found:
    """Compare the moments of all pairs of candidates on one form.

    Args:
        came: candidates × places, seconds of one clock; NaN where nothing came.
        sections: the section of each place: orders are drawn within it.
        level: the chance at which a pair is shown; None for the one that the size asks for.
    """
    count = len(came)
    pair_count = count * (count - 1) // 2
    if level is None:
        level = min(HIGHEST_LEVEL, FAMILY_LEVEL / max(pair_count, 1))
    if count < 2 or not np.isfinite(came).any():
        return Found(pair_count=pair_count, level=level, pairs=())
    together, expected = _counts(came, sections)
    many = (together >= FEWEST_TOGETHER) & (together > expected + 3 * np.sqrt(expected))
    one, other = np.nonzero(np.triu(many, 1))
    pairs = [
        Pair(
            one=int(a),
            other=int(b),
            together=int(together[a, b]),
            expected=float(expected[a, b]),
            p=p,
        )
        for a, b in zip(one, other, strict=True)
        if (p := tail(float(expected[a, b]), int(together[a, b]))) <= level
    ]
    pairs.sort(key=lambda pair: pair.p)
    return Found(pair_count=pair_count, level=level, pairs=tuple(pairs))


def tail(mean: float, count: int) -> float:
    """Return the chance of at least so many events of a Poisson count."""
    if mean <= 0:
        return 1.0 if count <= 0 else 0.0
    terms = range(count, count + 200)
    return min(1.0, sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in terms))


def _counts(came: Figures, sections: Numbers) -> tuple[Figures, Figures]:
    """Return, for all pairs, the questions in one window, and how many chance would bring."""
    count = len(came)
    begin = np.nanmin(came)
    window = np.where(np.isfinite(came), (came - begin) // WINDOW, -1).astype(np.int64)
    together, expected = np.zeros((count, count)), np.zeros((count, count))
    for section in np.unique(sections):
        places = np.flatnonzero(sections == section)
        for place in places:
            column = window[:, place]
            together += (column[:, None] == column[None, :]) & (column[:, None] >= 0)
        histogram = _histogram(window[:, places])
        expected += (histogram @ histogram.T) / len(places)
    return together, expected


def _histogram(window: Numbers) -> Figures:
    """Return candidates × windows: how many responses came in each."""
    used, which = np.unique(window, return_inverse=True)
    count = len(window)
    person = np.repeat(np.arange(count), window.shape[1])
    cell = person * len(used) + which.ravel()
    table = np.bincount(cell, minlength=count * len(used)).reshape(count, len(used))
    return table[:, used >= 0].astype(np.float64)
