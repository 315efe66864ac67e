"""What responses say about question versions, and what reviewers are to look at (统计的数据表)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.flagging import Figure, Flag, grey
from question_bank.models.questions import QuestionVersion
from server.db import Base, text_enum


class QuestionStatistics(Base):
    """The figures of one version among the candidates of one qualification (试题统计).

    Written by the part that holds attempts; None where a figure cannot be said at all. Whether
    enough responses stand behind it says `grey`.
    """

    __tablename__ = "question_statistics"
    __table_args__ = (Index(None, "facility"), Index(None, "discrimination"))

    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"), primary_key=True)
    #: Code of the qualification; difficulties of one qualification are on one scale.
    qualification: Mapped[str] = mapped_column(primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"), index=True)
    #: First attempts of candidates that stand behind the figures.
    response_count: Mapped[int]
    #: Attempts that were asked it, counted or not (曝光次数).
    exposure_count: Mapped[int]
    #: Mean share of the points, 0 to 1, and the ends of its 95 % interval.
    facility: Mapped[float | None]
    facility_low: Mapped[float | None]
    facility_high: Mapped[float | None]
    sd: Mapped[float | None]
    #: In hundredths, −100 to 100.
    discrimination: Mapped[float | None]
    efficiency: Mapped[float | None]
    #: Rasch difficulty in logits, and its standard error.
    difficulty: Mapped[float | None]
    difficulty_error: Mapped[float | None]
    outfit: Mapped[float | None]
    mean_seconds: Mapped[float | None]
    median_seconds: Mapped[float | None]
    #: `[{"label", "is_key", "count", "best_count"}]`: all who chose it, and of the best third.
    options: Mapped[list[Any]]
    #: Mean share in each fifth of the candidates, the weakest first.
    curve: Mapped[list[Any]]
    #: `[{"attribute", "group", "group_count", "others_count", "delta", "error", "flagged"}]`
    differences: Mapped[list[Any]]
    #: `{"uses", "highest", "threshold", "drift", "drift_error"}`; None before it is known.
    watch: Mapped[dict[str, Any] | None]
    calculated_at: Mapped[datetime]

    version: Mapped[QuestionVersion] = relationship(lazy="raise_on_sql")

    @property
    def grey(self) -> list[Figure]:
        """The figures that too few responses stand behind."""
        return grey(self.response_count)


class QuestionFlag(Base):
    """That somebody should look at a version, and what they decided (试题预警)."""

    __tablename__ = "question_flag"
    __table_args__ = (
        Index(None, "version_id", "flag"),
        Index(None, "settled_at", "raised_at", "id"),
    )

    #: Made of version, qualification and flag, so that the same is raised once.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"))
    qualification: Mapped[str]
    flag: Mapped[Flag] = mapped_column(text_enum(Flag))
    raised_at: Mapped[datetime]
    #: When a reviewer had looked; a suspended question may then be drawn again.
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    #: What the reviewer found.
    reason: Mapped[str | None]

    version: Mapped[QuestionVersion] = relationship(lazy="raise_on_sql")
