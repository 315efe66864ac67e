"""Tables of who may train: approvals, rooms, teachers, experts, safety engineers (培训机构)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.audit.naming import called, called_by_person
from server.db import Base, IdColumn, text_enum
from server.people.models import Person
from server.training.kinds import Function, Grade, Subject


class ProviderApproval(Base):
    """That an authority lets a provider train for something (培训机构备案、核准)."""

    __tablename__ = "provider_approval"
    __table_args__ = (CheckConstraint("valid_until >= valid_from", name="span"),)

    id: Mapped[IdColumn]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: The authority that approved.
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    #: The number of the decision or filing.
    number: Mapped[str]
    #: Days on which it counts, both included.
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    #: Roles of posts, see `PostRole`, and operation items that it covers; no items: every item.
    roles: Mapped[list[str]]
    items: Mapped[list[str]]
    recorded_at: Mapped[datetime]
    #: The first day on which it no longer counts, because it was taken back; and why.
    withdrawn_on: Mapped[date | None]
    reason: Mapped[str | None]


@called("training_room")
class TrainingRoom(Base):
    """A room in which classes are taught (教室、实训场地)."""

    __tablename__ = "training_room"
    __table_args__ = (CheckConstraint("seats > 0", name="seats"),)

    id: Mapped[IdColumn]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    address: Mapped[str]
    seats: Mapped[int]
    #: The first day on which it is no longer used.
    closed_on: Mapped[date | None]


@called_by_person("expert_appointment")
class ExpertAppointment(Base):
    """That somebody is of the expert pool, for one function and one term (专家聘任)."""

    __tablename__ = "expert_appointment"
    __table_args__ = (
        CheckConstraint("valid_until >= valid_from", name="span"),
        Index(None, "person_id", "function"),
    )

    id: Mapped[IdColumn]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    function: Mapped[Function] = mapped_column(text_enum(Function))
    #: The authority that appointed.
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: The field, in words: title, speciality.
    field: Mapped[str]
    #: The term, both days included.
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    #: When trained for the function, when tested, and whether well, by the time of the
    #: appointment; needed before it counts. What came later: see `ExpertAppraisal`.
    trained_on: Mapped[date | None]
    tested_on: Mapped[date | None]
    passed: Mapped[bool | None]
    recorded_at: Mapped[datetime]
    #: The first day on which it no longer counts, because of a dismissal; and why.
    dismissed_on: Mapped[date | None]
    reason: Mapped[str | None]

    person: Mapped[Person] = relationship()


class ExpertAppraisal(Base):
    """That an expert was appraised within the term; the last one counts (专家考核)."""

    __tablename__ = "expert_appraisal"

    id: Mapped[IdColumn]
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("expert_appointment.id"), index=True)
    #: When trained again before it; None where that was not needed.
    trained_on: Mapped[date | None]
    appraised_on: Mapped[date]
    passed: Mapped[bool]
    #: What was appraised, and what came out of it.
    words: Mapped[str]
    recorded_at: Mapped[datetime]


@called_by_person("safety_engineer")
class SafetyEngineer(Base):
    """The registration of a safety engineer (注册安全工程师)."""

    __tablename__ = "safety_engineer"
    __table_args__ = (CheckConstraint("valid_until >= valid_from", name="span"),)

    id: Mapped[IdColumn]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: The number of the registration: not that of a document.
    number: Mapped[str] = mapped_column(unique=True)
    grade: Mapped[Grade] = mapped_column(text_enum(Grade))
    #: The speciality (专业类别), in words.
    speciality: Mapped[str]
    #: Where registered; None where nowhere yet.
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: Days of the registration, both included.
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    recorded_at: Mapped[datetime]


@called_by_person("teacher")
class Teacher(Base):
    """That somebody teaches at a provider (培训教师)."""

    __tablename__ = "teacher"
    __table_args__ = (UniqueConstraint("provider_id", "person_id", "from_on"),)

    id: Mapped[IdColumn]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: Degree, title, certificate, in words.
    qualification: Mapped[str]
    #: The first day on which they teach there, and the first on which they no longer do.
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    recorded_at: Mapped[datetime]


class TeacherSubject(Base):
    """That a teacher may teach a subject on some days (教师授课科目)."""

    __tablename__ = "teacher_subject"
    __table_args__ = (CheckConstraint("valid_until >= valid_from", name="span"),)

    id: Mapped[IdColumn]
    teacher_id: Mapped[UUID] = mapped_column(ForeignKey("teacher.id"), index=True)
    subject: Mapped[Subject] = mapped_column(text_enum(Subject))
    #: The operation item, for subjects that differ with it; None for any.
    item: Mapped[str | None]
    #: Days on which it counts, both included; None while no end is known.
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
