"""Many certificates proposed, looked at and approved as one (批量发证)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.models.issuing import Issuer
from exams.models.standards import Qualification
from server.db import Base, IdColumn, text_enum
from server.people.models import Person


class Verdict(StrEnum):
    """What was decided of a batch."""

    APPROVED = "approved"
    REJECTED = "rejected"


class IssueBatch(Base):
    """Certificates of one kind, for many people, decided together (发证批次)."""

    __tablename__ = "issue_batch"
    __table_args__ = (CheckConstraint("line_count >= 1", name="line_count"),)

    id: Mapped[IdColumn]
    issuer_id: Mapped[UUID] = mapped_column(ForeignKey("issuer.id"), index=True)
    qualification_id: Mapped[UUID] = mapped_column(ForeignKey("qualification.id"))
    #: The exam whose successful candidates it is for; None where people were named.
    exam_id: Mapped[UUID | None] = mapped_column(ForeignKey("exam.id"))
    valid_from: Mapped[date]
    #: On what they are issued, and the document of the decision (文号).
    reason: Mapped[str]
    document: Mapped[str | None]
    line_count: Mapped[int]
    proposed_by_id: Mapped[UUID]
    proposed_by_person_id: Mapped[UUID]
    proposed_at: Mapped[datetime]
    #: None while nobody decided.
    verdict: Mapped[Verdict | None] = mapped_column(text_enum(Verdict))
    verdict_reason: Mapped[str | None]
    decided_by_id: Mapped[UUID | None]
    decided_by_person_id: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    #: The job that issues what was approved.
    job_id: Mapped[UUID | None]

    issuer: Mapped[Issuer] = relationship(lazy="joined", innerjoin=True)
    qualification: Mapped[Qualification] = relationship(lazy="joined", innerjoin=True)


class IssueBatchLine(Base):
    """One person of a batch (批次明细)."""

    __tablename__ = "issue_batch_line"
    __table_args__ = (
        UniqueConstraint("batch_id", "place"),
        UniqueConstraint("batch_id", "person_id"),
    )

    id: Mapped[IdColumn]
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("issue_batch.id"))
    #: From 1, as proposed.
    place: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: The passed attempt it rests on, where there is one.
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("attempt.id"))
    #: The id of the certificate that is made of it.
    certificate_id: Mapped[UUID]
    #: Whether it was drawn to be looked at; what was found, by whom and when.
    sampled: Mapped[bool]
    sound: Mapped[bool | None]
    note: Mapped[str | None]
    inspected_by_id: Mapped[UUID | None]
    inspected_at: Mapped[datetime | None]
    #: The code of what stands in the way of it; None where nothing does.
    refusal: Mapped[str | None]
    #: When its certificate was made, or refused; None before.
    done_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
