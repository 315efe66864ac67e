"""Adding up what a million people change in the sums, in arrays (汇总).

What a person who always stood on one ground changes is added up once for the chain of regions
above it, and rolled up at the end; only who stood on several is added region by region.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from certificates import sweeping
from certificates.many_stretches import Stretches
from certificates.papers import END, FIRST_MISSING
from certificates.sums import SUMS
from certificates.sweeping import DAY_BITS, Numbers

#: Cells of an indicator that are kept apart at least, before they are added up.
_MANY = 100_000

#: Cells that are handed on at once.
PIECE = 250_000

#: Bits of an indicator and a day beneath the region in the key of a cell: 27 are left for regions.
INDICATOR_BITS, KEY_DAY_BITS = 14, DAY_BITS

#: Keys of cells in order, and what each changes in the six sums.
Cells = tuple[Numbers, Numbers]


class Tally:
    """Changes of the six sums by chain of regions, indicator and day."""

    def __init__(self, summed: Mapping[int, Sequence[int]], per_year: Collection[int]) -> None:
        """Begin with nothing.

        Args:
            summed: the regions in whose sums each ground counts.
            per_year: indicators in which having it for any post is enough.
        """
        self._per_year = frozenset(per_year)
        self._chains: dict[tuple[int, ...], int] = {}
        self._chain_of = np.zeros(max(summed, default=0) + 1, np.int64)
        for ground, regions in summed.items():
            self._chain_of[ground] = self._chain(tuple(regions))
        self._regions = self._by_level()
        self._heaps: dict[int, _Heap] = {}

    def _chain(self, regions: tuple[int, ...]) -> int:
        return self._chains.setdefault(regions, len(self._chains))

    def add(self, stretches: Stretches) -> None:
        """Add what many people change, each once in every region: all stretches of an indicator."""
        # People are numbered anew, so that region, person and day fit into one number.
        _, person = np.unique(stretches.subject, return_inverse=True)
        people = int(person.max(initial=0)) + 1
        target, which = self._targets(self._chain_of[stretches.ground], person, people)
        groups, days, active = sweeping.counted(
            target * people + person[which],
            stretches.start_day[which],
            stretches.end_day[which],
            np.minimum(stretches.state[which], FIRST_MISSING),
            FIRST_MISSING + 1,
        )
        indicator = int(stretches.indicator[0])
        sixes = np.diff(self._sixes(active, indicator), axis=0, prepend=np.int32(0))
        some = sixes.any(axis=1) & (days < END)
        keys = (groups[some] // people) << KEY_DAY_BITS | days[some]
        self._heap(indicator).add(*summed_up([(keys, sixes[some])]))

    def _heap(self, indicator: int) -> _Heap:
        return self._heaps.setdefault(indicator, _Heap())

    def _targets(self, chain: Numbers, person: Numbers, people: int) -> tuple[Numbers, Numbers]:
        """Return where stretches count: in a chain, or region by region of somebody who moved."""
        least, most = np.full(people, len(self._chains)), np.full(people, -1)
        np.minimum.at(least, person, chain)
        np.maximum.at(most, person, chain)
        moved = (least != most)[person]
        some = np.flatnonzero(moved)
        targets, places = [chain[~moved]], [np.flatnonzero(~moved)]
        for regions in self._regions.T:
            region = regions[chain[some]]
            here = region >= 0
            targets.append(region[here])
            places.append(some[here])
        return np.concatenate(targets), np.concatenate(places)

    def _by_level(self) -> Numbers:
        """Return the chain of one region for each region of each chain; -1 where there is none."""
        every = list(self._chains)
        found = np.full((len(every), max(map(len, every), default=0)), -1, np.int64)
        for number, regions in enumerate(every):
            for level, region in enumerate(regions):
                found[number, level] = self._chain((region,))
        return found

    def _sixes(self, active: Numbers, indicator: int) -> Numbers:
        left_out, covered, missing = active.T
        due = covered + missing
        lacking = missing > 0
        if indicator in self._per_year:
            lacking &= covered == 0
        excluded = (left_out > 0) & (due == 0)
        return np.stack([due > 0, lacking, excluded, due, missing, left_out], axis=1).astype(
            np.int32
        )

    def cells(self) -> Iterator[Cells]:
        """Yield every cell's key and its six changes, in order, none without any.

        Piece by piece, each with whole regions and indicators: nothing is held twice.
        """
        heaps = {indicator: heap.whole() for indicator, heap in sorted(self._heaps.items())}
        some: list[Cells] = []
        waiting = 0
        for region, chains in sorted(self._beneath().items()):
            for indicator, held in heaps.items():
                keys, sixes = _of_chains(held, chains)
                if len(keys):
                    some.append((_key(np.array(region, np.int64), indicator, keys), sixes))
                    waiting += len(keys)
                if waiting > PIECE:
                    yield _joined(some)
                    some, waiting = [], 0
        if some:
            yield _joined(some)

    def _beneath(self) -> dict[int, list[int]]:
        """Return the numbers of the chains that count in each region."""
        found: dict[int, list[int]] = {}
        for regions, number in self._chains.items():
            for region in regions:
                found.setdefault(region, []).append(number)
        return found


class _Heap:
    """What one indicator changes by chain and day: added up as it grows, so that it stays small."""

    def __init__(self) -> None:
        self._parts: list[Cells] = []
        self._sizes = [0, 0]

    def add(self, keys: Numbers, sixes: Numbers) -> None:
        """Add some cells, in any order."""
        if not self._parts:
            self._parts.append((np.empty(0, np.int64), np.empty((0, len(SUMS)), np.int32)))
        self._parts.append((keys, sixes))
        self._sizes[1] += len(keys)
        if self._sizes[1] > max(_MANY, self._sizes[0] // 2):
            self.whole()

    def whole(self) -> Cells:
        """Return all cells in order, each once."""
        self._parts = [summed_up(self._parts)]
        self._sizes = [len(self._parts[0][0]), 0]
        return self._parts[0]


def _of_chains(held: Cells, chains: Sequence[int]) -> Cells:
    """Return what some chains change together, day by day; no day that nothing changes."""
    keys, sixes = held
    edges = np.array(sorted(chains), np.int64) << KEY_DAY_BITS
    first = np.searchsorted(keys, edges).tolist()
    last = np.searchsorted(keys, edges + (1 << KEY_DAY_BITS)).tolist()
    parts = [
        (keys[start:end] & ((1 << KEY_DAY_BITS) - 1), sixes[start:end])
        for start, end in zip(first, last, strict=True)
        if start < end
    ]
    if not parts:
        return keys[:0], sixes[:0]
    days, changed = summed_up(parts)
    some = changed.any(axis=1)
    return days[some], changed[some]


def _joined(parts: Sequence[Cells]) -> Cells:
    return np.concatenate([each for each, _ in parts]), np.concatenate([each for _, each in parts])


def unpacked(keys: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return region, indicator and day of keys."""
    indicators = (keys >> KEY_DAY_BITS) & ((1 << INDICATOR_BITS) - 1)
    return keys >> (INDICATOR_BITS + KEY_DAY_BITS), indicators, keys & ((1 << KEY_DAY_BITS) - 1)


def _key(region: Numbers, indicator: Numbers | int, day: Numbers | int) -> Numbers:
    key: Numbers = (((region << INDICATOR_BITS) | indicator) << KEY_DAY_BITS) | day
    return key


def summed_up(parts: Sequence[Cells]) -> Cells:
    """Return the sum of several lists of cells, by key."""
    keys, sixes = parts[0] if len(parts) == 1 else _joined(parts)
    if not len(keys):
        return keys, sixes
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.insert(keys[1:] != keys[:-1], 0, values=True))
    return keys[starts], np.add.reduceat(sixes[order], starts, axis=0)
