"""What is made of figures: reports, public editions, requests to enterprises, credit listings."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, IdColumn, text_enum


class ReportKind(StrEnum):
    """Which evaluation of a plan a report is (评估类型)."""

    #: 中期评估
    MID_TERM = "mid_term"
    #: 终期考核
    FINAL = "final"


class PlanReport(Base):
    """An evaluation of a plan as it was issued (规划评估报告): its manifest, and what it said."""

    __tablename__ = "plan_report"

    id: Mapped[IdColumn]
    plan: Mapped[str]
    kind: Mapped[ReportKind] = mapped_column(text_enum(ReportKind))
    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id"), index=True)
    #: The day it speaks of.
    on: Mapped[date]
    #: The last batch that was known to it: with the day, all that a further run needs.
    known_seq: Mapped[int]
    #: Versions of indicators and targets it rests on.
    manifest: Mapped[dict[str, Any]]
    #: What it said.
    content: Mapped[dict[str, Any]]
    #: SHA-256 of the content in its canonical form (RFC 8785).
    fingerprint: Mapped[str]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[UUID]


class CoverageEdition(Base):
    """Progress of a plan as it was made public for a month, small numbers hidden (公开数据)."""

    __tablename__ = "coverage_edition"
    __table_args__ = (UniqueConstraint("plan", "month"),)

    id: Mapped[IdColumn]
    plan: Mapped[str]
    #: The first day of the month; the figures are those of the last day before it.
    month: Mapped[date]
    content: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]


class CoverageRequest(Base):
    """That an enterprise was asked to close a gap by a day (督办)."""

    __tablename__ = "coverage_request"
    __table_args__ = (CheckConstraint("missing_count >= 0", name="missing_count"),)

    id: Mapped[IdColumn]
    indicator_key: Mapped[str] = mapped_column(index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: The day by which it is to be closed.
    due_on: Mapped[date]
    note: Mapped[str]
    #: How many were missing when it was asked.
    missing_count: Mapped[int]
    #: How many days before the end those concerned were last reminded; -1 once it was overdue.
    reminded_days: Mapped[int | None] = mapped_column(SmallInteger)
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID]
    #: What the enterprise answered, and when.
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    #: When the bureau closed it.
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None]


class CreditListing(Base):
    """An entry of the public list of broken trust (失信名单): announced, appealed, taken down."""

    __tablename__ = "credit_listing"
    __table_args__ = (
        CheckConstraint(
            "(organisation_id IS NULL) <> (person_id IS NULL)", name="enterprise_or_person"
        ),
        CheckConstraint("until_on > from_on", name="span"),
    )

    id: Mapped[IdColumn]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: The region whose bureau lists it.
    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id"), index=True)
    #: What was found, in words that may be public.
    ground: Mapped[str]
    #: The first day on which it is public: time to appeal lies before.
    from_on: Mapped[date]
    #: The first day on which it is public no longer.
    until_on: Mapped[date]
    listed_at: Mapped[datetime]
    listed_by_id: Mapped[UUID]
    appeal: Mapped[str | None]
    appealed_at: Mapped[datetime | None]
    appealed_by_id: Mapped[UUID | None]
    #: Whether the appeal was followed; None while nobody has decided.
    removed: Mapped[bool | None]
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
