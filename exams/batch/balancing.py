"""Exchange between blocks, so that each lies on the target as a whole (区组间平衡).

A block exchanges within itself and so keeps its mean. Blocks whose means lie too high give a
question of a cell to blocks that lie too low, for one of the same cell; neither may come to lie
near another copy of itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import product

import numpy as np

from exams.batch.block import Block
from exams.batch.stock import Shelf

#: Share of the tolerance within which the mean of a block is brought.
_MEAN_WITHIN = 0.1

#: Exchanges per block, on the average, after which the rest is left as it is.
_MOST = 60

#: Papers within which a question does not come up again: more than two rows of a wide room.
APART = 24

#: Pairs of a cell that are tried before another is taken; more of them where none was found, for
#: one that finds no partner would leave all the others where they are.
_TRIED = (8, 64)


def balance(shelf: Shelf, blocks: Sequence[Block]) -> None:
    """Bring the mean of every block to the target, as far as exchanges allow."""
    target = shelf.specification.target or 0.0
    allowed = shelf.specification.tolerance * _MEAN_WITHIN
    beside = np.array([block.mean - target for block in blocks])
    where = _Whereabouts(blocks)
    for _ in range(_MOST * len(blocks)):
        high, low = int(beside.argmax()), int(beside.argmin())
        if max(beside[high], -beside[low]) <= allowed or high == low:
            return
        most = min(
            max(beside[high], allowed) * len(blocks[high]),
            max(-beside[low], allowed) * len(blocks[low]),
        )
        moved = _exchange(blocks, high, low, most, where)
        if moved is None:
            return
        beside[high] -= moved / len(blocks[high])
        beside[low] += moved / len(blocks[low])


def _exchange(
    blocks: Sequence[Block], high: int, low: int, most: float, where: _Whereabouts
) -> float | None:
    """Exchange the pair that moves the most points, yet no more than asked; return how many."""
    giving, taking = blocks[high], blocks[low]
    cells = [cell for gain, cell in _best_cells(giving, taking) if gain > 0]
    for tried, cell in product(_TRIED, cells):
        for one, other in _pairs(giving, taking, cell, most, tried):
            if where.may(giving, one, high, taking, other, low):
                where.swap(giving, one, high, taking, other, low)
                return giving.give(one, taking, other)
    return None


def _best_cells(giving: Block, taking: Block) -> list[tuple[float, int]]:
    """Return the cells both hold, those first in which the values lie furthest apart."""
    found = []
    for cell in giving.cells & taking.cells:
        gain = giving.values_in(cell).max() - taking.values_in(cell).min()
        found.append((float(gain), cell))
    return sorted(found, reverse=True)


def _pairs(
    giving: Block, taking: Block, cell: int, most: float, tried: int
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return places of a cell, in either block, whose exchange moves most without going beyond."""
    ours, mine = giving.values_in(cell), giving.columns_of(cell)
    theirs, other = taking.values_in(cell), taking.columns_of(cell)
    ahead = np.argsort(-ours, axis=None)[:tried]
    behind = np.argsort(theirs, axis=None)[:tried]
    gains = ours.ravel()[ahead][:, None] - theirs.ravel()[behind][None, :]
    order = np.argsort(-np.where(gains <= most, gains, -1.0), axis=None)
    pairs = []
    for flat in order[:tried]:
        a, b = divmod(int(flat), len(behind))
        if not 0 < gains[a, b] <= most:
            break
        row, column = divmod(int(ahead[a]), ours.shape[1])
        their_row, their_column = divmod(int(behind[b]), theirs.shape[1])
        pairs.append(((row, int(mine[column])), (their_row, int(other[their_column]))))
    return pairs


class _Whereabouts:
    """On which papers each question lies, so that it never comes up twice nearby."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._first = np.cumsum([0, *(len(block) for block in blocks)]).tolist()
        self._papers: dict[int, set[int]] = defaultdict(set)
        for block, first in zip(blocks, self._first, strict=False):
            for row in range(len(block)):
                for question in block.questions(row):
                    self._papers[question].add(first + row)

    def may(
        self,
        giving: Block,
        one: tuple[int, int],
        high: int,
        taking: Block,
        other: tuple[int, int],
        low: int,
    ) -> bool:
        """Say whether an exchange puts neither question near itself, nor beside an enemy."""
        mine, theirs = giving.question(*one), taking.question(*other)
        here, there = self._first[high] + one[0], self._first[low] + other[0]
        return (
            self._is_far(mine, there, but=here)
            and self._is_far(theirs, here, but=there)
            and giving.would_fit(one, theirs)
            and taking.would_fit(other, mine)
        )

    def _is_far(self, question: int, paper: int, *, but: int) -> bool:
        return all(abs(lies - paper) > APART for lies in self._papers[question] if lies != but)

    def swap(
        self,
        giving: Block,
        one: tuple[int, int],
        high: int,
        taking: Block,
        other: tuple[int, int],
        low: int,
    ) -> None:
        """Remember an exchange."""
        mine, theirs = giving.question(*one), taking.question(*other)
        here, there = self._first[high] + one[0], self._first[low] + other[0]
        self._papers[mine] ^= {here, there}
        self._papers[theirs] ^= {here, there}
