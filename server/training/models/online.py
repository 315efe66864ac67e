"""Tables of study online: what the server saw, what counts, what does not and why (网络学习)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import Base, IdColumn
from server.people.models import Person


class StudySession(Base):
    """One sitting of a learner at a lesson, on one phone (学习会话)."""

    __tablename__ = "study_session"
    # None over what heartbeats change: then PostgreSQL writes the row alone, and no index.
    __table_args__ = (Index(None, "learner_id", "lesson_id"),)

    #: Made by the phone.
    id: Mapped[IdColumn]
    learner_id: Mapped[UUID] = mapped_column(ForeignKey("class_learner.id"))
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("online_lesson.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: The number the phone made for itself.
    device_id: Mapped[UUID]
    started_at: Mapped[datetime]
    #: The last heartbeat: its moment at the server, and its number.
    last_at: Mapped[datetime]
    last_sequence: Mapped[int]
    #: Milliseconds that heartbeats spanned, and those of them that count.
    seen_ms: Mapped[int] = mapped_column(BigInteger)
    credited_ms: Mapped[int] = mapped_column(BigInteger)
    #: From then on the learner must have shown who they are; put off by each check passed.
    check_due_at: Mapped[datetime]
    #: The stretch that the next heartbeat may prolong: its beginning, and its reason. It lasts
    #: until `last_at`, and becomes a `StudyStretch` once another begins.
    stretch_from: Mapped[datetime]
    stretch_reason: Mapped[str]
    ended_at: Mapped[datetime | None]


class StudyStretch(Base):
    """Time at a stretch that all counts, or all does not for one reason, and is over (学时明细).

    What stands in the session as its stretch is not counted a second time where a row begins at
    the same moment.
    """

    __tablename__ = "study_stretch"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("study_session.id"), primary_key=True)
    from_at: Mapped[datetime] = mapped_column(primary_key=True)
    until_at: Mapped[datetime]
    #: `credited`, or why it does not count: see `crediting.Reason`.
    reason: Mapped[str]
    ms: Mapped[int] = mapped_column(BigInteger)


class StudyDay(Base):
    """What counted for a person on one day, all lessons together (每日学时)."""

    __tablename__ = "study_day"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: A day in Asia/Shanghai.
    day: Mapped[date] = mapped_column(primary_key=True)
    credited_ms: Mapped[int] = mapped_column(BigInteger)


class IdentityCheck(Base):
    """That a learner was asked to show who they are, and did or did not (身份核验)."""

    __tablename__ = "study_identity_check"

    id: Mapped[IdColumn]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("study_session.id"), index=True)
    checked_at: Mapped[datetime]
    passed: Mapped[bool]


class LessonTest(Base):
    """One try at the test of a lesson online (课后测验)."""

    __tablename__ = "lesson_test"
    __table_args__ = (Index(None, "learner_id", "lesson_id"),)

    id: Mapped[IdColumn]
    learner_id: Mapped[UUID] = mapped_column(ForeignKey("class_learner.id"))
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("online_lesson.id"))
    #: The options chosen, one list a question.
    chosen: Mapped[list[Any]]
    right_count: Mapped[int]
    question_count: Mapped[int]
    passed: Mapped[bool]
    taken_at: Mapped[datetime]


class StudyRuling(Base):
    """A decision of people about hours: taken away by hand, or given on appeal (学时裁定)."""

    __tablename__ = "study_ruling"

    id: Mapped[IdColumn]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("study_session.id"), index=True)
    #: Milliseconds added (or, below nought, taken away).
    ms: Mapped[int] = mapped_column(BigInteger)
    words: Mapped[str]
    decided_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]


class StudyAppeal(Base):
    """That a learner asks for hours that did not count (学时申诉)."""

    __tablename__ = "study_appeal"

    id: Mapped[IdColumn]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("study_session.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str]
    asked_at: Mapped[datetime]
    #: None until decided.
    granted: Mapped[bool | None]
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    #: The ruling that gave the hours; None where refused or undecided.
    ruling_id: Mapped[UUID | None] = mapped_column(ForeignKey("study_ruling.id"))

    person: Mapped[Person] = relationship()
    session: Mapped[StudySession] = relationship()
