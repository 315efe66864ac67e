"""Papers in a row that follow one plan, and exchanges between them (区组内调换)."""

from __future__ import annotations

import numpy as np

from exams.batch.stock import Numbers, Places, Shelf

#: Exchanges for one block after which the rest is left as it is; the check will say so.
_MOST = 400

#: Best exchanges that are tried before another pair of papers is taken.
_TRIED = 12


class Block:
    """Papers that follow one plan, so that their columns are of one cell each."""

    def __init__(self, shelf: Shelf, papers: Places, columns: Places) -> None:
        self._shelf = shelf
        self._papers = papers
        self._columns = columns
        self._group = shelf.stock.group
        fixed = self._group[list(shelf.specification.required)]
        self._fixed = set(fixed.tolist())
        self._groups = [set(row.tolist()) | self._fixed for row in self._group[papers]]
        self._values: Numbers = shelf.value[papers]
        self._sums = self._values.sum(axis=1) + float(
            shelf.value[list(shelf.specification.required)].sum()
        )

    def __len__(self) -> int:
        """Return the number of papers."""
        return len(self._papers)

    @property
    def mean(self) -> float:
        """Expected points of its average paper."""
        return float(self._sums.mean())

    @property
    def cells(self) -> set[int]:
        """The cells its papers take from."""
        return set(self._columns.tolist())

    def columns_of(self, cell: int) -> Places:
        """Return the columns that belong to a cell."""
        return np.flatnonzero(self._columns == cell)

    def values_in(self, cell: int) -> Numbers:
        """Return the expected points of the questions of a cell: papers × columns."""
        return self._values[:, self.columns_of(cell)]

    def question(self, paper: int, column: int) -> int:
        """Return the question in a place."""
        return int(self._papers[paper, column])

    def questions(self, paper: int) -> list[int]:
        """Return the questions of a paper."""
        found: list[int] = self._papers[paper].tolist()
        return found

    def would_fit(self, place: tuple[int, int], question: int) -> bool:
        """Say whether a question may take the place of the one that is there."""
        paper, column = place
        group = int(self._group[question])
        return group not in self._groups[paper] - {int(self._group[self.question(paper, column)])}

    def give(self, one: tuple[int, int], taking: Block, other: tuple[int, int]) -> float:
        """Exchange with another block; return by how many points this one became lighter."""
        mine, theirs = self.question(*one), taking.question(*other)
        self._put(one, theirs)
        taking._put(other, mine)
        return float(self._shelf.value[mine] - self._shelf.value[theirs])

    def _put(self, place: tuple[int, int], question: int) -> None:
        paper, column = place
        before = self.question(paper, column)
        self._papers[paper, column] = question
        self._groups[paper].discard(int(self._group[before]))
        self._groups[paper].add(int(self._group[question]))
        value = float(self._shelf.value[question])
        self._sums[paper] += value - float(self._shelf.value[before])
        self._values[paper, column] = value

    def part(self) -> None:
        """Take apart what may not stand together on one paper."""
        for paper in range(len(self._papers)):
            for column in self._conflicts(paper):
                self._give_away(paper, column)

    def _conflicts(self, paper: int) -> list[int]:
        seen = set(self._fixed)
        found = []
        for column, group in enumerate(self._group[self._papers[paper]].tolist()):
            if group in seen:
                found.append(column)
            seen.add(group)
        return found

    def _give_away(self, paper: int, column: int) -> None:
        """Exchange one question that conflicts for any that does not, in either paper."""
        group = int(self._group[self._papers[paper, column]])
        same_cell = np.flatnonzero(self._columns == self._columns[column])
        for other in range(len(self._papers)):
            if other == paper or group in self._groups[other]:
                continue
            for place in same_cell:
                taken = int(self._group[self._papers[other, place]])
                if taken not in self._groups[paper] and not self._is_doubled(other, taken):
                    self._swap(paper, column, other, int(place), parting=True)
                    return

    def _is_doubled(self, paper: int, group: int) -> bool:
        return int((self._group[self._papers[paper]] == group).sum()) > 1

    def level(self) -> None:
        """Bring every paper to the target."""
        target = self._shelf.specification.target or 0.0
        allowed = self._shelf.specification.tolerance / 2
        for _ in range(_MOST):
            order = np.argsort(self._sums, kind="stable")
            low, high = int(order[0]), int(order[-1])
            if self._sums[high] - target <= allowed and target - self._sums[low] <= allowed:
                return
            if not (self._between(high, low) or self._with_any(high, low, target)):
                return

    def _with_any(self, high: int, low: int, target: float) -> bool:
        """Exchange between the worse of two papers and any other that helps."""
        worse = high if self._sums[high] - target > target - self._sums[low] else low
        order = np.argsort(self._sums, kind="stable")
        others = [int(one) for one in (order if worse == high else order[::-1]) if one != worse]
        pairs = [(worse, one) if worse == high else (one, worse) for one in others]
        return any(self._between(*pair) for pair in pairs) or any(
            self._across(*pair) for pair in pairs
        )

    def _between(self, high: int, low: int) -> bool:
        """Exchange one column of two papers so that their sums come closer; say whether."""
        gap = float(self._sums[high] - self._sums[low])
        if gap <= 0:
            return False
        gains = self._values[high] - self._values[low]
        # After an exchange of gain g the difference is |gap - 2g|: less than now if 0 < g < gap.
        left = np.abs(gap - 2 * gains)
        for column in np.argsort(left, kind="stable")[:_TRIED]:
            if left[column] >= gap - 1e-9:
                return False
            if self._fits(high, low, int(column), int(column)):
                self._swap(high, int(column), low, int(column))
                return True
        return False

    def _across(self, high: int, low: int) -> bool:
        """Exchange any two questions of one cell so that two papers come closer."""
        gap = float(self._sums[high] - self._sums[low])
        found = []
        for cell in self.cells:
            mine = self.columns_of(cell)
            gains = self._values[high, mine][:, None] - self._values[low, mine][None, :]
            left = np.abs(gap - 2 * gains)
            for flat in np.argsort(left, axis=None)[:3].tolist():
                a, b = divmod(flat, len(mine))
                found.append((float(left[a, b]), int(mine[a]), int(mine[b])))
        for left_over, at, place in sorted(found):
            if left_over >= gap - 1e-9:
                return False
            if self._fits(high, low, at, place):
                self._swap(high, at, low, place)
                return True
        return False

    def _fits(self, one: int, other: int, at: int, place: int) -> bool:
        mine = int(self._group[self._papers[one, at]])
        theirs = int(self._group[self._papers[other, place]])
        if mine == theirs:
            return True
        return mine not in self._groups[other] and theirs not in self._groups[one]

    def _swap(self, one: int, at: int, other: int, place: int, *, parting: bool = False) -> None:
        mine, theirs = int(self._papers[one, at]), int(self._papers[other, place])
        self._papers[one, at], self._papers[other, place] = theirs, mine
        mine_group, their_group = int(self._group[mine]), int(self._group[theirs])
        if not parting:  # a question that conflicted leaves its twin behind
            self._groups[one].discard(mine_group)
        self._groups[one].add(their_group)
        self._groups[other].discard(their_group)
        self._groups[other].add(mine_group)
        change = float(self._shelf.value[theirs] - self._shelf.value[mine])
        self._sums[one] += change
        self._sums[other] -= change
        self._values[one, at], self._values[other, place] = (
            self._values[other, place],
            self._values[one, at],
        )
