"""Regions: looking them up, loading the national list, adding townships and villages (区划服务)."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import insert, select, update

from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.paging import Page, page
from server.policy import Identity, Permission
from server.regions import divisions
from server.regions.divisions import Division
from server.regions.errors import DivisionCodeTaken, ReferenceRegion
from server.regions.models import Region, beneath
from server.regions.tree import ancestors, path_of
from server.scopes import Scope

#: Under this name the ids of the national list are made of their codes.
_NAMESPACE = uuid5(NAMESPACE_URL, "urn:gb-t-2260")

#: Levels that come from the national list.
REFERENCE_LEVELS = range(1, 4)


def id_of(code: str) -> UUID:
    """Return the id of the region of levels 1 to 3 that has this division code."""
    return uuid5(_NAMESPACE, code)


def get(region_id: UUID) -> Region:
    """Return the region.

    Raises:
        NotFound: there is no such region.
    """
    region = db.session.get(Region, region_id)
    if region is None:
        raise NotFound
    return region


def find(code: str) -> Region | None:
    """Return the region with this division code, or None."""
    return db.session.execute(select(Region).where(Region.code == code)).scalar_one_or_none()


def above(region: Region) -> list[Region]:
    """Return the regions above, from the province down."""
    ids = ancestors(region.path)
    found = db.session.execute(select(Region).where(Region.id.in_(ids))).scalars().all()
    return sorted(found, key=lambda one: one.level)


def listed(
    *,
    parent_id: UUID | None = None,
    level: int | None = None,
    under_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of regions by code: children of one, of a level, or beneath one.

    Raises:
        NotFound: there is no region `under_id`.
    """
    statement = select(Region)
    if parent_id is not None:
        statement = statement.where(Region.parent_id == parent_id)
    if level is not None:
        statement = statement.where(Region.level == level)
    if under_id is not None:
        statement = statement.where(beneath(Region.path, get(under_id).path))
    return page(statement, [Region.code], cursor=cursor, limit=limit)


def write(
    region_id: UUID,
    *,
    code: str,
    name: str,
    level: int,
    parent_id: UUID,
    by: Identity,
    at: datetime,
) -> Region:
    """Add a township or village, or correct the name of one.

    Raises:
        NotFound: the parent is not there, or neither it nor the region lies in the asker's scope.
        ReferenceRegion: the level is 1 to 3, or the region belongs to the national list.
        DivisionCodeWrong: the code does not fit the level and the parent.
        DivisionCodeTaken: another region has the code, or this one has another code.
    """
    if level in REFERENCE_LEVELS:
        raise ReferenceRegion
    parent = get(parent_id)
    if not _may_manage(by, parent):
        raise NotFound
    divisions.check_child(code, level, parent_code=parent.code, parent_level=parent.level)
    known = db.session.get(Region, region_id)
    if known is None:
        return _add(region_id, code=code, name=name, level=level, parent=parent, by=by, at=at)
    if known.level in REFERENCE_LEVELS:
        raise ReferenceRegion
    if (known.code, known.parent_id) != (code, parent_id):
        raise DivisionCodeTaken
    if known.name != name:
        _tell("region_renamed", known, by=by, at=at, before={"name": known.name}, name=name)
        known.name = name
        db.session.flush()
    return known


def load_reference() -> int:
    """Bring levels 1 to 3 to the shipped list; return how many regions were added or renamed.

    Repeating it changes nothing. Regions that the list no longer has are kept: people and
    organisations may still stand in them.
    """
    rows = db.session.execute(select(Region.id, Region.code, Region.name)).all()
    known, ids = {row.code: row.name for row in rows}, {row.id for row in rows}
    shipped = divisions.shipped()
    # One that was abolished here has given its code away and keeps its id.
    missing = [one for one in shipped if one.code not in known and id_of(one.code) not in ids]
    renamed = [one for one in shipped if known.get(one.code, one.name) != one.name]
    if missing:
        db.session.execute(insert(Region), _rows(shipped, {one.code for one in missing}))
    for one in renamed:
        db.session.execute(update(Region).where(Region.code == one.code).values(name=one.name))
    return len(missing) + len(renamed)


def _rows(shipped: tuple[Division, ...], wanted: set[str]) -> list[dict[str, object]]:
    paths: dict[str | None, str | None] = {None: None}
    rows = []
    for one in shipped:
        paths[one.code] = path_of(id_of(one.code), paths[one.parent_code])
        if one.code in wanted:
            rows.append(
                {
                    "id": id_of(one.code),
                    "code": one.code,
                    "name": one.name,
                    "level": one.level,
                    "parent_id": id_of(one.parent_code) if one.parent_code else None,
                    "path": paths[one.code],
                    "is_grouping": one.is_grouping,
                }
            )
    return rows


def _may_manage(by: Identity, region: Region) -> bool:
    scope: Scope = by.scope(Permission.MANAGE_REGIONS)
    return scope.holds(organisation_path=None, region_path=region.path)


def _add(
    region_id: UUID,
    *,
    code: str,
    name: str,
    level: int,
    parent: Region,
    by: Identity,
    at: datetime,
) -> Region:
    if find(code) is not None:
        raise DivisionCodeTaken
    region = Region(
        id=region_id,
        code=code,
        name=name,
        level=level,
        parent_id=parent.id,
        path=path_of(region_id, parent.path),
    )
    db.session.add(region)
    db.session.flush()
    _tell("region_added", region, by=by, at=at, before=None, name=name)
    return region


def _tell(
    action: str,
    region: Region,
    *,
    by: Identity,
    at: datetime,
    before: dict[str, str] | None,
    name: str,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="region",
        subject_id=region.id,
        before=before,
        after={"code": region.code, "name": name},
        region_path=region.path,
    )
