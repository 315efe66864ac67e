"""Regions: a province with a city, a county and a township, none of which exists."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from server.db import db
from server.regions.divisions import CODE_LENGTH, SIGNIFICANT
from server.regions.models import Region
from server.regions.tree import path_of


def a_region(parent: Region | None = None, *, name: str = "某地", code: str = "") -> Region:
    """Store a region one level below its parent, a province where it has none."""
    level = parent.level + 1 if parent else 1
    region_id = uuid4()
    region = Region(
        id=region_id,
        code=code or _code(parent, level),
        name=name,
        level=level,
        parent_id=parent.id if parent else None,
        path=path_of(region_id, parent.path if parent else None),
    )
    db.session.add(region)
    db.session.flush()
    return region


def a_county() -> Region:
    """Store a county with its city and province."""
    return a_region(a_region(a_region()))


def _code(parent: Region | None, level: int) -> str:
    above = parent.code[: SIGNIFICANT[parent.level]] if parent else ""
    width = SIGNIFICANT[level] - len(above)
    codes = (
        f"{above}{own:0{width}d}".ljust(CODE_LENGTH[level], "0")
        for own in range(1 if parent else 11, 10**width)
    )
    taken = set(db.session.execute(select(Region.code).where(Region.level == level)).scalars())
    return next(code for code in codes if code not in taken)
