"""Papers as hard as each other, and with nothing in common, where the bank carries that (均衡)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from exams.batch.stock import Places, Specification, Stock, laid_out

#: By which share of its points a paper may lie beside the others, so that two of them differ by
#: half a point of a hundred at most.
_EVEN = 0.0025

#: How often papers are made at most until no two of them share a question.
_TURNS = 8

#: Makes papers by a specification, by the chance of a turn; None where that cannot be.
Maker = Callable[[Specification, int], Places | None]


def evenly(made: Maker, stock: Stock, wanted: Specification, papers: int) -> Places | None:
    """Return papers that are even where the bank carries that, and others where it does not.

    Where no target is stated it is what the papers that the bank gives are worth on the average.

    Args:
        made: makes papers.
        stock: what they may draw.
        wanted: what they must meet.
        papers: how many.
    """
    turns = _TURNS if papers * wanted.size <= len(stock.facility) else 1
    if wanted.target is not None:
        even = _apart(made, evened(wanted, wanted.target), turns)
        return _apart(made, wanted, turns) if even is None else even
    plain = _apart(made, wanted, turns)
    if plain is None:
        return None
    even = _apart(made, evened(wanted, mean_value(stock, wanted, plain)), turns)
    return plain if even is None else even


def evened(wanted: Specification, target: float) -> Specification:
    """Return the specification by which no two papers differ by more than half of a hundredth."""
    tolerance = min(wanted.tolerance, _EVEN * wanted.points)
    return replace(wanted, target=target, tolerance=tolerance)


def mean_value(stock: Stock, wanted: Specification, papers: Places) -> float:
    """Return what the average candidate is expected to reach on the average of some papers."""
    return float(laid_out(stock, wanted).value[papers].sum() / len(papers))


def _apart(made: Maker, wanted: Specification, turns: int) -> Places | None:
    """Return the papers that have least in common, of so many makings.

    Where the bank holds enough for all to differ, making them even may bring a question back.
    """
    best = None
    for turn in range(turns):
        found = made(wanted, turn)
        if found is not None and (best is None or _repeated(found) < _repeated(best)):
            best = found
        if best is not None and not _repeated(best):
            break
    return best


def _repeated(papers: Places) -> int:
    """Return how often papers ask what another asks already."""
    return int(papers.size - np.unique(papers).size)
