"""Appeals against outcomes, and supervised views of papers (成绩复核与查卷)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.audit.naming import called_by_person
from server.db import Base, IdColumn, text_enum
from server.people.models import Person


class Ground(StrEnum):
    """What an appeal is about."""

    #: A key is thought wrong, or a question ambiguous.
    QUESTION = "question"
    #: What was given was counted or scored wrongly.
    SCORING = "scoring"
    #: The room, a machine, an invigilator.
    CONDUCT = "conduct"


class Effect(StrEnum):
    """What a ruling sets going."""

    NOTHING = "nothing"
    #: A key is wrong: a regrade is proposed, for everybody who was asked the question.
    REGRADE = "regrade"
    #: A score is wrong: a correction is proposed, which a second person must approve.
    CORRECTION = "correction"


@called_by_person("appeal", "candidate_id")
class Appeal(Base):
    """An appeal of a candidate (成绩复核申请): one for each outcome and ground."""

    __tablename__ = "appeal"
    __table_args__ = (UniqueConstraint("subject_id", "ground"),)

    #: Made by the candidate's phone.
    id: Mapped[IdColumn]
    #: The attempt or the practical it is about, whichever it is.
    subject_id: Mapped[UUID]
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("attempt.id"), index=True)
    practical_id: Mapped[UUID | None] = mapped_column(ForeignKey("practical.id"))
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: The test centre, within whose scope it is seen.
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    ground: Mapped[Ground] = mapped_column(text_enum(Ground))
    statement: Mapped[str]
    filed_at: Mapped[datetime]
    #: The last day for the ruling, by the standard of the exam.
    due_on: Mapped[date]
    upheld: Mapped[bool | None]
    reason: Mapped[str | None]
    effect: Mapped[Effect | None] = mapped_column(text_enum(Effect))
    #: The regrade or correction that it set going.
    effect_id: Mapped[UUID | None]
    ruled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ruled_at: Mapped[datetime | None]

    candidate: Mapped[Person] = relationship(foreign_keys=[candidate_id])
    viewings: Mapped[list[Viewing]] = relationship(order_by="Viewing.from_at")


class Viewing(Base):
    """A granted hour in which the candidate may see the paper, beside a supervisor (查卷)."""

    __tablename__ = "paper_viewing"

    id: Mapped[IdColumn]
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), index=True)
    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    granted_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]
    #: When the supervisor stood beside the candidate and let the paper be opened.
    opened_at: Mapped[datetime | None]

    appeal: Mapped[Appeal] = relationship(back_populates="viewings")


class ViewingLook(Base):
    """One look at the paper in a viewing (查卷记录): only ever added."""

    __tablename__ = "paper_viewing_look"
    __table_args__ = (Index(None, "viewing_id", "at"),)

    id: Mapped[IdColumn]
    viewing_id: Mapped[UUID] = mapped_column(ForeignKey("paper_viewing.id"))
    account_id: Mapped[UUID]
    at: Mapped[datetime]
    address: Mapped[str | None]
