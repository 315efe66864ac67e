"""Tables of what is handed to other government systems (数据交换)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, IdColumn, text_enum


class Rhythm(StrEnum):
    """How often a package is made."""

    #: Each day, of the day before.
    DAY = "day"
    #: Each month, of the last day of the month before.
    MONTH = "month"


class CoverageSubscription(Base):
    """That an authority is handed the figures of a region, and the people missing (数据订阅)."""

    __tablename__ = "coverage_subscription"

    id: Mapped[IdColumn]
    #: The authority that receives.
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id"), index=True)
    every: Mapped[Rhythm] = mapped_column(text_enum(Rhythm))
    #: Whether who is missing goes with the figures.
    with_people: Mapped[bool]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[UUID]
    closed_at: Mapped[datetime | None]


class CoveragePackage(Base):
    """One package of a subscription: its number, what it speaks of, what became of it (数据包)."""

    __tablename__ = "coverage_package"
    __table_args__ = (
        UniqueConstraint("subscription_id", "seq"),
        UniqueConstraint("subscription_id", "on"),
        CheckConstraint("seq > 0", name="seq"),
    )

    id: Mapped[IdColumn]
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("coverage_subscription.id"))
    seq: Mapped[int]
    #: SHA-256 of the manifest before it; empty for the first.
    previous: Mapped[str]
    on: Mapped[date]
    #: The last batch of the ledger that was known: made again, it says the same.
    known_seq: Mapped[int]
    asked_at: Mapped[datetime]
    #: The job that makes it; its files are the package.
    job_id: Mapped[UUID]
    #: SHA-256 of its manifest and when it was ready; None until then.
    digest: Mapped[str | None]
    made_at: Mapped[datetime | None]
