"""Reading the sums: of regions from what is kept, of anything else from the stretches (读数)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select

from certificates.editions import Rules
from certificates.models import (
    CoverageChange,
    CoverageCheckpoint,
    CoverageDay,
    CoverageStretch,
)
from certificates.papers import COVERED, FIRST_MISSING, NOT_DUE
from certificates.services.counts import asking, known
from certificates.services.counts.asking import Asked
from certificates.sums import SUMS, Six
from server.db import db
from server.regions import services as regions
from server.regions.models import Region, RegionPast

_NOTHING = (0,) * len(SUMS)


def is_summed(asked: Asked) -> bool:
    """Say whether the sums of the unit are kept for what is asked."""
    unit = asked.unit
    return (
        unit.kind == "region"
        and unit.level in known.SUMMED_LEVELS
        and asked.filter.is_empty
        and asked.borders_on is None
        and asking.covers(unit.scope, asked)
    )


def sums_of(asked: Asked, indicators: Collection[int], rules: Rules) -> dict[int, Six]:
    """Return the six sums of each indicator, by its number."""
    if is_summed(asked):
        number = known.numbered([asked.unit.id]).get(asked.unit.id, 0)
        kept = kept_sums([number], indicators, asked.day, known_seq=asked.known_seq)
        return {each: kept.get((number, each), list(_NOTHING)) for each in indicators}
    found = scanned(asked, indicators, rules)
    return {each: found.get((each, None), list(_NOTHING)) for each in indicators}


def kept_sums(
    regions: Collection[int],
    indicators: Collection[int],
    day: int,
    *,
    known_seq: int | None = None,
) -> dict[tuple[int, int], Six]:
    """Return the sums of regions and indicators on a day: checkpoint and the days since.

    The cost depends on neither people nor days: one statement reads at most a quarter's days.
    """
    quarter = quarter_of(day)
    checkpoint, days = CoverageCheckpoint, CoverageDay
    laid = select(checkpoint).where(
        checkpoint.region.in_(regions),
        checkpoint.indicator.in_(indicators),
        checkpoint.day == quarter,
    )
    found: dict[tuple[int, int], Six] = {}
    for row in db.session.execute(laid).scalars():
        found[row.region, row.indicator] = [getattr(row, name) for name in SUMS]
    with_checkpoint = list(found)
    without = [(r, i) for r in regions for i in indicators if (r, i) not in found]
    _add_days(found, with_checkpoint, and_(days.day >= quarter, days.day <= day))
    _add_days(found, without, days.day <= day)
    if known_seq is not None:
        _take_back(found, regions, indicators, day, known_seq)
    return found


def _add_days(
    found: dict[tuple[int, int], Six],
    cells: Sequence[tuple[int, int]],
    span: ColumnElement[bool],
) -> None:
    if not cells:
        return
    days = CoverageDay
    statement = (
        select(days.region, days.indicator, *(func.sum(getattr(days, name)) for name in SUMS))
        .where(
            days.region.in_({region for region, _ in cells}),
            days.indicator.in_({indicator for _, indicator in cells}),
            span,
        )
        .group_by(days.region, days.indicator)
    )
    wanted = set(cells)
    for region, indicator, *six in db.session.execute(statement):
        if (region, indicator) in wanted:
            into = found.setdefault((region, indicator), list(_NOTHING))
            for place, number in enumerate(six):
                into[place] += int(number)


def _take_back(
    found: dict[tuple[int, int], Six],
    regions: Collection[int],
    indicators: Collection[int],
    day: int,
    known_seq: int,
) -> None:
    """Take back what became known only later."""
    ledger = CoverageChange
    later = (
        select(ledger.region, ledger.indicator, *(func.sum(getattr(ledger, name)) for name in SUMS))
        .where(
            ledger.region.in_(regions),
            ledger.indicator.in_(indicators),
            ledger.seq > known_seq,
            ledger.day <= day,
        )
        .group_by(ledger.region, ledger.indicator)
    )
    for region, indicator, *six in db.session.execute(later):
        into = found.setdefault((region, indicator), list(_NOTHING))
        for place, number in enumerate(six):
            into[place] -= int(number)


def scanned(
    asked: Asked,
    indicators: Collection[int],
    rules: Rules,
    *,
    by: ColumnElement[Any] | None = None,
) -> dict[tuple[int, Any], Six]:
    """Return the sums of each indicator (and each value of `by`), counted from the stretches.

    Exact for any filter; people are counted once in each value.
    """
    stretch = CoverageStretch
    group = literal(None) if by is None else by
    person = (
        select(
            stretch.indicator,
            group.label("part"),
            func.sum(case((stretch.state >= FIRST_MISSING, 1), else_=0)).label("missing"),
            func.sum(case((stretch.state == COVERED, 1), else_=0)).label("covered"),
            func.sum(case((stretch.state == NOT_DUE, 1), else_=0)).label("left_out"),
        )
        .where(
            stretch.indicator.in_(indicators),
            *asking.stretches(asked, None),
            asking.on_day(asked.day),
        )
        .group_by(stretch.indicator, stretch.subject, *([] if by is None else [by]))
        .subquery()
    )
    return {
        (indicator, part): [int(number) for number in six]
        for indicator, part, *six in db.session.execute(_totals(person, rules))
    }


def _totals(person: Any, rules: Rules) -> Select[Any]:
    c = person.c
    enough = and_(c.indicator.in_(rules.per_year or {-1}), c.covered > 0)
    return select(
        c.indicator,
        c.part,
        func.sum(case((c.missing + c.covered > 0, 1), else_=0)),
        func.sum(case((and_(c.missing > 0, ~enough), 1), else_=0)),
        func.sum(case((c.missing + c.covered == 0, 1), else_=0)),
        func.sum(c.missing + c.covered),
        func.sum(c.missing),
        func.sum(c.left_out),
    ).group_by(c.indicator, c.part)


def children_of(region_id: UUID, *, on: date) -> Mapping[UUID, str]:
    """Return the regions directly beneath one on a day, with their names of today."""
    root = asking.path_on(region_id, on)
    rows = db.session.execute(
        select(Region.id, Region.name).where(Region.parent_id == region_id)
    ).all()
    names = {row.id: row.name for row in rows} | _once_beneath(region_id)
    lays = regions.paths(names)
    return {
        one: name
        for one, name in sorted(names.items(), key=lambda pair: pair[1])
        if any(
            lay.from_on <= on < lay.until_on and lay.path == f"{root}{one}/" for lay in lays[one]
        )
    }


def _once_beneath(region_id: UUID) -> dict[UUID, str]:
    statement = (
        select(RegionPast.region_id, Region.name, RegionPast.path)
        .join(Region, Region.id == RegionPast.region_id)
        .where(RegionPast.path.contains(f"/{region_id}/"))
    )
    return {
        row.region_id: row.name
        for row in db.session.execute(statement)
        if row.path.endswith(f"/{region_id}/{row.region_id}/")
    }


def quarter_of(day: int) -> int:
    """Return the first day of the quarter in which a day lies."""
    then = date.fromordinal(day)
    return date(then.year, then.month - (then.month - 1) % 3, 1).toordinal()
