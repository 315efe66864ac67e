"""What became of a region over the years (区划沿革查询)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from server.db import db
from server.regions.models import RegionLineage, RegionPast
from server.regions.services.regions import get


@dataclass(frozen=True, kw_only=True)
class Was:
    """Where a region lay and how it was called, for a time."""

    #: None from the beginning.
    from_on: date | None
    #: The first day on which it was so no longer; None while it is.
    until_on: date | None
    code: str
    name: str
    path: str


@dataclass(frozen=True, kw_only=True)
class History:
    """Everything that is known of a region's past, the oldest first."""

    abolished_on: date | None
    #: Regions that it follows, and those that follow it.
    former_ids: tuple[UUID, ...]
    successor_ids: tuple[UUID, ...]
    lays: tuple[Was, ...]


def history(region_id: UUID) -> History:
    """Return what became of a region.

    Raises:
        NotFound: there is no such region.
    """
    region = get(region_id)
    past = db.session.execute(
        select(RegionPast).where(RegionPast.region_id == region_id).order_by(RegionPast.until_on)
    ).scalars()
    lays: list[Was] = []
    for each in past:
        since = lays[-1].until_on if lays else None
        lays.append(_was(each, since, each.until_on))
    since = lays[-1].until_on if lays else None
    now = Was(from_on=since, until_on=None, code=region.code, name=region.name, path=region.path)
    lineage = RegionLineage
    formers = select(lineage.former_id).where(lineage.successor_id == region_id)
    successors = select(lineage.successor_id).where(lineage.former_id == region_id)
    return History(
        abolished_on=region.abolished_on,
        former_ids=tuple(db.session.execute(formers).scalars()),
        successor_ids=tuple(db.session.execute(successors).scalars()),
        lays=(*lays, now),
    )


def _was(past: RegionPast, since: date | None, until_on: date) -> Was:
    return Was(from_on=since, until_on=until_on, code=past.code, name=past.name, path=past.path)
