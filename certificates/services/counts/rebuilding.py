"""Counting everybody anew, from nothing (重建台账).

People are read in batches of some thousands, so that memory does not grow with them. What a person
who always stood on one ground changes is added up in arrays, county by county, and rolled up once;
only who stood on several grounds is added region by region.
"""

from __future__ import annotations

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
from certificates.services.counts.tallying import Tally
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


def recount() -> dict[tuple[int, int, int], list[int]]:
    """Return what everybody changes in the sums, from the facts, and write none of it.

    By region, indicator and day.
    """
    known.lock()
    rules = known.rules()
    organisations = [one for one, _ in _organisations()]
    numbers = known.numbers_of(organisations)
    places_of = places.places_of(organisations)
    stood = {numbers[one]: found for one, found in places_of.items()}
    grounds = known.summed_of({each.ground for every in stood.values() for each in every})
    summed = {ground: tuple(regions) for ground, regions in grounds.items()}
    tally = Tally()
    for held in _held(_number_people(), numbers, stood, rules, None):
        for _, stretches in held:
            _tally(stretches, summed, rules, tally)
    keys, sixes = tally.cells()
    return {
        (key >> 40, (key >> 24) & 0xFFFF, key & 0xFFFFFF): six
        for key, six in zip(keys.tolist(), sixes.tolist(), strict=True)
    }


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
