"""Counting everybody anew, from nothing (重建台账).

People are read in lots of some ten thousands, as columns of whole numbers, so that memory does not
grow with them; their stretches are found, written and added up column by column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import numpy as np
from sqlalchemy import Index, delete, insert, select

from certificates.columns import Spots
from certificates.many_stretches import Counting, Stretches
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
from certificates.services.counts import booking, bulk, known, places
from certificates.services.counts.checkpoints import laid
from certificates.services.counts.columns import Reader
from certificates.services.counts.tallying import Tally, unpacked
from certificates.stretches import Place, Stretch
from certificates.sums import SUMS
from certificates.sweeping import Numbers
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person

#: People read and counted at once.
LOT = 40_000

#: Told how far it is: done, of how many.
Told = Callable[[int, int], object]


def rebuild(*, at: datetime, told: Told | None = None) -> int:
    """Empty the sums and count everybody anew; return how many people and organisations.

    Runs in the caller's transaction. What was known before is not kept: the ledger is opened
    again, and says so.
    """
    known.lock()
    _empty()
    known.number_indicators()
    seq = known.next_batch(at, opening=True)
    indexes = _without_indexes()
    everybody = Everybody()
    for stretches in everybody.counted(told):
        named = dict(zip(Stretches._fields, stretches, strict=True))
        bulk.write(CoverageStretch, {**named, "seq": seq, "gone_seq": STILL})
    for index in indexes:
        index.create(db.session.connection())
    _write_sums(*everybody.tally.cells())
    _tell_the_planner()
    return everybody.count


class Everybody:
    """Everybody as the facts now say: their stretches, lot by lot, and what they change."""

    def __init__(self, *, with_trainers: bool = True) -> None:
        self._with_trainers = with_trainers
        self.rules = known.rules()
        self._numbers = known.numbers_of(
            list(db.session.execute(select(Organisation.id)).scalars())
        )
        self._stood = self._places()
        grounds = {each.ground for every in self._stood.values() for each in every}
        self.tally = Tally(known.summed_of(grounds), self.rules.per_year)
        self._people = _number_people()
        self.count = len(self._people)

    def _places(self) -> dict[int, list[Place]]:
        found = places.places_of(list(self._numbers))
        return {self._numbers[one]: stood for one, stood in found.items()}

    def counted(self, told: Told | None = None) -> Iterator[Stretches]:
        """Yield the stretches of everybody, adding up what they change."""
        reader = Reader(self.rules, with_trainers=self._with_trainers)
        counting = Counting(self.rules, Spots(self._stood))
        for start in range(0, len(self._people), LOT):
            lot = self._people[start : start + LOT]
            for stretches in counting.stretches(reader.files(lot)):
                self.tally.add(stretches)
                yield stretches
            if told is not None:
                told(start + len(lot), len(self._people) + len(self._numbers))
        of_organisations = booking.of_organisations(self._numbers, list(self._numbers), self.rules)
        rows: list[tuple[int, Stretch]] = []
        for one, held in of_organisations.items():
            self.tally.add_one(held)
            rows += [(one, each) for each in held]
        self.count += len(of_organisations)
        if rows:
            yield _as_columns(rows)


def _as_columns(rows: list[tuple[int, Stretch]]) -> Stretches:
    """Return stretches as columns, from one by one."""
    subject = np.array([one for one, _ in rows], np.int64)
    columns: Numbers = np.array([each for _, each in rows], np.int64).T
    order = [booking.NAMES.index(name) for name in Stretches._fields[1:]]
    return Stretches(subject, *columns[order])


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


def _number_people() -> list[int]:
    """Give everybody a number; return them, the smallest first."""
    unnumbered = select(Person.id).where(
        ~select(CoverageNumber.number).where(CoverageNumber.thing_id == Person.id).exists()
    )
    table = CoverageNumber.__table__
    db.session.execute(insert(table).from_select(["thing_id"], unnumbered))  # type: ignore[arg-type]  # a Table
    # Everything is read by ranges of these numbers: the database should know how many there are.
    db.session.connection().exec_driver_sql("ANALYZE coverage_number")
    words = (
        "SELECT n.number FROM coverage_number n JOIN person ON person.id = n.thing_id"
        " ORDER BY n.number"
    )
    numbers: list[int] = bulk.read(words, 1)[0].tolist()
    return numbers


def _write_sums(keys: Numbers, sixes: Numbers) -> None:
    cell = dict(zip(("region", "indicator", "day"), unpacked(keys), strict=True))
    bulk.write(CoverageDay, cell | dict(zip(SUMS, sixes.T, strict=True)))
    keys, sixes = laid(keys, sixes)
    cell = dict(zip(("region", "indicator", "day"), unpacked(keys), strict=True))
    bulk.write(CoverageCheckpoint, cell | dict(zip(SUMS, sixes.T, strict=True)))
