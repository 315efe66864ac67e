"""Adding up what a million people change in the sums, in arrays (汇总).

What a person who always stood on one ground changes is added up once for the chain of regions
above it, and rolled up at the end; only who stood on several is added region by region.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from certificates.sums import SUMS

_Numbers = NDArray[Any]


class Tally:
    """Changes of the six sums by chain of regions, indicator and day, packed in arrays."""

    def __init__(self) -> None:
        #: The regions in whose sums something counts, and the number of that chain here.
        self._chains: dict[tuple[int, ...], int] = {}
        self._keys = array("q")
        self._sixes = array("i")
        self._packed: list[tuple[_Numbers, _Numbers]] = []

    def add(self, chain: tuple[int, ...], found: Mapping[tuple[int, int], Sequence[int]]) -> None:
        """Add what one person changes, by indicator and day, in every region of a chain."""
        number = self._chains.setdefault(chain, len(self._chains)) << 40
        for (indicator, day), six in found.items():
            self._keys.append(number | (indicator << 24) | day)
            self._sixes.extend(six)
        if len(self._keys) >= 1_000_000:
            self._pack()

    def _pack(self) -> None:
        if self._keys:
            keys = np.array(self._keys, dtype=np.int64)
            sixes = np.array(self._sixes, dtype=np.int32).reshape(-1, len(SUMS))
            self._packed = [summed_up([*self._packed, (keys, sixes)])]
            self._keys, self._sixes = array("i"), array("i")

    def cells(self) -> tuple[_Numbers, _Numbers]:
        """Return every cell's key and its six changes, in order, none without any."""
        self._pack()
        if not self._packed:
            return np.empty(0, np.int64), np.empty((0, len(SUMS)), np.int32)
        keys, sixes = self._rolled_up(*self._packed[0])
        some = sixes.any(axis=1)
        return keys[some], sixes[some]

    def _rolled_up(self, keys: _Numbers, sixes: _Numbers) -> tuple[_Numbers, _Numbers]:
        """Return the cells of every region, from those of the chains."""
        deepest = max(map(len, self._chains))
        above = np.zeros((len(self._chains), deepest), np.int64)
        for chain, number in self._chains.items():
            above[number, : len(chain)] = chain
        numbers, rest = keys >> 40, keys & 0xFFFFFFFFFF
        parts = []
        for level in range(deepest):
            regions = above[numbers, level]
            some = regions > 0
            parts.append(summed_up([((regions[some] << 40) | rest[some], sixes[some])]))
        return summed_up(parts)


def summed_up(parts: Sequence[tuple[_Numbers, _Numbers]]) -> tuple[_Numbers, _Numbers]:
    """Return the sum of several lists of cells, by key."""
    keys = np.concatenate([each for each, _ in parts])
    sixes = np.concatenate([each for _, each in parts])
    order = np.argsort(keys, kind="stable")
    keys, sixes = keys[order], sixes[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    return keys[starts], np.add.reduceat(sixes, starts, axis=0)
