"""Checking the sums against a full count of everybody, from the facts (核对)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import numpy as np
from sqlalchemy import select

from certificates.models import (
    CoverageCheck,
    CoverageCheckpoint,
    CoverageDay,
    CoverageIndicator,
    CoverageNumber,
)
from certificates.services.counts import bulk, known
from certificates.services.counts.checkpoints import before
from certificates.services.counts.rebuilding import Everybody
from certificates.services.counts.tallying import packed, unpacked
from certificates.sums import SUMS
from certificates.sweeping import Numbers
from server.days import CIVIL_ZONE, civil_day
from server.db import Base, db
from server.jobs import services as jobs
from server.jobs.models import Job
from server.policy import Identity

#: Cells that are named; where more differ, the first of them say enough.
NAMED = 100

#: The job that checks.
JOB = "coverage_check"

#: Hours of the night (in Shanghai) in which everybody is counted, and how old a check may grow.
NIGHT, OLDEST = range(1, 5), timedelta(hours=20)

#: In whose name the platform asks for its own check.
PLATFORM = Identity(account_id=UUID(int=0), person_id=UUID(int=0))

#: Regions compared at once.
LOT = 40


def last() -> CoverageCheck | None:
    """Return the last check; None where there was none."""
    statement = select(CoverageCheck).order_by(CoverageCheck.checked_at.desc()).limit(1)
    return db.session.execute(statement).scalar_one_or_none()


def ask_if_due(*, at: datetime) -> bool:
    """Ask for the check of this night, once; say whether it was asked for."""
    before = last()
    if at.astimezone(CIVIL_ZONE).hour not in NIGHT:
        return False
    if before is not None and at - before.checked_at < OLDEST:
        return False
    night = uuid5(NAMESPACE_URL, f"{JOB}:{civil_day(at).isoformat()}")
    if db.session.get(Job, night) is not None:
        return False
    jobs.ask(night, JOB, {}, by=PLATFORM, at=at)
    return True


def check(*, at: datetime) -> CoverageCheck:
    """Count everybody from the facts, compare every cell of every day, and keep what was found.

    Compared are what each day changes, and the checkpoints that figures are read from. Nothing is
    repaired: a difference is an alarm. The cells that differ are named by region, indicator and
    day, with what the sums say and what was counted.
    """
    known.lock()
    everybody = Everybody(with_trainers=False)
    for _ in everybody.counted():
        pass
    differences: list[dict[str, Any]] = []
    cells, unseen = 0, _regions()
    for keys, sixes in everybody.tally.cells():
        regions = np.unique(unpacked(keys)[0])
        unseen = np.setdiff1d(unseen, regions)
        for some in _lots(regions):
            edges = packed(np.array([some[0], some[-1] + 1]), np.zeros(2, np.int64), 0)
            here = slice(*np.searchsorted(keys, edges).tolist())
            cells += _compare(some, keys[here], sixes[here], differences)
    for some in _lots(unseen):
        cells += _compare(
            some, np.empty(0, np.int64), np.empty((0, len(SUMS)), np.int32), differences
        )
    found = CoverageCheck(
        id=uuid4(),
        checked_at=at,
        cell_count=cells,
        differences=differences[:NAMED],
        seconds=0,
    )
    db.session.add(found)
    db.session.flush()
    return found


def _compare(
    regions: Numbers, keys: Numbers, sixes: Numbers, differences: list[dict[str, Any]]
) -> int:
    """Compare the sums of some regions with what was counted; return how many cells there are."""
    kept_keys, kept = _kept(CoverageDay, regions)
    some = kept.any(axis=1)
    every = np.union1d(keys, kept_keys[some])
    believed = _spread(every, kept_keys[some], kept[some])
    days = _compared(every, believed, _spread(every, keys, sixes))
    laid_keys, laid = _kept(CoverageCheckpoint, regions)
    checkpoints = _compared(laid_keys, laid, before(keys, sixes, laid_keys))
    differences += [_named(*each, what="day") for each in days]
    differences += [_named(*each, what="checkpoint") for each in checkpoints]
    return len(every) + len(laid_keys)


def _regions() -> Numbers:
    words = f"SELECT DISTINCT region FROM {CoverageDay.__tablename__}"  # noqa: S608  # our own name
    return np.sort(bulk.read(words, 1)[0])


def _lots(regions: Numbers) -> Iterator[Numbers]:
    for start in range(0, len(regions), LOT):
        yield regions[start : start + LOT]


def _compared(keys: Numbers, kept: Numbers, counted: Numbers) -> list[tuple[int, Numbers, Numbers]]:
    """Return the cells that are not what was counted: the first of them."""
    wrong = np.flatnonzero((kept != counted).any(axis=1))[:NAMED].tolist()
    return [(int(keys[place]), kept[place], counted[place]) for place in wrong]


def _kept(table: type[Base], regions: Numbers) -> tuple[Numbers, Numbers]:
    names = ("region", "indicator", "day", *SUMS)
    which = ", ".join(map(str, regions.tolist()))
    words = f"SELECT {', '.join(names)} FROM {table.__tablename__} WHERE region IN ({which})"  # noqa: S608  # our own names and numbers
    columns = bulk.read(words, len(names))
    keys = packed(columns[0], columns[1], columns[2])
    order = np.argsort(keys)
    return keys[order], columns[3:].T[order].astype(np.int32)


def _spread(every: Numbers, keys: Numbers, sixes: Numbers) -> Numbers:
    found = np.zeros((len(every), len(SUMS)), np.int64)
    found[np.searchsorted(every, keys)] = sixes
    return found


def _named(cell: int, kept: Numbers, counted: Numbers, *, what: str) -> dict[str, Any]:
    region, indicator, day = (int(each[0]) for each in unpacked(np.array([cell])))
    thing = db.session.get(CoverageNumber, region)
    key = db.session.get(CoverageIndicator, indicator)
    return {
        "what": what,
        "region_id": str(thing.thing_id) if thing else None,
        "indicator": key.key if key else None,
        "on": date.fromordinal(day).isoformat(),
        "kept": dict(zip(SUMS, kept.tolist(), strict=True)),
        "counted": dict(zip(SUMS, counted.tolist(), strict=True)),
    }
