"""Regions: a province with a city, a county and a township, none of which exists."""

from __future__ import annotations

from itertools import count
from uuid import uuid4

from server.db import db
from server.regions.divisions import CODE_LENGTH, SIGNIFICANT
from server.regions.models import Region
from server.regions.tree import path_of

_numbers = count(11)


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
    own = f"{next(_numbers) % 10**width:0{width}d}"
    return f"{above}{own}".ljust(CODE_LENGTH[level], "0")
