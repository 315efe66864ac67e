"""Counting everybody anew beside those who write, and writing only what differs (不停机重建).

Looking takes the minutes, and no lock; what is wrong is then written in transactions of
milliseconds, between which exams and registers go on. Nothing is forgotten: what was believed
stays readable as it was known.

It does not matter what is booked between the look and the writing. Sums are kept by adding, and
what is added here is what was too little or too much at the moment of the look. Whoever's
stretches differ is booked from the facts of the moment of writing. Killed at any point, the sums
are what they were, or nearer to the facts; begun again, it does the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np
from sqlalchemy import delete, func, select
from sqlalchemy.orm import InstrumentedAttribute

from certificates.many_stretches import Stretches
from certificates.models import (
    STILL,
    CoverageCheckpoint,
    CoverageDay,
    CoverageGround,
    CoverageNumber,
    CoverageStretch,
)
from certificates.services.counts import booking, bulk, comparing, known
from certificates.services.counts.checkpoints import laid
from certificates.services.counts.rebuilding import LOT, Everybody, Told, write_checkpoints
from certificates.services.counts.tallying import INDICATOR_BITS, KEY_DAY_BITS, Tally, unpacked
from certificates.sweeping import Numbers
from server.db import db

#: How stretches are read, see `bulk.read_packed`.
_PACKED: tuple[bulk.Packed, ...] = (
    (("subject", 31), ("indicator", 15)),
    (("organisation", 31), ("ground", 31)),
    (("provider", 31), ("item", 20), ("role", 8)),
    (
        *(("start_day", 23), ("end_day", 23), ("state", 5)),
        *(("section", 5), ("size", 3), ("high_risk", 2)),
    ),
)

#: An odd number with which stretches are stirred; see `_marks`.
_STIR, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)


class Series(NamedTuple):
    """The sums of an indicator in a region: what is to be added to its days."""

    region: int
    indicator: int
    days: Numbers
    sixes: Numbers


class Looked(NamedTuple):
    """What is wrong."""

    #: Regions and indicators whose days or checkpoints are not the sum of the stretches kept.
    series: list[Series]
    #: People, and organisations, whose stretches are not what the facts say.
    people: list[UUID]
    organisations: list[UUID]
    #: How many people and organisations were looked at.
    looked_at: int


def look(told: Told | None = None) -> Looked:
    """Count everybody from the facts, and find what is kept otherwise; in a snapshot, no lock."""
    everybody = Everybody(with_sums=False)
    marks = np.zeros(_greatest(CoverageNumber.number) + 1, np.uint64)
    for stretches in everybody.counted(told):
        np.add.at(marks, stretches.subject, _marks(stretches))
    tally = Tally(known.summed_of(_every_ground()), everybody.rules.per_year)
    for stretches in _kept():
        tally.add(stretches)
        np.subtract.at(marks, stretches.subject, _marks(stretches))
    unlike: list[int] = np.flatnonzero(marks).tolist()
    organisations = set(everybody.numbers.values())
    ids = _ids(unlike)
    return Looked(
        series=list(_wrong_series(tally)),
        people=[one for number, one in ids.items() if number not in organisations],
        organisations=[one for number, one in ids.items() if number in organisations],
        looked_at=everybody.count,
    )


def mend(series: Series, *, at: datetime) -> None:
    """Add what a series lacks to its days and to the ledger, and lay its checkpoints anew."""
    known.lock()
    region, indicator = series.region, series.indicator
    if len(series.days):
        cells = ((region, indicator, day) for day in series.days.tolist())
        changed = dict(zip(cells, series.sixes.tolist(), strict=True))
        booking.write_changes(changed, known.next_batch(at))
    db.session.execute(
        delete(CoverageCheckpoint).where(
            CoverageCheckpoint.region == region, CoverageCheckpoint.indicator == indicator
        )
    )
    db.session.flush()
    first = ((region << INDICATOR_BITS) | indicator) << KEY_DAY_BITS
    keys, sixes = comparing.cells(CoverageDay, first, first + (1 << KEY_DAY_BITS))
    write_checkpoints(*laid(keys, sixes))


def _every_ground() -> list[int]:
    return list(db.session.execute(select(CoverageGround.number)).scalars())


def _kept() -> Iterator[Stretches]:
    """Yield the stretches that are kept, some subjects at a time and indicator by indicator."""
    for start in range(0, _greatest(CoverageStretch.subject) + 1, LOT):
        every = Stretches(**bulk.read_packed(_words(start, start + LOT - 1), _PACKED))
        for indicator in np.unique(every.indicator).tolist():
            some = every.indicator == indicator
            yield Stretches(*(column[some] for column in every))


def _words(first: int, last: int) -> str:
    names = [name for pack in _PACKED for name, _ in pack]
    # Truths are no numbers on PostgreSQL.
    said = {"high_risk": "CASE WHEN high_risk THEN 1 ELSE 0 END"}
    return f"""
        SELECT {", ".join(said.get(name, name) for name in names)} FROM coverage_stretch
        WHERE gone_seq = {STILL} AND subject BETWEEN {first} AND {last}
        """  # noqa: S608  # our own names and numbers


def _greatest(column: InstrumentedAttribute[int]) -> int:
    return db.session.execute(select(func.max(column))).scalar_one() or 0


def _marks(stretches: Stretches) -> Numbers:
    """Return a number for each stretch; those of a subject make one, in whatever order they stand.

    Each stretch is stirred into 64 bits, and those of a subject are added up: two sets of stretches
    that differ have one number by a chance of one in 10^19.
    """
    mark = np.zeros(len(stretches.subject), np.uint64)
    for column in stretches[1:]:
        mark = (mark ^ column.astype(np.uint64)) * _STIR
        mark ^= mark >> _SHIFT
    return mark


def _ids(numbers: list[int]) -> dict[int, UUID]:
    found: dict[int, UUID] = {}
    statement = select(CoverageNumber.number, CoverageNumber.thing_id)
    for start in range(0, len(numbers), LOT // 10):
        some = numbers[start : start + LOT // 10]
        for row in db.session.execute(statement.where(CoverageNumber.number.in_(some))):
            found[row.number] = row.thing_id
    return found


def _wrong_series(tally: Tally) -> Iterator[Series]:
    for piece in comparing.compared(tally):
        lacking = piece.counted - piece.kept
        some = lacking.any(axis=1)
        cells, sixes = piece.days[some], lacking[some]
        _, _, days = unpacked(cells)
        wrong = np.union1d(cells >> KEY_DAY_BITS, comparing.unlike(piece))
        for series in wrong.tolist():
            here = (cells >> KEY_DAY_BITS) == series
            region, indicator, _ = unpacked(np.array([series << KEY_DAY_BITS]))
            yield Series(int(region[0]), int(indicator[0]), days[here], sixes[here])
