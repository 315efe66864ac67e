"""Counting everybody anew, from nothing (重建台账).

People are read in batches of some thousands, so that memory does not grow with them. What a person
who always stood on one ground changes is added up in arrays, county by county, and rolled up once;
only who stood on several grounds is added region by region.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Index, delete, insert, select

from certificates import sums
from certificates.editions import Rules
from certificates.models import (
    STILL,
    CoverageBatch,
    CoverageChange,
    CoverageCheckpoint,
    CoverageDay,
    CoverageNumber,
    CoverageStretch,
    CoverageWaiting,
)
from certificates.services.counts import booking, gathering, known, places
from certificates.services.counts.bulk import Bulk
from certificates.services.counts.reading import quarter_of
from certificates.stretches import Stretch, of_person
from certificates.sums import SUMS
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.models import Person

#: People read and counted at once.
BATCH = 4_000

#: Told how far it is: done, of how many.
Told = Callable[[int, int], object]

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


def rebuild(*, at: datetime, told: Told | None = None) -> int:
    """Empty the sums and count everybody anew; return how many people and organisations.

    Runs in the caller's transaction. What was known before is not kept: the ledger is opened
    again, and says so.
    """
    known.lock()
    _empty()
    known.number_indicators()
    rules = known.rules()
    seq = known.next_batch(at, opening=True)
    organisations = _organisations()
    numbers = known.numbers_of([one for one, _ in organisations])
    people = _number_people()
    stood = {
        numbers[one]: found
        for one, found in places.places_of([one for one, _ in organisations]).items()
    }
    grounds = known.summed_of({each.ground for every in stood.values() for each in every})
    summed = {ground: tuple(regions) for ground, regions in grounds.items()}
    tally, bulk = (
        Tally(),
        Bulk(CoverageStretch, ("subject", *booking.NAMES), seq=seq, gone_seq=STILL),
    )
    counted = 0
    indexes = _without_indexes()
    for held in _held(people, numbers, stood, rules, told):
        for subject, stretches in held:
            bulk.add((subject, *each) for each in stretches)
            _tally(stretches, summed, rules, tally)
            counted += 1
    bulk.close()
    for index in indexes:
        index.create(db.session.connection())
    _write_sums(tally)
    _tell_the_planner()
    return counted


def _empty() -> None:
    for table in (
        CoverageStretch,
        CoverageChange,
        CoverageDay,
        CoverageCheckpoint,
        CoverageBatch,
        CoverageWaiting,
    ):
        db.session.execute(delete(table))


def _without_indexes() -> list[Index]:
    """Drop the indexes of the stretches: making them at the end is far quicker."""
    table = CoverageStretch.__table__
    indexes = sorted(table.indexes, key=lambda index: str(index.name))  # type: ignore[attr-defined]  # a Table
    for index in indexes:
        index.drop(db.session.connection())
    return indexes


def _tell_the_planner() -> None:
    """Let the database look at what it now holds, so that it chooses its ways well."""
    for table in (CoverageStretch, CoverageDay, CoverageCheckpoint, CoverageNumber):
        db.session.connection().exec_driver_sql(f"ANALYZE {table.__tablename__}")


def _organisations() -> list[tuple[UUID, OrganisationKind]]:
    rows = db.session.execute(
        select(Organisation.id, Organisation.kind).order_by(Organisation.path)
    )
    return [(row.id, row.kind) for row in rows]


def _number_people() -> list[int]:
    """Give everybody a number; return them, the smallest first."""
    unnumbered = select(Person.id).where(
        ~select(CoverageNumber.number).where(CoverageNumber.thing_id == Person.id).exists()
    )
    table = CoverageNumber.__table__
    db.session.execute(insert(table).from_select(["thing_id"], unnumbered))  # type: ignore[arg-type]  # a Table
    numbers = (
        select(CoverageNumber.number)
        .join(Person, Person.id == CoverageNumber.thing_id)
        .order_by(CoverageNumber.number)
    )
    return list(db.session.execute(numbers).scalars())


def _held(
    people: Sequence[int],
    organisations: dict[UUID, int],
    stood: dict[int, list[Any]],
    rules: Rules,
    told: Told | None,
) -> Iterator[Iterable[tuple[int, list[Stretch]]]]:
    providers = {str(one): number for one, number in organisations.items()}
    total = len(people) + len(organisations)
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH]
        yield _of_batch(batch[0], batch[-1], organisations, providers, stood, rules)
        if told is not None:
            told(start + len(batch), total)
    yield booking.of_organisations(organisations, list(organisations), rules).items()


def _of_batch(
    first: int,
    last: int,
    organisations: dict[UUID, int],
    providers: dict[str, int],
    stood: dict[int, list[Any]],
    rules: Rules,
) -> Iterator[tuple[int, list[Stretch]]]:
    within = CoverageNumber.number.between(first, last)
    rows = db.session.execute(select(CoverageNumber.thing_id, CoverageNumber.number).where(within))
    numbers = {row[0]: row[1] for row in rows}
    gathered = gathering.gather(select(CoverageNumber.thing_id).where(within))
    for person, each in gathered.items():
        lines = each.post_lines(organisations)
        yield numbers[person], of_person(lines, each.file(providers), rules, stood.__getitem__)


def _tally(
    stretches: list[Stretch], summed: Mapping[int, tuple[int, ...]], rules: Rules, tally: Tally
) -> None:
    chains = {summed[each.ground] for each in stretches}
    if len(chains) == 1:
        tally.add(chains.pop(), sums.changes_in_one(stretches, rules.per_year))
        return
    for (region, indicator, day), six in sums.changes(
        stretches, summed.__getitem__, rules.per_year
    ).items():
        tally.add((region,), {(indicator, day): six})


def _write_sums(tally: Tally) -> None:
    keys, sixes = tally.cells()
    regions, indicators, days = keys >> 40, (keys >> 24) & 0xFFFF, keys & 0xFFFFFF
    bulk = Bulk(CoverageDay, ("region", "indicator", "day", *SUMS))
    bulk.add(
        zip(regions.tolist(), indicators.tolist(), days.tolist(), *sixes.T.tolist(), strict=True)
    )
    bulk.close()
    bulk = Bulk(CoverageCheckpoint, ("region", "indicator", "day", *SUMS))
    series = keys >> 24
    starts = np.flatnonzero(np.r_[True, series[1:] != series[:-1]])[: len(keys)].tolist()
    for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
        head = (int(regions[start]), int(indicators[start]))
        bulk.add((*head, *row) for row in checkpoints(days[start:end], sixes[start:end]))
    bulk.close()


def checkpoints(days: _Numbers, sixes: _Numbers) -> Iterator[tuple[int, ...]]:
    """Yield the first day of each quarter, and the sums before it, from the first change on."""
    so_far = np.cumsum(sixes, axis=0)
    for quarter in _quarters(int(days[0]), int(days[-1])):
        before = int(np.searchsorted(days, quarter))
        if before:
            yield (quarter, *(int(number) for number in so_far[before - 1]))


def _quarters(first: int, last: int) -> Iterator[int]:
    """Yield the first day of every quarter from the one after `first` to the one after `last`."""
    then = date.fromordinal(max(quarter_of(first), date(2000, 1, 1).toordinal()))
    while then.toordinal() <= last and then.year < date.max.year:
        then = date(then.year + (then.month == 10), (then.month + 2) % 12 + 1, 1)
        yield then.toordinal()
