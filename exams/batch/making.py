"""Making the papers of one sitting (制卷)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from exams.batch import blueprints, dealing, exchange, exposure, separating
from exams.batch.deck import Drawer, OffTarget
from exams.batch.stock import Chance, Places, Shelf, Specification, Stock, laid_out

#: Papers from which on they are made all together instead of one by one.
MANY = 200

#: Papers between two copies of a question that the bank must carry for that.
_APART = 40

_NOBODY = np.empty((0, 2), dtype=np.int64)


class CannotBeCarried(Exception):
    """The bank cannot carry the specification for so many papers; `proof` says what is short."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Batch:
    """The papers of a sitting, in the order of the seats."""

    #: papers × questions: places in the stock, by section and inside it by topic.
    papers: Places = field(repr=False)
    #: The plans that were followed: for each cell of the shelf, how many questions.
    plans: tuple[Places, ...]


def make(
    stock: Stock,
    specification: Specification,
    papers: int,
    *,
    seed: bytes,
    beside: Places = _NOBODY,
    barred: Sequence[frozenset[int]] = (),
    plans: int = 8,
) -> Batch:
    """Make so many papers; the same seed, stock and specification make the same.

    Args:
        stock: what may be drawn.
        specification: what every paper must meet.
        papers: how many.
        seed: secret chance, at least 16 bytes.
        beside: pairs of papers that lie beside each other.
        barred: for each paper, questions its candidate has had before; may be left out.
        plans: how many different plans the papers follow.

    Raises:
        CannotBeCarried: the bank is too small, or too much of it alike.
    """
    shelf = laid_out(stock, specification)
    chance = Chance(seed=seed)
    try:
        found = blueprints.plans(shelf, papers, count=plans)
        copies = exposure.copies(shelf, dealing.wanted(found, papers), papers, chance=chance)
        if specification.target is not None:
            usual = blueprints.usual_values(shelf, copies)
            found = blueprints.plans(shelf, papers, count=plans, usual=usual)
            copies = exposure.copies(shelf, dealing.wanted(found, papers), papers, chance=chance)
        if papers >= MANY and not any(barred) and _is_wide(shelf, found):
            made = _together(shelf, found, copies, papers, chance=chance, beside=beside)
        else:
            rates = exposure.planned(shelf, dealing.wanted(found, papers), papers)
            drawer = Drawer(shelf, found, rates=rates, copies=_none_yet(shelf), seed=seed)
            made = _one_by_one(drawer, papers, beside, barred, shelf.specification.required)
    except (LookupError, OffTarget):
        raise CannotBeCarried from None
    return Batch(papers=made, plans=tuple(found))


def _is_wide(shelf: Shelf, plans: Sequence[Places]) -> bool:
    """Say whether every cell carries many papers before a question must come up again."""
    takes = np.mean(plans, axis=0)
    return all(
        len(cell.members) >= _APART * take
        for cell, take in zip(shelf.cells, takes.tolist(), strict=True)
    )


def _together(
    shelf: Shelf,
    plans: Sequence[Places],
    copies: Places,
    papers: int,
    *,
    chance: Chance,
    beside: Places,
) -> Places:
    made, columns = dealing.dealt(shelf, plans, copies, papers, chance=chance)
    made = exchange.repaired(shelf, made, columns, len(plans))
    made = separating.separated(shelf, made, beside)
    required = np.array(sorted(shelf.specification.required), dtype=np.int64)
    whole = np.hstack([made, np.tile(required, (papers, 1))])
    order = np.argsort(shelf.stock.section[whole], axis=1, kind="stable")
    return np.take_along_axis(whole, order, axis=1)


def _none_yet(shelf: Shelf) -> Places:
    return np.zeros(len(shelf.stock), dtype=np.int64)


def _one_by_one(
    drawer: Drawer,
    papers: int,
    beside: Places,
    barred: Sequence[frozenset[int]],
    required: frozenset[int],
) -> Places:
    near: dict[int, list[int]] = defaultdict(list)
    for one, other in beside.tolist():
        near[max(one, other)].append(min(one, other))
    made: list[Places] = []
    for paper in range(papers):
        avoided = {int(one) for other in near[paper] for one in made[other]} - required
        mine = barred[paper] if paper < len(barred) else frozenset()
        made.append(drawer.draw(avoided=avoided, barred=mine))
    return np.array(made)
