"""Facility, discrimination, options and time of each question (试题分析).

Definitions are Moodle's, with samples (n − 1), and with one fault mended. For questions drawn at
random Moodle compares an item with a total that holds the item itself, and leaves aside that one
paper is harder than another. Here the rest of a score is always the score without the item, less
what the rest of that very paper earns on average. Where everybody sits the same paper that second
part is the same for all, and the figures are Moodle's to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exams.statistics.responses import Figures, Numbers, Responses, ratio, totals

#: Parts into which candidates are sorted for the curve of a question.
FIFTHS = 5

#: Options a question may have.
OPTIONS = 10


@dataclass(frozen=True, kw_only=True)
class ItemFigures:
    """What is known of each question; NaN where it cannot be said."""

    count: Numbers
    #: Mean share of the points (难度系数): Moodle's facility index, 0 to 1.
    facility: Figures
    #: Standard deviation of the share, n − 1.
    sd: Figures
    #: 100 · correlation with the rest of the score (区分度), −100 to 100.
    discrimination: Figures
    #: 100 · covariance / the largest that these marks and rests could have had.
    efficiency: Figures


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How each response's candidate did in the rest, among those who met the same question."""

    #: Score without the item, less what the rest of the paper earns on average.
    rest: Figures
    #: Rank among the responses to the same question, 0 to just below 1.
    place: Figures
    #: Positions of the responses, by question and then by rest.
    order: Numbers


def facility(responses: Responses) -> Figures:
    """Return the mean share of each question."""
    return responses.mean_by_item(responses.share)


def standing(responses: Responses) -> Standing:
    """Return how the candidates did in the rest of their papers."""
    expected = facility(responses)[responses.item] * responses.worth
    beyond = responses.score - responses.sum_by_person(expected)
    rest = beyond[responses.person] - (responses.share * responses.worth - expected)
    order = np.lexsort((rest, responses.item))
    starts = np.concatenate(([0], np.cumsum(responses.count)[:-1]))
    of = responses.item[order]
    place = np.empty(len(responses))
    place[order] = (np.arange(len(responses)) - starts[of]) / responses.count[of]
    return Standing(rest=rest, place=place, order=order)


def figures(responses: Responses, stood: Standing) -> ItemFigures:
    """Return facility, deviation, discrimination and efficiency of each question."""
    mean, mean_rest = facility(responses), responses.mean_by_item(stood.rest)
    off = responses.share - mean[responses.item]
    off_rest = stood.rest - mean_rest[responses.item]
    less_one = responses.count - 1
    variance = ratio(responses.sum_by_item(off * off), less_one)
    variance_rest = ratio(responses.sum_by_item(off_rest * off_rest), less_one)
    together = ratio(responses.sum_by_item(off * off_rest), less_one)
    most = ratio(_largest(responses, off, off_rest, stood.order), less_one)
    spread = np.sqrt(_positive(variance) * _positive(variance_rest))
    return ItemFigures(
        count=responses.count,
        facility=mean,
        sd=np.sqrt(variance),
        discrimination=100 * together / spread,
        efficiency=100 * together / _positive(most),
    )


def chosen_counts(responses: Responses, chosen: Numbers, among: Figures | None = None) -> Figures:
    """Return how often each option of each question was chosen: questions × options.

    Args:
        responses: the responses.
        chosen: chosen options as they were written, as bits.
        among: a weight for each response, such as whether its candidate is of the best third.
    """
    weights = np.ones(len(responses)) if among is None else among
    found = np.empty((responses.item_count, OPTIONS))
    for option in range(OPTIONS):
        took = (chosen >> option) & 1 == 1
        found[:, option] = totals(responses.item[took], weights[took], responses.item_count)
    return found


def curve(responses: Responses, stood: Standing) -> Figures:
    """Return the mean share in each fifth of the candidates, the weakest first."""
    part = np.minimum((stood.place * FIFTHS).astype(np.int64), FIFTHS - 1)
    cell = responses.item * FIFTHS + part
    size = responses.item_count * FIFTHS
    found = ratio(totals(cell, responses.share, size), np.bincount(cell, minlength=size))
    return found.reshape(responses.item_count, FIFTHS)


def durations(responses: Responses, seconds: Figures) -> tuple[Figures, Figures]:
    """Return the mean and the median time of each question, of the responses where it is known."""
    known = np.isfinite(seconds)
    item, took = responses.item[known], seconds[known]
    count = np.bincount(item, minlength=responses.item_count)
    mean = ratio(totals(item, took, responses.item_count), count)
    in_order = took[np.lexsort((took, item))]
    ends = np.cumsum(count)
    has = count > 0
    lower, upper = (ends - count + (count - 1) // 2)[has], (ends - count + count // 2)[has]
    median = np.full(responses.item_count, np.nan)
    median[has] = (in_order[lower] + in_order[upper]) / 2
    return mean, median


def interval(share: Figures, count: Numbers, *, z: float = 1.96) -> tuple[Figures, Figures]:
    """Return the ends of the interval that holds a share with 95 % confidence (Wilson)."""
    n = np.where(count > 0, count, np.nan)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return middle - half, middle + half


def _largest(responses: Responses, off: Figures, off_rest: Figures, order: Numbers) -> Figures:
    """Return the sum of products when the best marks meet the best rests."""
    best_first = np.lexsort((off, responses.item))
    products = off[best_first] * off_rest[order]
    return totals(responses.item[order], products, responses.item_count)


def _positive(values: Figures) -> Figures:
    # What never varies has no correlation; rounding must not give it one.
    return np.where(values > 1e-12, values, np.nan)
