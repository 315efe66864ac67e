"""Numbers of people, organisations, regions and indicators in the sums; the rules (编号与口径)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from certificates.editions import Edition, Rule, Rules
from certificates.models import (
    CoverageBatch,
    CoverageGround,
    CoverageIndicator,
    CoverageNumber,
    Indicator,
)
from certificates.papers import BEGIN, END
from certificates.services import indicators
from server.db import db, upsert
from server.regions.models import Region
from server.regions.tree import lineage

#: One lock for all who write sums, so that what is known later has the greater number.
_LOCK = 20_151_231

#: The least by which two moments differ.
_NEXT = timedelta(microseconds=1)

#: Levels of regions that keep sums; what lies beneath is counted from its stretches.
SUMMED_LEVELS = range(1, 4)

#: Every version of every indicator that has a number.
_VERSIONS = select(Indicator.id, CoverageIndicator.number, CoverageIndicator.key).join(
    CoverageIndicator, CoverageIndicator.key == Indicator.key
)

#: Things asked for in one statement: SQLite takes so many parameters.
_MANY = 5_000


def lock() -> None:
    """Let nobody else write sums until this transaction ends; on SQLite nobody can anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def next_batch(at: datetime, *, opening: bool = False) -> int:
    """Begin a batch: whatever is written under its number becomes known at this moment.

    No two become known at one moment, and none before an earlier one: who waited for the lock
    longer, or whose clock was put back, has its moment right after the last.
    """
    newest = select(CoverageBatch.seq, CoverageBatch.recorded_at).order_by(CoverageBatch.seq.desc())
    last = db.session.execute(newest.limit(1)).first()
    seq = 1 if last is None else last.seq + 1
    recorded_at = at if last is None else max(at, last.recorded_at + _NEXT)
    db.session.add(CoverageBatch(seq=seq, recorded_at=recorded_at, opening=opening))
    db.session.flush()
    return seq


def numbers_of(things: Collection[UUID]) -> dict[UUID, int]:
    """Return the number of each person, organisation or region; who has none gets one."""
    found = numbered(things)
    missing = [{"thing_id": thing} for thing in things if thing not in found]
    if missing:
        insert = upsert(CoverageNumber).on_conflict_do_nothing()
        db.session.execute(insert, missing)
        found |= numbered([row["thing_id"] for row in missing])
    return found


def numbered(things: Iterable[UUID]) -> dict[UUID, int]:
    """Return the numbers of those who have one; only a write gives new ones."""
    statement = select(CoverageNumber.thing_id, CoverageNumber.number)
    return _looked_up(statement, CoverageNumber.thing_id, things)


def _looked_up(statement: Select[Any, Any], column: Any, wanted: Iterable[Any]) -> dict[Any, Any]:
    """Return what a statement of two columns says of the wanted, some thousand at a time."""
    every, found = list(wanted), {}
    for start in range(0, len(every), _MANY):
        some = statement.where(column.in_(every[start : start + _MANY]))
        found.update({row[0]: row[1] for row in db.session.execute(some)})
    return found


def grounds_of(paths: Collection[str]) -> dict[str, int]:
    """Return the number of the ground at each path of regions; a new one gets one."""
    found = numbered_grounds(paths)
    missing = [path for path in paths if path not in found]
    if missing:
        above = {path: lineage(path) for path in missing}
        regions = {each for ids in above.values() for each in ids}
        levels = _levels(regions)
        keep = [each for each in regions if levels.get(each) in SUMMED_LEVELS]
        numbers = numbers_of(keep)
        rows = [
            {
                "path": path,
                "region_id": above[path][-1],
                "summed": [numbers[each] for each in above[path] if each in numbers],
            }
            for path in missing
        ]
        insert = upsert(CoverageGround).on_conflict_do_nothing()
        db.session.execute(insert, rows)
        found |= numbered_grounds(missing)
    return found


def _levels(regions: Collection[UUID]) -> dict[UUID, int]:
    return _looked_up(select(Region.id, Region.level), Region.id, regions)


def numbered_grounds(paths: Collection[str]) -> dict[str, int]:
    """Return the numbers of those grounds that have one."""
    return _looked_up(
        select(CoverageGround.path, CoverageGround.number), CoverageGround.path, paths
    )


def summed_of(grounds: Collection[int]) -> Mapping[int, list[int]]:
    """Return the numbers of the regions in whose sums each ground counts."""
    return _looked_up(
        select(CoverageGround.number, CoverageGround.summed), CoverageGround.number, grounds
    )


def number_indicators() -> dict[str, int]:
    """Return the number of every indicator; a new one gets one."""
    keys = select(Indicator.key).distinct().order_by(Indicator.key)
    wanted = [row.key for row in db.session.execute(keys)]
    found = indicator_numbers()
    missing = [{"key": key} for key in wanted if key not in found]
    if missing:
        insert = upsert(CoverageIndicator).on_conflict_do_nothing()
        db.session.execute(insert, missing)
        found = indicator_numbers()
    return found


def indicator_numbers() -> dict[str, int]:
    """Return the number of every indicator that has one; only a write gives new ones."""
    statement = select(CoverageIndicator.key, CoverageIndicator.number)
    return {row.key: row.number for row in db.session.execute(statement)}


def rules() -> Rules:
    """Return every indicator as it is counted; read again only when a version was added."""
    return numbers_and_rules()[1]


def numbers_and_rules() -> tuple[dict[str, int], Rules]:
    """Return both `indicator_numbers` and `rules`, by one statement."""
    rows = db.session.execute(_VERSIONS).all()
    stamp = sorted((row.id, row.number) for row in rows)
    return {row.key: row.number for row in rows}, _rules(tuple(stamp))


@lru_cache(8)
def _rules(stamp: tuple[tuple[UUID, int], ...]) -> Rules:
    versions: dict[int, list[Indicator]] = {}
    number_of = dict(stamp)
    for each in db.session.execute(select(Indicator).order_by(Indicator.version)).scalars():
        if each.id in number_of:
            versions.setdefault(number_of[each.id], []).append(each)
    return Rules(
        every=tuple(
            Rule(number=number, editions=editions_of(found))
            for number, found in sorted(versions.items())
        )
    )


def editions_of(versions: list[Indicator]) -> tuple[Edition, ...]:
    """Return the days for which each version, the oldest first, says what is counted."""
    found: list[Edition] = []
    end = END
    for version in reversed(versions):
        start = version.effective_from.toordinal() if version.effective_from else BEGIN
        if start < end:
            question = indicators.question_of(version)
            found.append(Edition(start=start, end=end, question=question))
            end = start
    return tuple(reversed(found))
