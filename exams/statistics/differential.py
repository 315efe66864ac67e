"""Differential functioning: is a question harder for some than for others as able (公平性分析)?

Mantel-Haenszel: candidates are matched by ability, and within each stratum the odds of a right
response are compared. What is found is a reason for a person to look, never a verdict: providers
may have taught one thing better, or a question may have leaked to one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt
from typing import Final

import numpy as np

from exams.statistics.responses import Figures, Numbers, Responses, Truths, ratio, totals

#: Strata of ability in which candidates count as equally able.
STRATA: Final = 20

#: Responses of the smaller group below which nothing is said, and of both together.
FEWEST_OF_GROUP: Final = 200
FEWEST_TOGETHER: Final = 500

#: From this size on (ETS delta) and below this chance, after the false discovery rate is held.
LARGE: Final = 1.5
LEVEL: Final = 0.01


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How one group fares with each question beside all others who are as able; NaN if unknown."""

    #: Responses of the group, and of the others.
    group_count: Numbers
    others_count: Numbers
    #: −2.35 · ln(common odds ratio): negative is harder for the group.
    delta: Figures
    error: Figures
    #: The chance of a difference this large where there is none.
    p: Figures


def strata(responses: Responses, ability: Figures) -> Numbers:
    """Return the stratum of each response: equally many candidates in each."""
    order = np.argsort(ability, kind="stable")
    stratum = np.empty(responses.person_count, dtype=np.int64)
    stratum[order] = np.arange(responses.person_count) * STRATA // max(1, responses.person_count)
    return stratum[responses.person]


def compare(
    responses: Responses, stratum: Numbers, of_group: Truths, considered: Truths
) -> Difference:
    """Compare a group with all others considered, on every question.

    Args:
        responses: the responses.
        stratum: the stratum of each response.
        of_group: whether each candidate belongs to the group.
        considered: whether each candidate is considered at all (it is known where they belong).
    """
    seen = considered[responses.person]
    item, right = responses.item[seen], responses.right[seen].astype(float)
    group = of_group[responses.person[seen]].astype(float)
    cell = item * STRATA + stratum[seen]
    shape = (responses.item_count, STRATA)

    def table(weights: Figures) -> Figures:
        return totals(cell, weights, shape[0] * STRATA).reshape(shape)

    # The usual letters: A, B right and wrong of the others, C, D right and wrong of the group.
    c, group_n = table(group * right), table(group)
    whole, all_right = table(np.ones(len(item))), table(right)
    a, d = all_right - c, group_n - c
    b = whole - group_n - a
    return tested(a, b, c, d)


def discoveries(p: Figures, *, level: float = LEVEL) -> Truths:
    """Say which tests stand when the share of false ones among them is held at `level`.

    Benjamini and Hochberg; NaN was never tested.
    """
    tested = np.flatnonzero(np.isfinite(p))
    stand = np.zeros(p.shape, dtype=bool)
    order = tested[np.argsort(p[tested], kind="stable")]
    allowed = level * (np.arange(len(order)) + 1) / max(1, len(order))
    below = np.flatnonzero(p[order] <= allowed)
    if len(below):
        stand[order[: below[-1] + 1]] = True
    return stand


def flagged(found: Difference) -> Truths:
    """Say for which questions a person should look: large, and no chance finding."""
    return np.asarray((np.abs(found.delta) >= LARGE) & discoveries(found.p))


def tested(a: Figures, b: Figures, c: Figures, d: Figures) -> Difference:
    """Test tables of questions × strata: a, b right and wrong of the others, c, d of the group."""
    whole = a + b + c + d
    n = np.where(whole > 1, whole, np.nan)
    above, below = np.nansum(a * d / n, axis=1), np.nansum(b * c / n, axis=1)
    others, group = (a + b).sum(axis=1), (c + d).sum(axis=1)
    enough = np.minimum(others, group) >= FEWEST_OF_GROUP
    enough &= others + group >= FEWEST_TOGETHER
    enough &= (above > 0) & (below > 0)
    odds = np.where(enough, ratio(above, below), np.nan)
    expected = np.nansum((a + b) * (a + c) / n, axis=1)
    spread = np.nansum((a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1)), axis=1)
    off = np.maximum(np.abs(a.sum(axis=1) - expected) - 0.5, 0)
    chi = np.where(enough, ratio(off * off, spread), np.nan)
    return Difference(
        group_count=group.astype(np.int64),
        others_count=others.astype(np.int64),
        delta=-2.35 * np.log(odds),
        error=np.where(enough, 2.35 * _error(a, b, c, d, n, odds), np.nan),
        p=np.array([erfc(sqrt(value / 2)) if np.isfinite(value) else np.nan for value in chi]),
    )


def _error(a: Figures, b: Figures, c: Figures, d: Figures, n: Figures, odds: Figures) -> Figures:
    """Return the standard error of the log odds ratio (Phillips and Holland 1987)."""
    ratio_of = odds[:, None]
    part = (a * d + ratio_of * b * c) * (a + d + ratio_of * (b + c)) / (n * n)
    scale = 2 * np.nansum(a * d / n, axis=1) ** 2
    return np.sqrt(ratio(np.nansum(part, axis=1), scale))
