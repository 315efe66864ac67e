"""What changed an outcome after it was made: regrades, corrections (重新评分与成绩更正)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exams.models.attempts import Attempt
from exams.regrading import Cause, RegradeState, Remedy
from server.db import Base, IdColumn, text_enum


class Regrade(Base):
    """A proposal to grade anew whoever was asked a question with a wrong key (重新评分)."""

    __tablename__ = "regrade"

    id: Mapped[IdColumn]
    #: The version that was asked.
    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"), index=True)
    remedy: Mapped[Remedy] = mapped_column(text_enum(Remedy))
    #: Labels of the options that are right, as the version was written; empty unless corrected.
    key: Mapped[list[str]]
    reason: Mapped[str]
    #: The appeal whose ruling began it.
    appeal_id: Mapped[UUID | None]
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    state: Mapped[RegradeState] = mapped_column(text_enum(RegradeState))
    #: Sums of the preview: attempts, changed, to_pass, to_fail.
    preview: Mapped[dict[str, Any] | None]
    previewed_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    #: Until when outcomes that were graded with the old key are looked for; None once all are.
    settled_at: Mapped[datetime | None]

    approvals: Mapped[list[RegradeApproval]] = relationship(order_by="RegradeApproval.at")


class RegradeApproval(Base):
    """One person's word on a regrade (审批): each person once, by whatever account."""

    __tablename__ = "regrade_approval"

    regrade_id: Mapped[UUID] = mapped_column(ForeignKey("regrade.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    account_id: Mapped[UUID]
    approved: Mapped[bool]
    reason: Mapped[str]
    at: Mapped[datetime]


class RegradeEffect(Base):
    """What a regrade would change in one attempt, by the preview (影响预览)."""

    __tablename__ = "regrade_effect"

    regrade_id: Mapped[UUID] = mapped_column(ForeignKey("regrade.id"), primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    score_before: Mapped[str]
    score_after: Mapped[str]
    max_before: Mapped[str]
    max_after: Mapped[str]
    passed_before: Mapped[bool]
    passed_after: Mapped[bool]

    attempt: Mapped[Attempt] = relationship(lazy="raise_on_sql")


class KeyCorrection(Base):
    """What counts as right for a version since a regrade (标准答案更正): the latest counts."""

    __tablename__ = "key_correction"
    __table_args__ = (Index(None, "version_id", "effective_at"),)

    regrade_id: Mapped[UUID] = mapped_column(ForeignKey("regrade.id"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"))
    remedy: Mapped[Remedy] = mapped_column(text_enum(Remedy))
    key: Mapped[list[str]]
    effective_at: Mapped[datetime]


class OutcomeCorrection(Base):
    """An outcome as it was, and as it became (成绩更正记录): only ever added."""

    __tablename__ = "outcome_correction"
    __table_args__ = (Index(None, "attempt_id", "corrected_at"),)

    id: Mapped[IdColumn]
    #: Of the theory, or …
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("attempt.id"))
    #: … of a practical.
    practical_id: Mapped[UUID | None] = mapped_column(ForeignKey("practical.id"), index=True)
    cause: Mapped[Cause] = mapped_column(text_enum(Cause))
    #: The regrade, late decision or correction.
    cause_id: Mapped[UUID]
    score_before: Mapped[str]
    score_after: Mapped[str]
    max_before: Mapped[str]
    max_after: Mapped[str]
    passed_before: Mapped[bool]
    passed_after: Mapped[bool]
    reason: Mapped[str]
    corrected_at: Mapped[datetime]


class ScoreCorrection(Base):
    """A score that one person wants set right and another must agree to (成绩人工更正)."""

    __tablename__ = "score_correction"

    id: Mapped[IdColumn]
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("attempt.id"), index=True)
    practical_id: Mapped[UUID | None] = mapped_column(ForeignKey("practical.id"), index=True)
    #: An exact fraction as text.
    score: Mapped[str]
    reason: Mapped[str]
    appeal_id: Mapped[UUID | None]
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    #: Whether the second person agreed; None while it waits.
    approved: Mapped[bool | None]
    decision_reason: Mapped[str | None]
