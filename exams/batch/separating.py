"""The last look at neighbours: what two still share is exchanged away (邻座去重)."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from exams.batch.stock import Numbers, Places, Shelf

#: Papers that are asked for an exchange before a shared question is left where it is.
_ASKED = 400


def separated(shelf: Shelf, papers: Places, beside: Places) -> Places:
    """Return the papers after exchanging what neighbours share, where another paper can take it.

    Args:
        shelf: the stock laid out.
        papers: papers × questions, required ones not among them.
        beside: pairs of neighbours.
    """
    desk = _Desk(shelf, papers.copy(), beside)
    for one, other in beside.tolist():
        for question in desk.shared(one, other):
            desk.move(question, other)
    return desk.papers


class _Desk:
    """All papers of a sitting, and who lies beside whom."""

    def __init__(self, shelf: Shelf, papers: Places, beside: Places) -> None:
        self._shelf = shelf
        self.papers = papers
        self._sets = [set(row.tolist()) for row in papers]
        self._near: dict[int, set[int]] = defaultdict(set)
        for one, other in beside.tolist():
            self._near[one].add(other)
            self._near[other].add(one)
        self._cell = np.full(len(shelf.stock), -1, dtype=np.int64)
        for number, cell in enumerate(shelf.cells):
            self._cell[cell.members] = number
        self._sums: Numbers = shelf.value[papers].sum(axis=1) + float(
            shelf.value[list(shelf.specification.required)].sum()
        )

    def shared(self, one: int, other: int) -> set[int]:
        """Return what two papers share."""
        return self._sets[one] & self._sets[other]

    def move(self, question: int, paper: int) -> bool:
        """Exchange a question of a paper for one of a paper far away; say whether."""
        column = int(np.flatnonzero(self.papers[paper] == question)[0])
        cell = self._cell[question]
        count = len(self.papers)
        for step in range(min(_ASKED, count)):
            other = (paper + count // 2 + step) % count
            for place in np.flatnonzero(self._cell[self.papers[other]] == cell).tolist():
                coming = int(self.papers[other, place])
                if self._may(paper, question, other, coming):
                    self._swap(paper, column, other, place)
                    return True
        return False

    def _may(self, paper: int, question: int, other: int, coming: int) -> bool:
        return (
            self._takes(paper, coming, question)
            and self._takes(other, question, coming)
            and self._stays_on_target(paper, question, other, coming)
        )

    def _takes(self, paper: int, coming: int, going: int) -> bool:
        group = self._shelf.stock.group
        rest = self._sets[paper] - {going}
        return (
            not any(coming in self._sets[near] for near in self._near[paper])
            and coming not in rest
            and int(group[coming]) not in {int(group[one]) for one in rest}
        )

    def _stays_on_target(self, paper: int, question: int, other: int, coming: int) -> bool:
        target = self._shelf.specification.target
        if target is None:
            return True
        change = float(self._shelf.value[coming] - self._shelf.value[question])
        allowed = self._shelf.specification.tolerance
        sums = (self._sums[paper] + change, self._sums[other] - change)
        return all(abs(float(one) - target) <= allowed for one in sums)

    def _swap(self, one: int, at: int, other: int, place: int) -> None:
        mine, theirs = int(self.papers[one, at]), int(self.papers[other, place])
        self.papers[one, at], self.papers[other, place] = theirs, mine
        self._sets[one] ^= {mine, theirs}
        self._sets[other] ^= {mine, theirs}
        change = float(self._shelf.value[theirs] - self._shelf.value[mine])
        self._sums[one] += change
        self._sums[other] -= change
