"""Tables of competence: frameworks, cycles, evaluations and what judges said (岗位能力评价表)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from certificates.competence import frameworks
from certificates.competence.frameworks import Framework
from certificates.competence.kinds import ProofKind, Side, State
from server.audit.naming import called, called_by_person
from server.db import Base, IdColumn, text_enum
from server.records.entries import RecordKind


@called("competence_framework", "key")
class CompetenceFramework(Base):
    """A version of a framework, from a day on (岗位能力框架)."""

    __tablename__ = "competence_framework"
    __table_args__ = (UniqueConstraint("key", "effective_from"),)

    id: Mapped[IdColumn]
    key: Mapped[str]
    #: The first day on which it counts; the next version of the key ends it.
    effective_from: Mapped[date]
    #: As `frameworks.read` takes it.
    content: Mapped[dict[str, Any]]
    written_at: Mapped[datetime | None]
    #: The account that wrote it; None for what comes with the platform.
    written_by_id: Mapped[UUID | None]

    @property
    def framework(self) -> Framework:
        """The framework as the rules see it."""
        return frameworks.read(self.content)


@called("competence_cycle", "title")
class CompetenceCycle(Base):
    """Some days in which people of an organisation are evaluated (评价周期)."""

    __tablename__ = "competence_cycle"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="span"),)

    id: Mapped[IdColumn]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: The version that counts on the first day; it counts for all its evaluations.
    framework_id: Mapped[UUID] = mapped_column(ForeignKey("competence_framework.id"))
    title: Mapped[str]
    #: Days on which marks are given, both included.
    from_on: Mapped[date]
    until_on: Mapped[date]
    planned_at: Mapped[datetime]
    #: The account that planned it.
    planned_by_id: Mapped[UUID]


@called_by_person("competence_appraisal")
class CompetenceAppraisal(Base):
    """The evaluation of one person at one post for one grade (岗位能力评价)."""

    __tablename__ = "competence_appraisal"
    __table_args__ = (
        UniqueConstraint("cycle_id", "post_id"),
        Index(None, "person_id", "concluded_on"),
    )

    id: Mapped[IdColumn]
    cycle_id: Mapped[UUID] = mapped_column(ForeignKey("competence_cycle.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("post.id"))
    #: Where the post is held: whoever leads that place sees the evaluation.
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    family: Mapped[str]
    #: The grade that is looked for.
    grade: Mapped[str]
    state: Mapped[State] = mapped_column(text_enum(State))
    opened_at: Mapped[datetime]
    concluded_at: Mapped[datetime | None]
    concluded_on: Mapped[date | None]
    concluded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    #: The highest grade that was reached; None where none was, or nothing is concluded.
    reached: Mapped[str | None]
    #: What was found, as it was found; None until concluded.
    result: Mapped[dict[str, Any] | None]
    #: Why it was withdrawn.
    reason: Mapped[str | None]


class CompetenceJudge(Base):
    """Somebody who judges in an evaluation, and the marks they gave (评价人与评分)."""

    __tablename__ = "competence_judge"
    __table_args__ = (UniqueConstraint("appraisal_id", "person_id"),)

    id: Mapped[IdColumn]
    appraisal_id: Mapped[UUID] = mapped_column(ForeignKey("competence_appraisal.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    side: Mapped[Side] = mapped_column(text_enum(Side))
    #: Marks by competence; None until given. Given once.
    marks: Mapped[dict[str, Any] | None]
    comment: Mapped[str | None]
    given_at: Mapped[datetime | None]


class CompetenceSettlement(Base):
    """How a disagreement about a competence was settled, and why (分歧裁定)."""

    __tablename__ = "competence_settlement"
    __table_args__ = (UniqueConstraint("appraisal_id", "competence"),)

    id: Mapped[IdColumn]
    appraisal_id: Mapped[UUID] = mapped_column(ForeignKey("competence_appraisal.id"))
    competence: Mapped[str]
    mark: Mapped[int]
    reason: Mapped[str]
    settled_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime]


class CompetenceEvidence(Base):
    """An entry of somebody's file, presented for a competence (个案材料)."""

    __tablename__ = "competence_evidence"
    __table_args__ = (UniqueConstraint("appraisal_id", "competence", "record_id"),)

    id: Mapped[IdColumn]
    appraisal_id: Mapped[UUID] = mapped_column(ForeignKey("competence_appraisal.id"))
    competence: Mapped[str]
    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    kind: Mapped[RecordKind] = mapped_column(text_enum(RecordKind))
    happened_on: Mapped[date]
    presented_at: Mapped[datetime]
    presented_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class CompetenceAppeal(Base):
    """That somebody asks for another look at their result, and what came of it (申诉)."""

    __tablename__ = "competence_appeal"

    appraisal_id: Mapped[UUID] = mapped_column(
        ForeignKey("competence_appraisal.id"), primary_key=True
    )
    reason: Mapped[str]
    appealed_at: Mapped[datetime]
    #: The result that was appealed against.
    result_before: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    #: Marks that take the place of others, by competence; empty where the result stands.
    marks: Mapped[dict[str, Any] | None]
    decision: Mapped[str | None]


class CompetencePlanItem(Base):
    """What is to be done about a gap: a class that was booked, or why none was (培训计划)."""

    __tablename__ = "competence_plan_item"
    __table_args__ = (UniqueConstraint("appraisal_id", "competence", "proof"),)

    id: Mapped[IdColumn]
    appraisal_id: Mapped[UUID] = mapped_column(ForeignKey("competence_appraisal.id"))
    competence: Mapped[str]
    #: What kind of proof is missing.
    proof: Mapped[ProofKind] = mapped_column(text_enum(ProofKind))
    #: The class in which there is a place; None where none was found, or none would do.
    class_id: Mapped[UUID | None] = mapped_column(ForeignKey("training_class.id"))
    planned_at: Mapped[datetime]
    booked_at: Mapped[datetime | None]
    #: The code of why nothing is booked: of the training room, or `class_requested` (whoever has a
    #: programme was asked for a class), `no_class` (nobody has one), `not_by_training`.
    refusal: Mapped[str | None]
