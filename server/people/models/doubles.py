"""Tables of people registered twice: suspected, merged, and what was moved (重复档案)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import Base, IdColumn, text_enum
from server.people.models.people import Person


class DoubleRuling(StrEnum):
    """What somebody decided about two entries."""

    #: 同一人
    SAME = "same"
    #: 不是同一人
    DIFFERENT = "different"


class SuspectedDouble(Base):
    """Two entries that may be one human being, for somebody to decide (疑似重复)."""

    __tablename__ = "suspected_double"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[IdColumn]
    #: The lesser of the two ids.
    first_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: Why, the most telling first; see `server.people.likeness.Likeness`.
    reasons: Mapped[list[str]]
    #: How telling they are together, of 100.
    weight: Mapped[int]
    found_at: Mapped[datetime]
    ruling: Mapped[DoubleRuling | None] = mapped_column(text_enum(DoubleRuling))
    #: The account that decided, and when.
    ruled_by_id: Mapped[UUID | None]
    ruled_at: Mapped[datetime | None]

    first: Mapped[Person] = relationship(foreign_keys=[first_id], lazy="raise_on_sql")
    second: Mapped[Person] = relationship(foreign_keys=[second_id], lazy="raise_on_sql")


class PersonMerge(Base):
    """That two entries became one, and whether it was taken back (合并)."""

    __tablename__ = "person_merge"
    __table_args__ = (
        Index(
            "uq_person_merge_merged_id",
            "merged_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[IdColumn]
    #: The entry that goes on; the other answers with it.
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    merged_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    merged_at: Mapped[datetime]
    #: The account that merged.
    merged_by_id: Mapped[UUID]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None]
    undo_reason: Mapped[str | None]
    #: Rows that stay with the merged entry, because the kept one has the like.
    stayed_count: Mapped[int] = mapped_column(default=0)
    moved_count: Mapped[int] = mapped_column(default=0)

    kept: Mapped[Person] = relationship(foreign_keys=[kept_id], lazy="joined", innerjoin=True)
    merged: Mapped[Person] = relationship(foreign_keys=[merged_id], lazy="joined", innerjoin=True)


class MergeMove(Base):
    """One row that a merge moved from one person to the other (合并明细)."""

    __tablename__ = "person_merge_move"

    merge_id: Mapped[UUID] = mapped_column(ForeignKey("person_merge.id"), primary_key=True)
    #: Table and column that named the person.
    place: Mapped[str] = mapped_column(primary_key=True)
    #: The key of the row as it is after the move, as JSON text.
    key: Mapped[str] = mapped_column(primary_key=True)
