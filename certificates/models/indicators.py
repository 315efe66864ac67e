"""What plans want counted (指标)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.audit.naming import called
from server.db import Base, IdColumn, text_enum


class IndicatorKind(StrEnum):
    """How a figure is made (指标类型)."""

    #: Of those who must, who does.
    RATE = "rate"
    #: Of the staff, how many are of a certain kind.
    SHARE = "share"
    #: Of those who must be trained again every few years, who was within them.
    ROTATION = "rotation"
    #: How many people in the calendar year, against a number.
    HEAD_COUNT_PER_YEAR = "head_count_per_year"


@called("indicator", "key")
class Indicator(Base):
    """One version of one indicator of one plan (指标): data, never code."""

    __tablename__ = "indicator"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        CheckConstraint("target >= 0", name="target"),
    )

    id: Mapped[IdColumn]
    #: A name for programs that never changes: `linyi-enforcement-certified`.
    key: Mapped[str] = mapped_column(index=True)
    #: Grows with each change; the highest is the one that counts.
    version: Mapped[int]
    #: The plan it comes from.
    plan: Mapped[str]
    #: Division code of the region whose plan it is.
    division_code: Mapped[str]
    kind: Mapped[IndicatorKind] = mapped_column(text_enum(IndicatorKind))
    #: Names of populations: whoever is in one of them is in the indicator's.
    populations: Mapped[list[str]]
    #: The name of the measure: what counts as covered.
    measure: Mapped[str]
    #: Hundredths where `unit` is percent, people otherwise.
    target: Mapped[int]
    unit: Mapped[str]
    #: The day by which the target is to be reached; None for at all times.
    deadline: Mapped[date | None]
    #: The plan's own words.
    quote: Mapped[str]
    #: The first day for which this version says what is counted; None from the beginning.
    effective_from: Mapped[date | None]
    #: Populations and measure in full, where the platform does not ship them: see
    #: `certificates.definitions.question_from`.
    definition: Mapped[dict[str, Any] | None]
    #: When it was made, and by which account; None for what the platform ships.
    made_at: Mapped[datetime | None]
    made_by_id: Mapped[UUID | None]


class CoverageTarget(Base):
    """What a region wants to reach, from some day on, beside or above the plan (分地区目标)."""

    __tablename__ = "coverage_target"
    __table_args__ = (
        UniqueConstraint("indicator_key", "region_id", "from_on"),
        CheckConstraint("target >= 0", name="target"),
    )

    id: Mapped[IdColumn]
    indicator_key: Mapped[str] = mapped_column(index=True)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id"))
    #: The first day on which it is the target.
    from_on: Mapped[date]
    #: In the unit of the indicator: hundredths, or people.
    target: Mapped[int]
    #: The day by which it is to be reached; None for at all times.
    deadline: Mapped[date | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]
