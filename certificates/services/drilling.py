"""Drilling into a figure: parts, trend, ranking, what expires ahead (下钻、趋势、排名、到期).

Everything is made of the sums or the stretches behind the figure, so that parts, days and lists
agree with it to the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from certificates.definitions import SIZES
from certificates.errors import TrendTooLong
from certificates.models import (
    CoverageDay,
    CoverageGround,
    CoverageNumber,
    CoverageStretch,
    Indicator,
)
from certificates.services import figures, indicators, targets
from certificates.services.counts import asking, known, reading
from certificates.services.counts.asking import Asked
from certificates.services.figures import Figure
from certificates.stretches import ROLE_NAMES, item_code
from certificates.sums import SUMS, Six
from server.db import db
from server.organisations.models import Organisation
from server.regions.models import Region
from server.regions.tree import lineage

#: Days that one trend may cover.
LONGEST = 4_000


class By(StrEnum):
    """What a figure is taken apart by."""

    REGION = "region"
    ORGANISATION = "organisation"
    ROLE = "role"
    ITEM = "item"
    SECTION = "section"
    HIGH_RISK = "high_risk"
    SIZE = "size"
    #: Enterprises, each with its departments.
    ENTERPRISE = "enterprise"
    PROVIDER = "provider"


class Every(StrEnum):
    """The step of a trend: its last day speaks for it."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a figure."""

    #: The id of a region or organisation, or the name of a role, item, section.
    key: str
    name: str
    figure: Figure


@dataclass(frozen=True, kw_only=True)
class Point:
    """A figure's sums on one day of a trend."""

    on: date
    required_count: int
    covered_count: int
    excluded_count: int


_COLUMNS: dict[By, Any] = {
    By.ORGANISATION: CoverageStretch.organisation,
    By.ROLE: CoverageStretch.role,
    By.ITEM: CoverageStretch.item,
    By.SECTION: CoverageStretch.section,
    By.HIGH_RISK: CoverageStretch.high_risk,
    By.SIZE: CoverageStretch.size,
    By.PROVIDER: CoverageStretch.provider,
}


def parts(key: str, asked: Asked, by: By, *, today: date | None = None) -> list[Part]:
    """Return the parts of a figure, by name; people are counted once in each part.

    Raises:
        NotFound: there is no such indicator.
    """
    indicator = indicators.get(key)
    number = known.indicator_numbers().get(key, 0)
    sums = (
        _by_region(asked, number)
        if by is By.REGION
        else {
            value: six
            for (_, value), six in reading.scanned(
                asked, [number], known.rules(), by=_column(by)
            ).items()
        }
    )
    names = _names(by, list(sums))
    above = lineage(asked.unit.path)
    lines = {value: [*above, UUID(names[value][0])] if by is By.REGION else above for value in sums}
    near = targets.of_each([indicator], lines, on=asked.on)
    found = [
        Part(
            key=names[value][0],
            name=names[value][1],
            figure=figures.made(indicator, asked, six, near[value][key], today=today),
        )
        for value, six in sums.items()
    ]
    return sorted(found, key=lambda part: (part.name, part.key))


def beneath(every: Sequence[Indicator], asked: Asked, *, today: date | None = None) -> list[Part]:
    """Return every indicator of the regions directly beneath the unit, by name of the region."""
    level = asked.unit.level + 1
    if not (reading.is_summed(asked) and level in known.SUMMED_LEVELS):
        return [part for each in every for part in parts(each.key, asked, By.REGION, today=today)]
    names = reading.children_of(asked.unit.id, on=asked.on)
    numbers = known.numbered(names)
    of_key = {each.key: 0 for each in every} | known.indicator_numbers()
    wanted = [of_key[each.key] for each in every]
    kept = reading.kept_sums(list(numbers.values()), wanted, asked.day, known_seq=asked.known_seq)
    above = lineage(asked.unit.path)
    near = targets.of_each(every, {one: [*above, one] for one in names}, on=asked.on)
    return [
        Part(
            key=str(one),
            name=name,
            figure=figures.made(
                each,
                asked,
                kept.get((numbers.get(one, 0), of_key[each.key]), [0] * len(SUMS)),
                near[one][each.key],
                today=today,
            ),
        )
        for each in every
        for one, name in names.items()
    ]


def _column(by: By) -> ColumnElement[Any]:
    """Return by what stretches are told apart; for enterprises: the topmost of the path."""
    if by is not By.ENTERPRISE:
        column: ColumnElement[Any] = _COLUMNS[by]
        return column
    topmost: ColumnElement[str] = func.substr(Organisation.path, 2, 36)
    return (
        select(topmost)
        .join(CoverageNumber, CoverageNumber.thing_id == Organisation.id)
        .where(CoverageNumber.number == CoverageStretch.organisation)
        .correlate(CoverageStretch)
        .scalar_subquery()
    )


def _by_region(asked: Asked, number: int) -> dict[Any, Six]:
    """Return the sums of the regions directly beneath the unit, on the day."""
    if asked.unit.kind != "region":
        return {}
    children = reading.children_of(asked.unit.id, on=asked.on)
    level = asked.unit.level + 1
    if reading.is_summed(asked) and level in known.SUMMED_LEVELS:
        numbers = known.numbered(children)
        kept = reading.kept_sums(
            list(numbers.values()), [number], asked.day, known_seq=asked.known_seq
        )
        return {one: kept.get((numbers.get(one, 0), number), [0] * len(SUMS)) for one in children}
    place = len(lineage(asking.path_on(asked.unit.id, asked.on)))
    # Where a ground lies among the children: the piece of its path behind the unit's own.
    width = 37
    piece: ColumnElement[str] = func.substr(CoverageGround.path, place * width + 2, 36)
    ground = (
        select(piece)
        .where(CoverageGround.number == CoverageStretch.ground)
        .correlate(CoverageStretch)
        .scalar_subquery()
    )
    found = reading.scanned(asked, [number], known.rules(), by=ground)
    by_piece = {piece: six for (_, piece), six in found.items()}
    return {one: by_piece.get(str(one), [0] * len(SUMS)) for one in children}


def _names(by: By, values: Sequence[Any]) -> dict[Any, tuple[str, str]]:
    if by is By.REGION:
        rows = db.session.execute(select(Region.id, Region.name).where(Region.id.in_(values)))
        return {row.id: (str(row.id), row.name) for row in rows}
    if by is By.ENTERPRISE:
        ids = {UUID(value) for value in values if value}
        tops = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
        named = {str(row.id): (str(row.id), row.name) for row in db.session.execute(tops)}
        return {value: named.get(value, ("", "—")) for value in values}
    if by in (By.ORGANISATION, By.PROVIDER):
        things = (
            select(CoverageNumber.number, Organisation.id, Organisation.name)
            .join(Organisation, Organisation.id == CoverageNumber.thing_id)
            .where(CoverageNumber.number.in_(values))
        )
        found = {number: (str(one), name) for number, one, name in db.session.execute(things).all()}
        return {value: found.get(value, ("", "—")) for value in values}
    return {value: (text := _text(by, value), text) for value in values}


def _text(by: By, value: Any) -> str:
    if by is By.ROLE:
        return ROLE_NAMES.get(value, "")
    if by is By.ITEM:
        return item_code(value) or ""
    if by is By.SECTION:
        return chr(64 + value) if value else ""
    if by is By.SIZE:
        return SIZES.get(value, "")
    return "high_risk" if value else "other"


def trend(key: str, asked: Asked, *, from_on: date, every: Every) -> list[Point]:
    """Return the sums on the last day of each step, from a day up to the day asked about.

    Raises:
        NotFound: there is no such indicator.
        TrendTooLong: it covers more than `LONGEST` days.
    """
    indicators.get(key)
    number = known.indicator_numbers().get(key, 0)
    if (asked.on - from_on).days > LONGEST:
        raise TrendTooLong(days=str(LONGEST))
    days = _days(from_on, asked.on, every)
    if not reading.is_summed(asked) or asked.known_seq is not None:
        rules = known.rules()
        return [
            _point(day, reading.sums_of(asked.at(day), [number], rules)[number]) for day in days
        ]
    region = known.numbered([asked.unit.id]).get(asked.unit.id, 0)
    first = from_on.toordinal()
    so_far = reading.kept_sums([region], [number], first - 1).get((region, number), [0] * len(SUMS))
    changes = select(CoverageDay.day, *(getattr(CoverageDay, name) for name in SUMS)).where(
        CoverageDay.region == region,
        CoverageDay.indicator == number,
        CoverageDay.day.between(first, asked.day),
    )
    waiting = [tuple(row) for row in db.session.execute(changes.order_by(CoverageDay.day))]
    found, place = [], 0
    for on in days:
        while place < len(waiting) and waiting[place][0] <= on.toordinal():
            so_far = [was + more for was, more in zip(so_far, waiting[place][1:], strict=True)]
            place += 1
        found.append(_point(on, so_far))
    return found


def _point(on: date, six: Six) -> Point:
    return Point(on=on, required_count=six[0], covered_count=six[0] - six[1], excluded_count=six[2])


def _days(from_on: date, until: date, every: Every) -> list[date]:
    days = [date.fromordinal(day) for day in range(from_on.toordinal(), until.toordinal() + 1)]
    if every is Every.DAY:
        return days
    months = 1 if every is Every.MONTH else 3

    def step(on: date) -> tuple[int, int]:
        return on.year, (on.month - 1) // months

    return [
        on
        for on, after in zip(days, [*days[1:], None], strict=True)
        if after is None or step(on) != step(after)
    ]
