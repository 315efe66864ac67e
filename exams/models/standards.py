"""What can be attained, and the dated rules of the exams for it (资格与考试标准)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exams.eligibility import WhatFollows
from server.db import Base, IdColumn, text_enum
from server.people.roster import PostRole


class Qualification(Base):
    """What can be attained (资格): a role, or one operation item of it."""

    __tablename__ = "qualification"

    id: Mapped[IdColumn]
    #: A name for programs that never changes: `principal`, `low_voltage_electrician`.
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    #: The role of the posts that call for it.
    role: Mapped[PostRole] = mapped_column(text_enum(PostRole))
    #: Its number in the catalogue of special operations, such as `1.2`; None for other roles.
    operation_item: Mapped[str | None]


class ExamStandard(Base):
    """The rules of the exams for a qualification, between two days (考试标准).

    Rules change by date: the row that counts is the one whose days hold the day of the exam.
    """

    __tablename__ = "exam_standard"
    __table_args__ = (
        UniqueConstraint("qualification_id", "effective_from"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("max_points > 0", name="max_points"),
        CheckConstraint("pass_percent BETWEEN 1 AND 100", name="pass_percent"),
        CheckConstraint("grace_seconds BETWEEN 0 AND 10", name="grace_seconds"),
        CheckConstraint("attempts_allowed > 0", name="attempts_allowed"),
    )

    id: Mapped[IdColumn]
    qualification_id: Mapped[UUID] = mapped_column(ForeignKey("qualification.id"))
    #: The first day on which it counts.
    effective_from: Mapped[date]
    #: The last day on which it counts, included; None while no other follows.
    effective_until: Mapped[date | None]
    #: Allowed time of an attempt.
    minutes: Mapped[int]
    #: What all questions of a paper are worth together.
    max_points: Mapped[int]
    #: The pass mark, in hundredths of `max_points`.
    pass_percent: Mapped[int]
    #: Whether a part of a multiple choice earns a part of its points.
    partial_credit: Mapped[bool] = mapped_column(default=False)
    #: The first attempt and its resits together; None for without limit.
    attempts_allowed: Mapped[int | None]
    #: What a candidate must do once they are used up.
    what_follows: Mapped[WhatFollows] = mapped_column(text_enum(WhatFollows))
    #: Months for which a passed theory exam stands; None where it bars nobody from sitting again.
    pass_months: Mapped[int | None]
    #: Hours of training that must be on file.
    training_hours: Mapped[int] = mapped_column(default=0)
    #: The same for who works in a high-risk industry.
    training_hours_high_risk: Mapped[int] = mapped_column(default=0)
    #: Completed years of life; None where the rule names none.
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    #: Whether a practical exam must be passed after the theory, before anything is attained.
    has_practical: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The first practical and its resits together; None for without limit.
    practical_attempts: Mapped[int | None]
    #: What a candidate must do once those are used up.
    practical_what_follows: Mapped[WhatFollows] = mapped_column(
        text_enum(WhatFollows), default=WhatFollows.NOTHING, server_default="nothing"
    )
    #: Working days after the exam within which its outcomes are released.
    results_working_days: Mapped[int] = mapped_column(default=10, server_default="10")
    #: Working days after the release within which one may appeal, and then for the ruling.
    appeal_working_days: Mapped[int] = mapped_column(default=15, server_default="15")
    ruling_working_days: Mapped[int] = mapped_column(default=15, server_default="15")
    #: Seconds by which the network may delay what was sent before the deadline; at most 10.
    grace_seconds: Mapped[int]
    #: The regulation the figures come from, with its article where it is known.
    source: Mapped[str]

    qualification: Mapped[Qualification] = relationship()

    @property
    def allowed(self) -> timedelta:
        """The allowed time of an attempt."""
        return timedelta(minutes=self.minutes)


class StandardProposal(Base):
    """A new version of exam standards that somebody proposes and another approves (标准提案)."""

    __tablename__ = "standard_proposal"

    #: Made by who proposes.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    #: Ids, as text.
    qualification_ids: Mapped[list[str]]
    #: The first day on which it counts.
    effective_from: Mapped[date]
    #: What it says, by field of `exam_standard`.
    rules: Mapped[dict[str, Any]]
    #: The regulation and its article.
    source: Mapped[str]
    article: Mapped[str]
    reason: Mapped[str]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[UUID]
    proposed_by_person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: None while nobody has decided.
    approved: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    decided_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_because: Mapped[str | None]
