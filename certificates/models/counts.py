"""The sums of coverage and the stretches they are made of (覆盖率台账).

Days are ordinals, states and roles small numbers (see `certificates.timelines` and `.stretches`):
six million rows of them are read where six million rows of text would not be.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, IdColumn

#: The sequence number of what still holds: greater than any that will be given.
STILL = 2**31 - 1

#: What is missing as far as is known now.
_MISSING_NOW = text(f"state >= 2 AND gone_seq = {STILL}")

#: A key that grows by itself: SQLite numbers only what is called INTEGER.
_Growing = BigInteger().with_variant(Integer(), "sqlite")


class CoverageNumber(Base):
    """The number by which a person, organisation or region is known in the sums."""

    __tablename__ = "coverage_number"

    number: Mapped[int] = mapped_column(primary_key=True)
    thing_id: Mapped[UUID] = mapped_column(unique=True)


class CoverageGround(Base):
    """A region beneath the regions that lay above it for a time (属地).

    Where a reform moves a region, what stands in it stands on another ground from that day on:
    stretches end and begin there, and nothing that was counted is rewritten.
    """

    __tablename__ = "coverage_ground"

    number: Mapped[int] = mapped_column(primary_key=True)
    #: The region itself: the last of the path.
    region_id: Mapped[UUID] = mapped_column(index=True)
    path: Mapped[str] = mapped_column(
        Text().with_variant(Text(collation="C"), "postgresql"), unique=True
    )
    #: Numbers of the regions on the path that keep sums, those of levels 1 to 3.
    summed: Mapped[list[int]]


class CoverageIndicator(Base):
    """The number by which an indicator, in all its versions, is known in the sums."""

    __tablename__ = "coverage_indicator"

    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)


class CoverageBatch(Base):
    """A moment at which something became known to the sums (入账批次)."""

    __tablename__ = "coverage_batch"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    #: Whether everything was counted anew: nothing is known of what was believed before.
    opening: Mapped[bool] = mapped_column(default=False)


class CoverageStretch(Base):
    """A run of days in which one person in one post stands in one state, as known for a while."""

    __tablename__ = "coverage_stretch"
    __table_args__ = (
        CheckConstraint("start_day < end_day", name="days"),
        CheckConstraint("seq < gone_seq", name="known"),
        Index("ix_coverage_stretch_subject", "subject", "indicator"),
        Index("ix_coverage_stretch_ground", "indicator", "ground", "subject"),
        Index("ix_coverage_stretch_organisation", "organisation", "indicator"),
        # All that a list of the missing can be narrowed by: a rare thing is looked for here alone.
        Index(
            "ix_coverage_stretch_missing",
            "indicator",
            "ground",
            "subject",
            "start_day",
            "end_day",
            "state",
            "role",
            "item",
            "section",
            "high_risk",
            "provider",
            "organisation",
            sqlite_where=_MISSING_NOW,
            postgresql_where=_MISSING_NOW,
        ),
    )

    id: Mapped[int] = mapped_column(_Growing, primary_key=True)
    indicator: Mapped[int] = mapped_column(SmallInteger)
    #: The person, or the organisation where organisations are counted.
    subject: Mapped[int]
    organisation: Mapped[int]
    ground: Mapped[int]
    role: Mapped[int] = mapped_column(SmallInteger)
    item: Mapped[int]
    section: Mapped[int] = mapped_column(SmallInteger)
    high_risk: Mapped[bool]
    #: A number of `definitions.SIZES`; 0 where none is known.
    size: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    provider: Mapped[int]
    start_day: Mapped[int]
    end_day: Mapped[int]
    #: See `certificates.timelines`: 0 not due, 1 covered, the rest say why missing.
    state: Mapped[int] = mapped_column(SmallInteger)
    #: Since which batch it is known, and from which on no longer.
    seq: Mapped[int]
    gone_seq: Mapped[int] = mapped_column(default=STILL)


class CoverageLack(Base):
    """What is missing on a ground, in outline: where nothing need be looked for (缺项概要).

    Kept by a trigger of `coverage_stretch`, whoever writes there. A bit that is set is never taken
    back: what is not here was never missing, at whatever moment one asks what was known.
    """

    __tablename__ = "coverage_lack"
    __table_args__ = ({"sqlite_with_rowid": False},)

    indicator: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    ground: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: The first day on which anybody is missing.
    first_day: Mapped[int]
    #: A bit for each state, role, section and size, and for a high risk: 1 for no, 2 for yes.
    states: Mapped[int]
    roles: Mapped[int]
    sections: Mapped[int]
    sizes: Mapped[int]
    risks: Mapped[int]
    #: A bit for the remainder that an item, a trainer leaves: several share one.
    items: Mapped[int] = mapped_column(BigInteger)
    providers: Mapped[int] = mapped_column(BigInteger)


class CoverageChange(Base):
    """One line of the ledger (增减台账): what a batch changed in the sums of a day. Only added."""

    __tablename__ = "coverage_change"
    __table_args__ = (Index("ix_coverage_change_cell", "region", "indicator", "seq"),)

    id: Mapped[int] = mapped_column(_Growing, primary_key=True)
    region: Mapped[int]
    indicator: Mapped[int] = mapped_column(SmallInteger)
    day: Mapped[int]
    seq: Mapped[int]
    required: Mapped[int]
    missing: Mapped[int]
    excluded: Mapped[int]
    items_required: Mapped[int]
    items_missing: Mapped[int]
    items_excluded: Mapped[int]


class CoverageDay(Base):
    """What all batches together change on one day: the ledger, summed."""

    __tablename__ = "coverage_day"
    __table_args__ = ({"sqlite_with_rowid": False},)

    region: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    indicator: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    required: Mapped[int]
    missing: Mapped[int]
    excluded: Mapped[int]
    items_required: Mapped[int]
    items_missing: Mapped[int]
    items_excluded: Mapped[int]


class CoverageCheckpoint(Base):
    """The sums before the first day of a quarter, so that a read adds at most its days (季初数)."""

    __tablename__ = "coverage_checkpoint"
    __table_args__ = (
        CheckConstraint("missing BETWEEN 0 AND required", name="covered"),
        CheckConstraint("items_missing BETWEEN 0 AND items_required", name="items_covered"),
        CheckConstraint("excluded >= 0 AND items_excluded >= 0", name="excluded"),
        {"sqlite_with_rowid": False},
    )

    region: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    indicator: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: The first day of the quarter; changes of that day itself are not in it yet.
    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    required: Mapped[int]
    missing: Mapped[int]
    excluded: Mapped[int]
    items_required: Mapped[int]
    items_missing: Mapped[int]
    items_excluded: Mapped[int]


class CoverageWaiting(Base):
    """Somebody whose facts changed together with many others', and who is counted next (待入账)."""

    __tablename__ = "coverage_waiting"

    thing_id: Mapped[UUID] = mapped_column(primary_key=True)
    is_organisation: Mapped[bool]
    since: Mapped[datetime] = mapped_column(index=True)


class CoverageRules(Base):
    """By which rules everybody was counted: one row; none where that was before it was noted."""

    __tablename__ = "coverage_rules"

    #: Always 1.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: `certificates.sums.RULES` of the release that counted.
    number: Mapped[int]
    counted_at: Mapped[datetime]


class CoverageCheck(Base):
    """A full check of the sums, and what it found (核对)."""

    __tablename__ = "coverage_check"

    id: Mapped[IdColumn]
    checked_at: Mapped[datetime] = mapped_column(index=True)
    #: Cells that were compared.
    cell_count: Mapped[int]
    #: The cells that differ: what, where, which day, by how much. At most a hundred.
    differences: Mapped[list[Any]]
    seconds: Mapped[int]
