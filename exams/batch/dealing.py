"""Dealing questions out along the papers, in the order of the seats (发卷).

The copies of a question are spaced along the sitting, with a jitter of the question and one of each
copy. Papers lie on the seats in the same order, so that a question is far away when it comes up
again, and neighbours share nothing as long as the bank carries that. Were all copies of a question
moved alike, those that come up as often would meet again and again, on papers that are all alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from exams.batch.stock import Chance, Numbers, Places, Shelf

#: Share of the way between two copies by which chance moves one: never nearer than half of it.
_MOVED = 0.5

#: Papers in a row that follow one plan; exchange works within such a block.
BLOCK = 20


def plan_of(paper: int, plans: int) -> int:
    """Return which plan a paper follows."""
    return (paper // BLOCK) % plans


def wanted(plans: Sequence[Places], papers: int) -> list[int]:
    """Return for each cell how many questions all papers together take."""
    follow = np.bincount([plan_of(paper, len(plans)) for paper in range(papers)])
    return [
        int(sum(int(n) * int(plan[cell]) for n, plan in zip(follow, plans, strict=False)))
        for cell in range(len(plans[0]))
    ]


def dealt(
    shelf: Shelf, plans: Sequence[Places], copies: Places, papers: int, *, chance: Chance
) -> tuple[Places, Places]:
    """Return the papers as rows of questions, and the cell of each column, by plan.

    Returns:
        An array papers × size of places in the stock, and one plans × size of places in
        `shelf.cells`; required questions are not among them.
    """
    size = int(plans[0].sum())
    made = np.full((papers, size), -1, dtype=np.int64)
    columns = np.array([np.repeat(np.arange(len(plan)), plan) for plan in plans])
    which = np.array([plan_of(paper, len(plans)) for paper in range(papers)])
    jitter = chance.uniform("jitter of dealing", len(shelf.stock))
    for cell in range(len(shelf.cells)):
        members = shelf.cells[cell].members
        lots = chance.uniform(f"jitter of copies {cell}", int(copies[members].sum()))
        row = _along(members, copies, jitter, lots)
        takes = np.array([plan[cell] for plan in plans])[which]
        ends = np.cumsum(takes)
        starts = np.array([np.searchsorted(line, cell) for line in columns])[which]
        for depth in range(int(takes.max(initial=0))):
            here = np.flatnonzero(takes > depth)
            made[here, starts[here] + depth] = row[ends[here] - takes[here] + depth]
    return made, columns


def _along(members: Places, copies: Places, jitter: Numbers, lots: Numbers) -> Places:
    """Return the questions of a cell in the order in which they are dealt."""
    counts = copies[members]
    items = np.repeat(members, counts)
    turn = np.arange(len(items)) - np.repeat(np.cumsum(counts) - counts, counts)
    moved = np.repeat(jitter[members], counts) + _MOVED * (lots - 0.5)
    place = (turn + moved) / np.repeat(counts, counts)
    return items[np.argsort(place, kind="stable")]
