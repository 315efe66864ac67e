"""Responses of many candidates to many questions, as arrays side by side (作答数据)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Figures = NDArray[np.float64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Responses:
    """One element a response, unanswered places included: they earn nothing."""

    #: Who responded, from 0.
    person: Numbers
    #: Which question version, from 0.
    item: Numbers
    #: The share of the points that was earned, 0 to 1.
    share: Figures
    #: What the place was worth, in points.
    worth: Figures
    person_count: int
    item_count: int
    #: Which form each candidate met, from 0; None where that is not known.
    form_of: Numbers | None = None

    def __len__(self) -> int:
        return len(self.person)

    @cached_property
    def count(self) -> Numbers:
        """Responses to each question."""
        return np.bincount(self.item, minlength=self.item_count)

    @cached_property
    def right(self) -> Truths:
        """Whether the whole of the points was earned."""
        return np.asarray(self.share >= 1.0)

    @cached_property
    def score(self) -> Figures:
        """The points that each candidate earned."""
        return self.sum_by_person(self.share * self.worth)

    def sum_by_item(self, values: Figures) -> Figures:
        """Add a value of each response, by question."""
        return totals(self.item, values, self.item_count)

    def sum_by_person(self, values: Figures) -> Figures:
        """Add a value of each response, by candidate."""
        return totals(self.person, values, self.person_count)

    def mean_by_item(self, values: Figures) -> Figures:
        """Return the mean of a value of each response, by question; NaN where there is none."""
        return ratio(self.sum_by_item(values), self.count)


def totals(cell: Numbers, values: Figures, size: int) -> Figures:
    """Add values by the cell that each belongs to."""
    return np.bincount(cell, values, minlength=size).astype(np.float64, copy=False)


def ratio(above: Figures | Numbers, below: Figures | Numbers) -> Figures:
    """Divide element by element; NaN where there is nothing to divide by."""
    found = np.full(len(above), np.nan)
    np.divide(above, below, out=found, where=np.asarray(below) > 0)
    return found
