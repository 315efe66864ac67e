"""Counting everybody anew, from nothing (重建台账).

People are read in lots of some ten thousands, as columns of whole numbers, so that memory does not
grow with them; their stretches are found, written and added up column by column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import CompoundSelect, Index, delete, insert, select

from certificates.columns import Files, Spots
from certificates.editions import Rules
from certificates.many_stretches import Counting, Stretches
from certificates.models import (
    STILL,
    CoverageBatch,
    CoverageChange,
    CoverageCheckpoint,
    CoverageDay,
    CoverageLack,
    CoverageNumber,
    CoverageStretch,
    CoverageWaiting,
)
from certificates.services.counts import booking, bulk, known, lacks, places
from certificates.services.counts.ahead import ahead
from certificates.services.counts.checkpoints import laid
from certificates.services.counts.columns import Reader
from certificates.services.counts.tallying import Tally, unpacked
from certificates.sums import SUMS, Six
from certificates.sweeping import Numbers
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person, Post
from server.regions.models import Region, beneath

#: People read and counted at once.
LOT = 20_000

#: The number of the one sum of a region that is looked at alone.
WHOLE = 1

#: Told how far it is: done, of how many.
Told = Callable[[int, int], object]


def rebuild(*, at: datetime, told: Told | None = None) -> int:
    """Empty the sums and count everybody anew; return how many people and organisations.

    Runs in the caller's transaction. What was known before is not kept: the ledger is opened
    again, and says so.
    """
    known.lock()
    _empty()
    number_everybody()
    seq = known.next_batch(at, opening=True)
    indexes = _without_indexes()
    everybody, outline = Everybody(), lacks.Lacks()
    with lacks.unnoted():
        for stretches in everybody.counted(told):
            named = dict(zip(Stretches._fields, stretches, strict=True))
            bulk.write(CoverageStretch, {**named, "seq": seq, "gone_seq": STILL})
            outline.add(stretches)
    outline.write()
    tally, count = everybody.tally, everybody.count
    # Where fifty thousand enterprises stood is not asked any more.
    del everybody
    _sort_in_files()
    for index in indexes:
        index.create(db.session.connection())
    for cells in tally.cells():
        _write_sums(*cells)
    _tell_the_planner()
    return count


def tidy() -> None:
    """Let PostgreSQL read lists from their index alone at once, after all was written anew.

    It must know for that which pages everybody may see, and else looks only minutes later. Runs
    after the transaction, over a connection of its own.
    """
    if db.engine.dialect.name != "postgresql":
        return
    with db.engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in (CoverageStretch, CoverageDay, CoverageLack):
            alone.exec_driver_sql(f"VACUUM {table.__tablename__}")


def number_everybody() -> None:
    """Give a number to every person, organisation, place and indicator that has none."""
    known.number_indicators()
    table = CoverageNumber.__table__
    for ids in _unnumbered():
        db.session.execute(insert(table).from_select(["thing_id"], ids))  # type: ignore[arg-type]  # a Table
    # Everything is read by ranges of these numbers: the database should know how many there are.
    db.session.connection().exec_driver_sql("ANALYZE coverage_number")
    known.grounds_of(places.grounds())


def without_number() -> tuple[list[UUID], list[str]]:
    """Return people and organisations, and paths of grounds, that have no number; a read."""
    things = [one for ids in _unnumbered() for one in db.session.execute(ids).scalars()]
    grounds = places.grounds()
    return things, sorted(grounds - known.numbered_grounds(grounds).keys())


def _unnumbered() -> list[CompoundSelect[Any]]:
    """Select the people, and the organisations, that have no number.

    `EXCEPT` is known as a whole before anything is written. Where each was looked up among the
    numbers by itself, PostgreSQL read all that the same statement had just written once more for
    everybody, as soon as it took the table for a small one.
    """
    numbered = select(CoverageNumber.thing_id)
    return [select(kind.id).except_(numbered) for kind in (Person, Organisation)]


class Everybody:
    """Everybody as the facts now say: their stretches, lot by lot, and what they change.

    Looking writes nothing, and passes over who has no number: of everybody, `number_everybody` goes
    before; of a region, who waits to be booked for the first time is not seen yet.
    """

    def __init__(
        self,
        rules: Rules | None = None,
        *,
        within: str | None = None,
        with_trainers: bool = True,
        with_sums: bool = True,
        reads_ahead: bool = False,
    ) -> None:
        """Look at everybody.

        Args:
            rules: what is counted; left out: every indicator.
            within: the path of a region: only who is in post in it now, added up in one sum of
                number `WHOLE`; left out: everybody, in the sums of their regions.
            with_trainers: whether stretches say who had trained.
            with_sums: whether what they change is added up.
            reads_ahead: whether the next lot is read while one is counted: only for who leaves
                the database alone between two lots.
        """
        self.rules = known.rules() if rules is None else rules
        self._with_trainers, self._with_sums = with_trainers, with_sums
        self._reads_ahead = reads_ahead
        self.numbers = known.numbered(_organisations(within))
        self.places = places.places_of(list(self.numbers))
        self._stood = {self.numbers[one]: found for one, found in self.places.items()}
        grounds = {each.ground for every in self._stood.values() for each in every}
        summed: Mapping[int, Sequence[int]] = dict.fromkeys(grounds, (WHOLE,))
        self.tally = Tally(
            known.summed_of(grounds) if within is None else summed, self.rules.per_year
        )
        self.people = _people() if within is None else _numbers_within(within)
        self.count = len(self.people)

    def sums(self, *, on: date, indicator: int) -> Six:
        """Return the six sums of everybody looked at `within` a region on a day."""
        for _ in self.counted():
            pass
        found = np.zeros(len(SUMS), np.int64)
        for keys, sixes in self.tally.cells():
            _, indicators, days = unpacked(keys)
            found += sixes[(indicators == indicator) & (days <= on.toordinal())].sum(axis=0)
        return [int(number) for number in found]

    def counted(self, told: Told | None = None) -> Iterator[Stretches]:
        """Yield the stretches of everybody, adding up what they change."""
        bulk.look_up_singly()
        reader = Reader(self.rules, with_trainers=self._with_trainers)
        counting = Counting(self.rules, Spots(self._stood))
        done = 0
        for lot, files in self._files(reader):
            for stretches in counting.stretches(files):
                if self._with_sums:
                    self.tally.add(stretches)
                yield stretches
            done += len(lot)
            if told is not None:
                told(done, len(self.people) + len(self.numbers))
        of_organisations = booking.of_organisations(self.numbers, self.places, self.rules)
        self.count += len(of_organisations)
        for stretches in _as_columns(of_organisations):
            if self._with_sums:
                self.tally.add(stretches)
            yield stretches

    def _files(self, reader: Reader) -> Iterator[tuple[Numbers, Files]]:
        """Yield lots of people with all that is known of them."""
        people = self.people
        lots = [people[start : start + LOT] for start in range(0, len(people), LOT)]
        if self._reads_ahead:
            return ahead(reader.files, lots)
        return ((lot, reader.files(lot)) for lot in lots)


def _as_columns(held: booking.Held) -> Iterator[Stretches]:
    """Yield stretches as columns, from one by one, indicator by indicator."""
    rows = [(one, *each) for one, every in held.items() for each in every]
    if not rows:
        return
    columns: Numbers = np.array(rows, np.int64).T
    order = [("subject", *booking.NAMES).index(name) for name in Stretches._fields]
    every = Stretches(*columns[order])
    for indicator in np.unique(every.indicator).tolist():
        yield Stretches(*(column[every.indicator == indicator] for column in every))


def _organisations(within: str | None) -> list[UUID]:
    statement = select(Organisation.id)
    if within is not None:
        statement = statement.join(Region).where(beneath(Region.path, within))
    return list(db.session.execute(statement).scalars())


def _empty() -> None:
    for table in (
        CoverageStretch,
        CoverageLack,
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
    for table in (CoverageStretch, CoverageLack, CoverageDay, CoverageCheckpoint, CoverageNumber):
        db.session.connection().exec_driver_sql(f"ANALYZE {table.__tablename__}")


def _sort_in_files() -> None:
    """Let SQLite sort an index of millions of rows beside the memory, not in it."""
    if db.engine.dialect.name == "sqlite":
        db.session.connection().exec_driver_sql("PRAGMA temp_store=FILE")


def _people() -> Numbers:
    """Return the numbers of everybody, the smallest first."""
    words = "SELECT n.number FROM coverage_number n JOIN person ON person.id = n.thing_id"
    numbers: Numbers = np.sort(bulk.read(words, 1)[0])
    return numbers


def _numbers_within(path: str) -> Numbers:
    people = (
        select(Post.person_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .join(Region, Region.id == Organisation.region_id)
        .where(beneath(Region.path, path))
        .distinct()
    )
    numbers = known.numbered(db.session.execute(people).scalars()).values()
    found: Numbers = np.sort(np.fromiter(numbers, np.int64, len(numbers)))
    return found


def _write_sums(keys: Numbers, sixes: Numbers) -> None:
    cell = dict(zip(("region", "indicator", "day"), unpacked(keys), strict=True))
    bulk.write(CoverageDay, cell | dict(zip(SUMS, sixes.T, strict=True)))
    write_checkpoints(*laid(keys, sixes))


def write_checkpoints(keys: Numbers, sixes: Numbers) -> None:
    """Store checkpoints that are not there yet."""
    cell = dict(zip(("region", "indicator", "day"), unpacked(keys), strict=True))
    bulk.write(CoverageCheckpoint, cell | dict(zip(SUMS, sixes.T, strict=True)))
