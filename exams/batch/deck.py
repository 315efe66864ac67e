"""Drawing paper after paper: for those who come late, few papers, small banks (逐份组卷).

Each paper takes what has come up least, avoids what lies on the papers around it and what its
candidate has had before, and exchanges with the bank until it lies on the target.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

import numpy as np

from exams.batch.stock import Chance, Numbers, Places, Shelf

#: What a question costs that lies on a neighbour's paper, in times of coming up.
_AVOIDED = 1e9

#: Least share of the commonest question's rate; what should hardly come up is dear, not barred.
_RAREST = 1e-3

#: Exchanges for one paper after which it is given up.
_MOST = 60

#: Questions of a cell, the least used ones, that may come in by exchange.
_REACH = 60


class OffTarget(Exception):
    """No exchange brings the paper to the target."""


class Drawer:
    """Draws papers from a shelf by plans, and remembers what came up.

    Args:
        shelf: the stock laid out.
        plans: how many questions of each cell a paper takes; papers follow them in turn.
        rates: how often each question should come up, from `exposure.planned`.
        copies: how often each question has come up in this sitting so far.
        seed: secret chance.
    """

    def __init__(
        self,
        shelf: Shelf,
        plans: Sequence[Places],
        *,
        rates: Numbers,
        copies: Places,
        seed: bytes,
    ) -> None:
        self._shelf = shelf
        self._plans = plans
        self._rates = np.maximum(rates / max(float(rates.max(initial=0.0)), 1e-9), _RAREST)
        self._chance = Chance(seed=seed)
        self._drawn = 0
        #: How often each question has come up.
        self.copies = copies.copy()

    def draw(self, *, avoided: Set[int] = frozenset(), barred: Set[int] = frozenset()) -> Places:
        """Draw the next paper.

        Args:
            avoided: questions that are taken only where there are no others: on papers nearby.
            barred: questions that are not taken at all: on earlier papers of the candidate.

        Raises:
            LookupError: a cell has too few that may be taken.
            OffTarget: the target cannot be reached with what may be taken.
        """
        plan = self._plans[self._drawn % len(self._plans)]
        cost = self._cost(avoided, barred)
        self._drawn += 1
        paper = _Paper(self._shelf, cost)
        for cell, count in zip(self._shelf.cells, plan.tolist(), strict=True):
            paper.take(cell.members, count)
        if self._shelf.specification.target is not None:
            paper.level(self._shelf.specification.target, self._shelf.specification.tolerance)
        self.copies[paper.questions] += 1
        required = sorted(self._shelf.specification.required)
        whole = np.array([*paper.questions, *required], dtype=np.int64)
        return whole[np.argsort(self._shelf.stock.section[whole], kind="stable")]

    def _cost(self, avoided: Set[int], barred: Set[int]) -> Numbers:
        """Return what each question costs: first what comes up too little, chance among equals."""
        lots = self._chance.uniform(f"paper {self._drawn}", len(self._shelf.stock))
        cost = (self.copies + lots) / self._rates
        for place in avoided:
            cost[place] += _AVOIDED
        cap = self._shelf.specification.cap
        if cap is not None:
            cost[self.copies >= cap] = np.inf
        for place in barred:
            cost[place] = np.inf
        return cost


class _Paper:
    """A paper in the making."""

    def __init__(self, shelf: Shelf, cost: Numbers) -> None:
        self._shelf = shelf
        self._cost = cost
        self._groups = set(shelf.stock.group[list(shelf.specification.required)].tolist())
        self._reach: list[Places] = []
        self._cell_of: list[int] = []
        #: What was taken, as places in the stock.
        self.questions: list[int] = []

    def take(self, members: Places, count: int) -> None:
        """Take the cheapest of a cell, one of each group.

        Raises:
            LookupError: there are too few.
        """
        allowed = members[np.isfinite(self._cost[members])]
        order = allowed[np.argsort(self._cost[allowed], kind="stable")]
        self._reach.append(order[: count + _REACH])
        taken = 0
        for place in order.tolist():
            if taken == count:
                break
            group = int(self._shelf.stock.group[place])
            if group not in self._groups:
                self._groups.add(group)
                self.questions.append(place)
                self._cell_of.append(len(self._reach) - 1)
                taken += 1
        if taken < count:
            raise LookupError

    def level(self, target: float, tolerance: float) -> None:
        """Exchange with the bank until the paper lies on the target.

        Raises:
            OffTarget: it cannot be brought there.
        """
        value = self._shelf.value
        fixed = float(value[list(self._shelf.specification.required)].sum())
        at, coming = self._pairs()
        for _ in range(_MOST):
            beside = float(value[self.questions].sum()) + fixed - target
            if abs(beside) <= tolerance / 2 or not self._exchange(beside, at, coming):
                break
        if abs(float(value[self.questions].sum()) + fixed - target) > tolerance:
            raise OffTarget

    def _pairs(self) -> tuple[Places, Places]:
        """Return every exchange there is: places of the paper, and what may come there."""
        reaches = [self._reach[cell] for cell in self._cell_of]
        lengths = [len(reach) for reach in reaches]
        at = np.repeat(np.arange(len(reaches)), lengths)
        return at, np.concatenate(reaches or [np.array([], dtype=np.int64)])

    def _exchange(self, beside: float, at: Places, coming: Places) -> bool:
        """Make the one exchange that brings the sum closest; say False where none helps."""
        group = self._shelf.stock.group
        going = np.array(self.questions, dtype=np.int64)[at]
        left = np.abs(beside - self._shelf.value[going] + self._shelf.value[coming])
        taken = np.isin(group[coming], list(self._groups))
        # Nothing that is avoided comes in for something that is not.
        worse = (self._cost[coming] >= _AVOIDED) & (self._cost[going] < _AVOIDED)
        left[taken | worse] = np.inf
        best = int(left.argmin()) if len(left) else -1
        if best < 0 or left[best] >= abs(beside) - 1e-9:
            return False
        place, other = int(at[best]), int(coming[best])
        self._groups.discard(int(group[self.questions[place]]))
        self._groups.add(int(group[other]))
        self.questions[place] = other
        return True
