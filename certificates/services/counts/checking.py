"""Checking the sums against a full count of everybody, from the facts (核对)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import numpy as np
from sqlalchemy import select

from certificates.errors import SumsBehind
from certificates.models import (
    CoverageCheck,
    CoverageCheckpoint,
    CoverageDay,
    CoverageIndicator,
    CoverageNumber,
)
from certificates.services.counts import bulk, waiting
from certificates.services.counts.checkpoints import before
from certificates.services.counts.rebuilding import Everybody
from certificates.services.counts.tallying import (
    INDICATOR_BITS,
    KEY_DAY_BITS,
    Cells,
    unpacked,
)
from certificates.sums import SUMS
from certificates.sweeping import Numbers
from server.auth.services import grants
from server.days import CIVIL_ZONE, civil_day
from server.db import Base, db
from server.errors import Message
from server.jobs import services as jobs
from server.jobs.models import Job
from server.messages.services import outbox
from server.messages.services.outbox import Told
from server.policy import Identity, Role
from server.regions.models import Region

#: Cells that an alarm names in words.
TOLD = 5

#: Cells that are named; where more differ, the first of them say enough.
NAMED = 100

#: The job that checks.
JOB = "coverage_check"

#: Hours of the night (in Shanghai) in which everybody is counted, and how old a check may grow.
NIGHT, OLDEST = range(1, 5), timedelta(hours=20)

#: In whose name the platform asks for its own check.
PLATFORM = Identity(account_id=UUID(int=0), person_id=UUID(int=0))

#: Half of what 32 bits hold: a sum, and the number of a region, are smaller.
_HALF = 2**31

_NOTHING: Cells = (np.empty(0, np.int64), np.empty((0, len(SUMS)), np.int32))


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

    Reads one moment of the database, which the caller opened, and writes nothing: it takes a
    minute, and nobody waits for it. What it returns is stored by `keep`.

    Raises:
        SumsBehind: somebody waits to be booked: the sums cannot be what the facts say.
    """
    count, _ = waiting.lag()
    if count:
        raise SumsBehind(count=str(count))
    everybody = Everybody(with_trainers=False)
    for _ in everybody.counted():
        pass
    differences: list[dict[str, Any]] = []
    cells = start = 0
    for keys, sixes in everybody.tally.cells():
        # A piece ends with a whole region and indicator; the next begins with what comes after.
        end = (int(keys[-1] >> KEY_DAY_BITS) + 1) << KEY_DAY_BITS
        cells += _compare(start, end, (keys, sixes), differences)
        start = end
    cells += _compare(start, np.iinfo(np.int64).max, _NOTHING, differences)
    return CoverageCheck(
        id=uuid4(),
        checked_at=at,
        cell_count=cells,
        differences=differences[:NAMED],
        seconds=0,
    )


def keep(found: CoverageCheck) -> None:
    """Store what a check found; of a difference, tell whoever runs the platform at which cells."""
    db.session.add(found)
    db.session.flush()
    if found.differences:
        _alarm(found)


def _alarm(found: CoverageCheck) -> None:
    cells = "; ".join(_in_words(each) for each in found.differences[:TOLD])
    count = len(found.differences)
    told = Told(
        kind="coverage_differs",
        title=Message(zh="覆盖率台账核对不一致", en="The sums of coverage differ"),
        body=Message(
            zh=f"全量核对发现 {count} 处不一致：{cells}",
            en=f"The full count differs in {count} cells: {cells}",
        ),
        subject_id=found.id,
    )
    for person_id in grants.holders_everywhere(Role.ADMINISTRATOR, on=civil_day(found.checked_at)):
        outbox.tell(
            told, once=f"coverage_differs:{found.id}", person_id=person_id, at=found.checked_at
        )


def _in_words(cell: dict[str, Any]) -> str:
    return f"{cell['region']} {cell['indicator']} {cell['on']} ({cell['what']})"


def _compare(start: int, end: int, counted: Cells, differences: list[dict[str, Any]]) -> int:
    """Compare the sums of a stretch of cells with what was counted; return how many there are."""
    keys, sixes = counted
    kept_keys, kept = _kept(CoverageDay, start, end)
    some = kept.any(axis=1)
    every = np.union1d(keys, kept_keys[some])
    believed = _spread(every, kept_keys[some], kept[some])
    days = _compared(every, believed, _spread(every, keys, sixes))
    laid_keys, laid = _kept(CoverageCheckpoint, start, end)
    checkpoints = _compared(laid_keys, laid, before(keys, sixes, laid_keys))
    differences += [_named(*each, what="day") for each in days]
    differences += [_named(*each, what="checkpoint") for each in checkpoints]
    return len(every) + len(laid_keys)


def _compared(keys: Numbers, kept: Numbers, counted: Numbers) -> list[tuple[int, Numbers, Numbers]]:
    """Return the cells that are not what was counted: the first of them."""
    wrong = np.flatnonzero((kept != counted).any(axis=1))[:NAMED].tolist()
    return [(int(keys[place]), kept[place], counted[place]) for place in wrong]


def _kept(table: type[Base], start: int, end: int) -> Cells:
    """Return the rows from one region and indicator up to another; see `tallying.unpacked`.

    The key in one number, the sums two to a number: what the driver hands over is what takes long.
    """
    pairs = [f"{_wide(SUMS[at])} * {1 << 32} + {SUMS[at + 1]} + {_HALF}" for at in range(0, 6, 2)]
    region = 1 << (KEY_DAY_BITS + INDICATOR_BITS)
    series = f"{_wide('region')} * {region} + {_wide('indicator')} * {1 << KEY_DAY_BITS}"
    key = f"{series} + day"
    words = f"""
        SELECT {key}, {", ".join(pairs)} FROM {table.__tablename__}
        WHERE region BETWEEN {start // region} AND {min(end // region, _HALF - 1)}
          AND {key} >= {start} AND {key} < {end}
        ORDER BY region, indicator, day
        """  # noqa: S608  # our own names and numbers
    keys, *found = bulk.read(words, 1 + len(pairs))
    sixes = [half for pair in found for half in (pair >> 32, (pair & (2 * _HALF - 1)) - _HALF)]
    return keys, np.stack(sixes, axis=1).astype(np.int32)


def _wide(column: str) -> str:
    """Return a column in arithmetic that goes beyond 32 bits."""
    return f"CAST({column} AS bigint)"


def _spread(every: Numbers, keys: Numbers, sixes: Numbers) -> Numbers:
    found = np.zeros((len(every), len(SUMS)), np.int64)
    found[np.searchsorted(every, keys)] = sixes
    return found


def _named(cell: int, kept: Numbers, counted: Numbers, *, what: str) -> dict[str, Any]:
    region, indicator, day = (int(each[0]) for each in unpacked(np.array([cell])))
    thing = db.session.get(CoverageNumber, region)
    place = db.session.get(Region, thing.thing_id) if thing else None
    key = db.session.get(CoverageIndicator, indicator)
    return {
        "what": what,
        "region_id": str(thing.thing_id) if thing else None,
        "region": place.name if place else str(region),
        "indicator": key.key if key else None,
        "on": date.fromordinal(day).isoformat(),
        "kept": dict(zip(SUMS, kept.tolist(), strict=True)),
        "counted": dict(zip(SUMS, counted.tolist(), strict=True)),
    }
