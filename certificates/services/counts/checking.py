"""Checking the sums against a full count of everybody, from the facts (核对)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import numpy as np

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
from server.db import Base, db

#: Cells that are named; where more differ, the first of them say enough.
NAMED = 100


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
    keys, sixes = everybody.tally.cells()
    kept_keys, kept = _kept(CoverageDay)
    some = kept.any(axis=1)
    every = np.union1d(keys, kept_keys[some])
    days = _compared(
        every, _spread(every, kept_keys[some], kept[some]), _spread(every, keys, sixes)
    )
    laid_keys, laid = _kept(CoverageCheckpoint)
    checkpoints = _compared(laid_keys, laid, before(keys, sixes, laid_keys))
    found = CoverageCheck(
        id=uuid4(),
        checked_at=at,
        cell_count=len(every) + len(laid_keys),
        differences=[
            *(_named(*each, what="day") for each in days),
            *(_named(*each, what="checkpoint") for each in checkpoints),
        ][:NAMED],
        seconds=0,
    )
    db.session.add(found)
    db.session.flush()
    return found


def _compared(keys: Numbers, kept: Numbers, counted: Numbers) -> list[tuple[int, Numbers, Numbers]]:
    """Return the cells that are not what was counted: the first of them."""
    wrong = np.flatnonzero((kept != counted).any(axis=1))[:NAMED].tolist()
    return [(int(keys[place]), kept[place], counted[place]) for place in wrong]


def _kept(table: type[Base]) -> tuple[Numbers, Numbers]:
    names = ("region", "indicator", "day", *SUMS)
    words = f"SELECT {', '.join(names)} FROM {table.__tablename__}"  # noqa: S608  # our own names
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
