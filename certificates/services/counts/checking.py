"""Checking the sums against a full count of everybody, from the facts (核对)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import numpy as np

from certificates.errors import SumsBehind
from certificates.models import CoverageCheck, CoverageIndicator, CoverageNumber
from certificates.services.counts import comparing, latest, samples, waiting
from certificates.services.counts.rebuilding import Everybody
from certificates.services.counts.tallying import unpacked
from certificates.sums import SUMS
from certificates.sweeping import Numbers
from server.auth.services import grants
from server.days import CIVIL_ZONE, civil_day
from server.db import db
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


def ask_if_due(*, at: datetime) -> bool:
    """Ask for the check of this night, once; say whether it was asked for."""
    before = latest.check()
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

    Compared are what each day changes, and the checkpoints that figures are read from; of some
    people and organisations also the stretches, counted by other rules (see `samples`). Nothing
    is repaired: a difference is an alarm. The cells that differ are named by region, indicator
    and day, with what the sums say and what was counted.

    Reads one moment of the database, which the caller opened, and writes nothing: it takes a
    minute, and nobody waits for it. What it returns is stored by `keep`.

    Raises:
        SumsBehind: somebody waits to be booked: the sums cannot be what the facts say.
    """
    count, _ = waiting.lag()
    if count:
        raise SumsBehind(count=str(count))
    everybody = Everybody(with_trainers=False, reads_ahead=True)
    for _ in everybody.counted():
        pass
    differences: list[dict[str, Any]] = []
    cells = 0
    for piece in comparing.compared(everybody.tally):
        cells += len(piece.days) + len(piece.checkpoints)
        differences += _named("day", piece.days, piece.kept, piece.counted)
        differences += _named("checkpoint", piece.checkpoints, piece.laid, piece.due)
    differences += samples.differences(everybody, seed=civil_day(at).toordinal())
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


def _named(what: str, keys: Numbers, kept: Numbers, counted: Numbers) -> list[dict[str, Any]]:
    """Return the cells that are not what was counted, each by its name: the first of them."""
    wrong = np.flatnonzero((kept != counted).any(axis=1))[:NAMED].tolist()
    return [_cell(int(keys[at]), kept[at], counted[at]) | {"what": what} for at in wrong]


def _cell(cell: int, kept: Numbers, counted: Numbers) -> dict[str, Any]:
    region, indicator, day = (int(each[0]) for each in unpacked(np.array([cell])))
    thing = db.session.get(CoverageNumber, region)
    place = db.session.get(Region, thing.thing_id) if thing else None
    key = db.session.get(CoverageIndicator, indicator)
    return {
        "region_id": str(thing.thing_id) if thing else None,
        "region": place.name if place else str(region),
        "indicator": key.key if key else None,
        "on": date.fromordinal(day).isoformat(),
        "kept": dict(zip(SUMS, kept.tolist(), strict=True)),
        "counted": dict(zip(SUMS, counted.tolist(), strict=True)),
    }
