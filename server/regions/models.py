"""Tables of the regions (行政区划)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Text, UniqueConstraint, and_
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from server.audit.naming import called
from server.db import Base, IdColumn
from server.regions.tree import end_of

#: A materialised path. Compared by code point on every database, so that a subtree is one stretch
#: of its index: SQLite does so by itself, PostgreSQL is told by the collation "C".
PathColumn = Annotated[
    str, mapped_column(Text().with_variant(Text(collation="C"), "postgresql"), index=True)
]


@called("region")
class Region(Base):
    """A region of the five-level tree (行政区划)."""

    __tablename__ = "region"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 5", name="level"),)

    #: Levels 1 to 3: made of the division code, so that it is the same on every installation.
    id: Mapped[IdColumn]
    #: Division code: 6 digits on levels 1 to 3, 9 on level 4, 12 on level 5.
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    #: 1 province, 2 city, 3 county, 4 township, 5 village.
    level: Mapped[int]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"), index=True)
    path: Mapped[PathColumn]
    #: A heading without a government of its own, such as 市辖区.
    is_grouping: Mapped[bool] = mapped_column(default=False)
    #: The first day on which it is no longer a region; its history stays under its id.
    abolished_on: Mapped[date | None]


class RegionPast(Base):
    """Where a region lay and what it was called until some day (区划沿革); Region says the present.

    The first such row counts from the beginning, each further one from the end of the one before.
    """

    __tablename__ = "region_past"
    __table_args__ = (UniqueConstraint("region_id", "until_on"),)

    id: Mapped[IdColumn]
    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id"), index=True)
    #: The first day on which it was so no longer.
    until_on: Mapped[date]
    code: Mapped[str]
    name: Mapped[str]
    path: Mapped[PathColumn]
    recorded_at: Mapped[datetime]


class RegionLineage(Base):
    """That one region follows another (区划承继): merged, split, or renewed under another id."""

    __tablename__ = "region_lineage"

    former_id: Mapped[UUID] = mapped_column(ForeignKey("region.id"), primary_key=True)
    successor_id: Mapped[UUID] = mapped_column(ForeignKey("region.id"), primary_key=True)
    #: The first day of the successor.
    from_on: Mapped[date]


def beneath(path: InstrumentedAttribute[str], root: str) -> ColumnElement[bool]:
    """Return the condition that a path is `root` or lies beneath it."""
    return and_(path >= root, path < end_of(root))
