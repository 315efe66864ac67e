"""Adding up what a million people change in the sums, in arrays (汇总).

What a person who always stood on one ground changes is added up once for the chain of regions
above it, and rolled up at the end; only who stood on several is added region by region.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from certificates import sums, sweeping
from certificates.many_stretches import Stretches
from certificates.papers import END, FIRST_MISSING
from certificates.stretches import Stretch
from certificates.sums import SUMS
from certificates.sweeping import DAY_BITS, Numbers

#: Cells that are kept apart before they are added up.
_MANY = 1_500_000

#: Bits of an indicator and a day beneath the region in the key of a cell.
INDICATOR_BITS, KEY_DAY_BITS = 16, 24


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
        self._summed = {ground: tuple(regions) for ground, regions in summed.items()}
        self._regions = self._by_level()
        self._pending: list[tuple[Numbers, Numbers]] = []
        self._waiting = 0

    def _chain(self, regions: tuple[int, ...]) -> int:
        return self._chains.setdefault(regions, len(self._chains))

    def add_one(self, stretches: Sequence[Stretch]) -> None:
        """Add what one person or organisation changes."""
        found = sums.changes(stretches, self._summed.__getitem__, self._per_year)
        if found:
            cells = [(self._chain((region,)), one, day) for region, one, day in found]
            chain, indicator, day = np.array(cells, np.int64).T
            self._keep(_key(chain, indicator, day), np.array(list(found.values()), np.int32))

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
        sixes = np.diff(self._sixes(active, indicator), axis=0, prepend=0)
        some = sixes.any(axis=1) & (days < END)
        self._keep(_key(groups[some] // people, indicator, days[some]), sixes[some])

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

    def _keep(self, keys: Numbers, sixes: Numbers) -> None:
        self._pending.append((keys, sixes))
        self._waiting += len(keys)
        if self._waiting > _MANY:
            self._pending, self._waiting = [summed_up(self._pending)], 0

    def cells(self) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield every cell's key and its six changes, in order, none without any.

        Level by level of the regions, so that not all of them are held twice; can be done once.
        """
        if not self._pending:
            return
        keys, sixes = summed_up(self._pending)
        self._pending = []
        shift = INDICATOR_BITS + KEY_DAY_BITS
        numbers, rest = keys >> shift, keys & ((1 << shift) - 1)
        del keys
        for regions in self._above().T:
            region = regions[numbers]
            some = region > 0
            level = summed_up([((region[some] << shift) | rest[some], sixes[some])])
            changed = level[1].any(axis=1)
            yield level[0][changed], level[1][changed]

    def _above(self) -> Numbers:
        """Return the region of each level above each chain; 0 where there is none."""
        level_of = {
            region: level
            for regions in self._summed.values()
            for level, region in enumerate(regions)
        }
        found = np.zeros((len(self._chains), max(level_of.values(), default=-1) + 1), np.int64)
        for regions, number in self._chains.items():
            for region in regions:
                found[number, level_of[region]] = region
        return found


def unpacked(keys: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return region, indicator and day of keys."""
    indicators = (keys >> KEY_DAY_BITS) & ((1 << INDICATOR_BITS) - 1)
    return keys >> (INDICATOR_BITS + KEY_DAY_BITS), indicators, keys & ((1 << KEY_DAY_BITS) - 1)


def _key(region: Numbers, indicator: Numbers | int, day: Numbers | int) -> Numbers:
    key: Numbers = (((region << INDICATOR_BITS) | indicator) << KEY_DAY_BITS) | day
    return key


def packed(region: Numbers, indicator: Numbers, day: Numbers | int) -> Numbers:
    """Return the keys of cells."""
    return _key(region, indicator, day)


def summed_up(parts: Sequence[tuple[Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    """Return the sum of several lists of cells, by key."""
    keys, sixes = parts[0]
    if len(parts) > 1:
        keys = np.concatenate([each for each, _ in parts])
        sixes = np.concatenate([each for _, each in parts])
    if not len(keys):
        return keys, np.empty((0, len(SUMS)), np.int32)
    order = np.argsort(keys, kind="stable")
    keys, sixes = keys[order], sixes[order]
    starts = np.flatnonzero(np.insert(keys[1:] != keys[:-1], 0, values=True))
    return keys[starts], np.add.reduceat(sixes, starts, axis=0)


assert DAY_BITS <= KEY_DAY_BITS  # noqa: S101  # a key holds every day
