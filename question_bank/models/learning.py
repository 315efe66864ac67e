"""What learners marked and were shown, and how much of it in a day (练习进度的数据表)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class PracticeFavourite(Base):
    """A question that a learner keeps at hand (收藏)."""

    __tablename__ = "practice_favourite"
    __table_args__ = (Index(None, "learner_id", "added_at"),)

    learner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"), primary_key=True)
    added_at: Mapped[datetime]


class PracticeShowing(Base):
    """That a learner was shown a version on a day (练习曝光): let go of after a week."""

    __tablename__ = "practice_showing"
    __table_args__ = (Index(None, "shown_on"),)

    learner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: A day in Asia/Shanghai.
    shown_on: Mapped[date] = mapped_column(primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"), primary_key=True)


class PracticeDay(Base):
    """How much of the day's allowance a learner has used (每日练习额度)."""

    __tablename__ = "practice_day"
    __table_args__ = (
        CheckConstraint("shown_count >= 0", name="shown_count"),
        CheckConstraint("mock_exam_count >= 0", name="mock_exam_count"),
    )

    learner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: A day in Asia/Shanghai.
    day: Mapped[date] = mapped_column(primary_key=True)
    shown_count: Mapped[int] = mapped_column(default=0)
    mock_exam_count: Mapped[int] = mapped_column(default=0)


class PracticeExposure(Base):
    """How often a version was shown in practice, but for the last week (练习曝光次数)."""

    __tablename__ = "practice_exposure"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"), primary_key=True)
    shown_count: Mapped[int]


class DailyQuestion(Base):
    """The question of a day, the same for everybody (每日一题)."""

    __tablename__ = "daily_question"

    #: A day in Asia/Shanghai.
    day: Mapped[date] = mapped_column(primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"), index=True)
