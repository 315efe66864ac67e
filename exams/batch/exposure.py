"""How often each question comes up in a sitting (曝光计划).

Inside a cell the copies follow an exponential tilt in the expected points of a question, one tilt
for the whole sitting, found by halving so that the average paper lies on the target. Nothing is
over the cap, and a question that came up less in earlier sittings comes up more in this one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from exams.batch.stock import Chance, Numbers, Places, Shelf

#: Steepest tilt that is tried, and how often its range is halved.
_STEEPEST, _HALVINGS = 25.0, 40


def copies(shelf: Shelf, wanted: Sequence[int], papers: int, *, chance: Chance) -> Places:
    """Return for each question of the stock on how many papers it comes up.

    Args:
        shelf: the stock laid out.
        wanted: for each cell, how many questions all papers together take.
        papers: how many papers there are.
        chance: decides what rounding leaves open.

    Raises:
        LookupError: a cell holds too few under its cap.
    """
    most = _most(shelf, papers)
    rates = planned(shelf, wanted, papers)
    found = np.zeros(len(shelf.stock), dtype=np.int64)
    lots = chance.uniform("rounding of exposure", len(shelf.stock))
    for cell, count in zip(shelf.cells, wanted, strict=True):
        found[cell.members] = _whole(rates[cell.members], count, most, lots[cell.members])
    return found


def planned(shelf: Shelf, wanted: Sequence[int], papers: int) -> Numbers:
    """Return how often each question should come up, before rounding.

    Raises:
        LookupError: a cell holds too few under its cap.
    """
    most = _most(shelf, papers)
    for cell, count in zip(shelf.cells, wanted, strict=True):
        if count > len(cell.members) * most:
            raise LookupError
    tilt = 0.0
    if shelf.specification.target is not None:
        tilt = _tilt(shelf, wanted, papers, most)
    return _rates(shelf, wanted, most, tilt)


def _most(shelf: Shelf, papers: int) -> int:
    """Return how often a question may come up."""
    cap = shelf.specification.cap
    return papers if cap is None else min(papers, cap)


def _tilt(shelf: Shelf, wanted: Sequence[int], papers: int, most: int) -> float:
    fixed = sum(float(shelf.value[place]) for place in shelf.specification.required)
    target = ((shelf.specification.target or 0.0) - fixed) * papers
    low, high = -_STEEPEST, _STEEPEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        reached = float((_rates(shelf, wanted, most, middle) * shelf.value).sum())
        low, high = (middle, high) if reached < target else (low, middle)
    return (low + high) / 2


def _rates(shelf: Shelf, wanted: Sequence[int], most: int, tilt: float) -> Numbers:
    """Return the copies of each question before rounding."""
    rates = np.zeros(len(shelf.stock))
    for cell, count in zip(shelf.cells, wanted, strict=True):
        if not count:
            continue
        used = shelf.stock.used[cell.members]
        rested = 1.0 / (1.0 + used / max(1.0, float(used.mean())))
        pull = tilt * shelf.stock.facility[cell.members]
        weight = rested * np.exp(pull - pull.max())
        rates[cell.members] = _filled(weight, count, most)
    return rates


def _filled(weight: Numbers, count: int, most: int) -> Numbers:
    """Share `count` by weight, nobody above `most`: what is over goes to the others."""
    rates = np.zeros(len(weight))
    open_ones = np.ones(len(weight), dtype=bool)
    left = float(count)
    while left > 1e-9 and open_ones.any():
        rates[open_ones] = left * weight[open_ones] / weight[open_ones].sum()
        over = open_ones & (rates > most)
        if not over.any():
            break
        rates[over] = most
        open_ones &= ~over
        left = count - float(most * (~open_ones).sum())
    return rates


def _whole(rates: Numbers, count: int, most: int, lots: Numbers) -> Places:
    """Round the shares so that they add up to `count`: chance decides in proportion."""
    whole = np.floor(rates).astype(np.int64)
    left = count - int(whole.sum())
    # Systematic rounding: each goes up with the probability of its fraction.
    order = np.argsort(lots, kind="stable")
    fractions = (rates - whole)[order]
    steps = np.floor(np.cumsum(fractions) + 1e-9).astype(np.int64)
    up = order[np.flatnonzero(np.diff(steps, prepend=0) > 0)]
    whole[up] += 1
    left = count - int(whole.sum())
    for place in order:
        if left <= 0:
            break
        if whole[place] < most:
            whole[place] += 1
            left -= 1
    return whole
