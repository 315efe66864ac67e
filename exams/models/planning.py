"""Planned exams and the papers drawn for them (考试计划与试卷)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exams.drafts import MOST_FORMS
from exams.lifecycle import ExamState
from exams.models.standards import ExamStandard, Qualification
from exams.rooms import StartMode
from exams.timing import Window
from server.audit.naming import called
from server.db import Base, IdColumn, text_enum
from server.organisations.models import Organisation


@called("paper_specification")
class PaperSpecification(Base):
    """The rule that papers are drawn by (组卷规则): sections by kind, topic, count and points."""

    __tablename__ = "paper_specification"

    id: Mapped[IdColumn]
    name: Mapped[str]
    qualification_id: Mapped[UUID] = mapped_column(ForeignKey("qualification.id"), index=True)
    #: The test centre that wrote it, and within whose scope it is seen.
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: `[{"kind", "count", "points", "topics": {topic: {"minimum", "maximum"}}}]`, in paper order.
    sections: Mapped[list[Any]]
    #: Points that the average candidate is expected to reach; None leaves it to the bank.
    target_points: Mapped[float | None]
    #: By how many points a paper may lie beside that.
    tolerance_points: Mapped[float] = mapped_column(default=0.5, server_default="0.5")
    #: On how many papers of an exam a question may come up; None for no limit.
    most_uses: Mapped[int | None]
    #: How many candidates may be given a question over all exams; None for no limit.
    most_lifetime_uses: Mapped[int | None]
    #: Questions that every paper takes, and those that none takes.
    required_question_ids: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    excluded_question_ids: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    #: Whether a part of a multiple choice earns a part of its points; None as the standard says.
    partial_credit: Mapped[bool | None]
    written_at: Mapped[datetime]

    qualification: Mapped[Qualification] = relationship()
    organisation: Mapped[Organisation] = relationship()


@called("exam")
@called("sitting")
class Exam(Base):
    """An examination one can be enrolled in (考试): what, where, when, by which papers."""

    __tablename__ = "exam"
    __table_args__ = (CheckConstraint(f"form_count BETWEEN 1 AND {MOST_FORMS}", name="form_count"),)

    id: Mapped[IdColumn]
    name: Mapped[str]
    qualification_id: Mapped[UUID] = mapped_column(ForeignKey("qualification.id"), index=True)
    specification_id: Mapped[UUID] = mapped_column(ForeignKey("paper_specification.id"))
    #: The test centre that holds it, and within whose scope it is seen.
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    opens_at: Mapped[datetime] = mapped_column(index=True)
    closes_at: Mapped[datetime]
    #: After this nobody starts; None where one may start as long as the whole time remains.
    latest_start_at: Mapped[datetime | None]
    #: Whether everybody stops at `closes_at`, so that who comes late has less time (迟到不补时).
    late_starts_lose_time: Mapped[bool] = mapped_column(default=False)
    #: When outcomes are shown; None for at once.
    release_at: Mapped[datetime | None]
    #: Whether the clock opens it, or the invigilator of each room.
    start_mode: Mapped[StartMode] = mapped_column(
        text_enum(StartMode), default=StartMode.BY_CLOCK, server_default=StartMode.BY_CLOCK.value
    )
    #: How many papers are drawn for it (平行卷).
    form_count: Mapped[int] = mapped_column(default=1)
    state: Mapped[ExamState] = mapped_column(text_enum(ExamState), default=ExamState.DRAFT)
    #: The rules that count for it: those of the day it opens. Known once it is published.
    standard_id: Mapped[UUID | None] = mapped_column(ForeignKey("exam_standard.id"))
    published_at: Mapped[datetime | None]
    #: Whether it is held to practise: no outcome of it is told, counts or certifies.
    is_practice: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The chance by which its papers were drawn, as hexadecimal digits. Shown once it has closed:
    #: whoever has it can repeat the draw. None for exams drawn before it was kept.
    seed: Mapped[str | None]
    #: Since when the responses of all its graded attempts are in archives.
    archived_at: Mapped[datetime | None]

    qualification: Mapped[Qualification] = relationship()
    specification: Mapped[PaperSpecification] = relationship()
    organisation: Mapped[Organisation] = relationship()
    standard: Mapped[ExamStandard | None] = relationship()

    @property
    def window(self) -> Window:
        """Its hours, as the rules of time understand them."""
        return Window(
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            latest_start_at=self.latest_start_at,
            late_starts_lose_time=self.late_starts_lose_time,
            release_at=self.release_at,
        )

    @property
    def allowed_minutes(self) -> int | None:
        """Minutes that everybody has who starts in time; None before it is published."""
        return None if self.standard is None else self.standard.minutes

    @property
    def last_start_at(self) -> datetime | None:
        """The last moment at which one may start; None before it is published."""
        return None if self.standard is None else self.window.last_start(self.standard.allowed)


class Paper(Base):
    """One form of an exam (试卷): drawn once, then never changed."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("exam_id", "form"),)

    id: Mapped[IdColumn]
    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exam.id"))
    #: Number of the form, from 1.
    form: Mapped[int]
    #: The seed of the draw, as hexadecimal digits: whoever has it can draw the paper again.
    seed: Mapped[str]
    #: What starting and answering need to know of each place, and nothing of its content:
    #: `[[section, option count, movable count, more than one may be chosen], …]` from slot 1.
    layout: Mapped[list[Any]]
    drawn_at: Mapped[datetime]

    #: None only while the exam is being published.
    package: Mapped[PaperPackage | None] = relationship(back_populates="paper")


class PaperMaking(Base):
    """That a job makes the papers of a large exam (大批量制卷); gone once it is published."""

    __tablename__ = "paper_making"

    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    #: The job; what lies there of an earlier one that was given up is cleared away.
    job_id: Mapped[UUID]
    #: The chance by which they are drawn, as hexadecimal digits.
    seed: Mapped[str]
    #: The moment at which their questions must be in use.
    asked_at: Mapped[datetime]
    #: SHA-256 of which question stands where, as hexadecimal digits: the forms that lie there
    #: are the first of those. None before they are drawn.
    digest: Mapped[str | None]


class PaperPackage(Base):
    """A form as candidates may carry it before the exam (密封试卷包): made once, never changed."""

    __tablename__ = "paper_package"

    #: SHA-256 of the content, in hexadecimal digits: its name and its address.
    hash: Mapped[str] = mapped_column(primary_key=True)
    paper_id: Mapped[UUID] = mapped_column(ForeignKey("paper.id"), unique=True)
    #: Bytes of the content.
    size: Mapped[int]
    #: Nonce, ciphertext, tag. Read only where it is sent.
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    #: The key that opens it, itself closed by the encryption key of the installation.
    key_cipher: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    #: Which encryption key closed the key.
    key_id: Mapped[str]
    sealed_at: Mapped[datetime]

    paper: Mapped[Paper] = relationship(back_populates="package")


class PaperItem(Base):
    """One place on a paper (题位): which version is asked there, and for how many points."""

    __tablename__ = "paper_item"

    paper_id: Mapped[UUID] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    #: Number of the place, from 1.
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Number of the section, from 0.
    section: Mapped[int]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"), index=True)
    points: Mapped[int]
    #: For each option of the form, its place among the options of the version as it was written.
    option_order: Mapped[list[int]]
