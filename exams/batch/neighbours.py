"""What papers share with those around them (邻座重复).

Seats of a room are numbered row by row; the eight seats around one are its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from exams.batch.stock import Places


@dataclass(frozen=True, kw_only=True)
class Room:
    """Seats in rows and columns, filled row by row."""

    rows: int
    columns: int

    @property
    def seats(self) -> int:
        """How many can sit there."""
        return self.rows * self.columns


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """How many questions pairs of papers share."""

    pairs: int
    mean: float
    most: int


#: The half of the eight neighbours that lies ahead: the other half is counted from there.
_AHEAD = ((0, 1), (1, -1), (1, 0), (1, 1))


def pairs(rooms: Sequence[Room], papers: int) -> Places:
    """Return the pairs of papers that lie beside each other, the rooms filled one by one."""
    found: list[tuple[int, int]] = []
    first = 0
    for room in rooms:
        for seat in range(min(room.seats, papers - first)):
            row, column = divmod(seat, room.columns)
            for down, right in _AHEAD:
                beside = column + right
                other = (row + down) * room.columns + beside
                if 0 <= beside < room.columns and other < min(room.seats, papers - first):
                    found.append((first + seat, first + other))
        first += room.seats
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def overlap(papers: Places, among: Places) -> Overlap:
    """Return what the pairs share."""
    if not len(among):
        return Overlap(pairs=0, mean=0.0, most=0)
    ordered = np.sort(papers, axis=1)
    shared = np.array(
        [
            len(np.intersect1d(ordered[one], ordered[other], assume_unique=True))
            for one, other in among.tolist()
        ]
    )
    return Overlap(pairs=len(among), mean=float(shared.mean()), most=int(shared.max()))


def overlap_of_all(papers: Places) -> Overlap:
    """Return what every two papers share: counted by question, for there are many pairs."""
    count = len(papers)
    if count < 2:
        return Overlap(pairs=0, mean=0.0, most=0)
    uses = np.bincount(papers.ravel())
    # Papers by question: those of the first question first, and so on.
    asking = np.argsort(papers.ravel(), kind="stable") // papers.shape[1]
    ends = np.cumsum(uses)
    most = 0
    for paper, row in enumerate(papers):
        others = [asking[end - uses[one] : end] for one, end in zip(row, ends[row], strict=True)]
        shared = np.bincount(np.concatenate(others), minlength=count)
        shared[paper] = 0
        most = max(most, int(shared.max()))
    every = float((uses * (uses - 1) // 2).sum())
    return Overlap(pairs=comb(count, 2), mean=every / comb(count, 2), most=most)
