"""Tables of classes: the timetable, who learns, who was there (培训班)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.audit.naming import called
from server.db import Base, IdColumn, text_enum
from server.organisations.models import Organisation
from server.people.models import Person
from server.training.kinds import Mode, Subject, Way
from server.training.models.programmes import Programme


@called("training_class")
class TrainingClass(Base):
    """A class: people who are taught a programme together, over some days (培训班、一期一档)."""

    __tablename__ = "training_class"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="span"),
        CheckConstraint("capacity > 0", name="capacity"),
        Index(None, "provider_id", "starts_on"),
    )

    id: Mapped[IdColumn]
    #: The provider, or the enterprise that trains its own.
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("training_programme.id"), index=True)
    name: Mapped[str]
    mode: Mapped[Mode] = mapped_column(text_enum(Mode))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    capacity: Mapped[int]
    #: Who runs it (班主任): counts as a trainer of its learners.
    run_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    planned_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    #: Why it was cancelled.
    reason: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    #: What its report says at the end (综合考评报告).
    report: Mapped[str | None]

    provider: Mapped[Organisation] = relationship()
    programme: Mapped[Programme] = relationship()
    run_by: Mapped[Person] = relationship()


class ClassLesson(Base):
    """One lesson of a class: what, when, where, by whom (课程安排)."""

    __tablename__ = "class_lesson"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        Index(None, "teacher_id", "starts_at"),
        Index(None, "room_id", "starts_at"),
    )

    id: Mapped[IdColumn]
    class_id: Mapped[UUID] = mapped_column(ForeignKey("training_class.id"), index=True)
    subject: Mapped[Subject] = mapped_column(text_enum(Subject))
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    teacher_id: Mapped[UUID] = mapped_column(ForeignKey("teacher.id"))
    room_id: Mapped[UUID] = mapped_column(ForeignKey("training_room.id"))
    #: Tenths of training hours that it gives.
    tenths: Mapped[int]
    withdrawn_at: Mapped[datetime | None]


class ClassLearner(Base):
    """A place of somebody in a class (学员)."""

    __tablename__ = "class_learner"
    __table_args__ = (UniqueConstraint("class_id", "person_id"),)

    id: Mapped[IdColumn]
    class_id: Mapped[UUID] = mapped_column(ForeignKey("training_class.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: Who sends them; None for somebody who came by themselves.
    employer_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    #: Why withdrawn.
    reason: Mapped[str | None]
    #: Points of a hundred in the tests before and after the class; None where not sat.
    pre_score: Mapped[int | None]
    post_score: Mapped[int | None]
    #: What the closing of the class found: tenths of hours done, and whether it was enough.
    tenths_done: Mapped[int | None]
    completed: Mapped[bool | None]
    #: The entry of the ledger; None where nothing was completed.
    record_id: Mapped[UUID | None] = mapped_column(ForeignKey("record.id"))


class Attendance(Base):
    """That somebody was in a lesson (签到、考勤)."""

    __tablename__ = "class_attendance"
    __table_args__ = (UniqueConstraint("lesson_id", "person_id"),)

    id: Mapped[IdColumn]
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("class_lesson.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    way: Mapped[Way] = mapped_column(text_enum(Way))
    #: When it was read, as the code or the phone says.
    signed_at: Mapped[datetime]
    received_at: Mapped[datetime]
    #: The phone's own number; None where a list was kept.
    device_id: Mapped[UUID | None] = mapped_column(index=True)
    #: Who entered it; None where the learner did.
    entered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    #: Why somebody must look at it before it counts, see `attending.Flag`; empty: it counts.
    flags: Mapped[list[str]]
    #: Whether it was found good (True) or not (False); None while nobody had to look, or has.
    confirmed: Mapped[bool | None]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]


class TrainingFile(Base):
    """The content of a material, kept once however often it is used (课件文件)."""

    __tablename__ = "training_file"

    #: SHA-256 of the content.
    hash: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class ClassMaterial(Base):
    """What is handed out in a class (课程讲义)."""

    __tablename__ = "class_material"

    id: Mapped[IdColumn]
    class_id: Mapped[UUID] = mapped_column(ForeignKey("training_class.id"), index=True)
    title: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    hash: Mapped[str] = mapped_column(ForeignKey("training_file.hash"), index=True)
    added_at: Mapped[datetime]


class ClassEvaluation(Base):
    """What a learner thinks of a class (学员评价); shown without the name."""

    __tablename__ = "class_evaluation"

    learner_id: Mapped[UUID] = mapped_column(ForeignKey("class_learner.id"), primary_key=True)
    #: 1 to 5.
    rating: Mapped[int]
    #: 1 to 5 for each teacher, by the id of the teacher.
    teacher_ratings: Mapped[dict[str, Any]]
    comment: Mapped[str | None]
    given_at: Mapped[datetime]
