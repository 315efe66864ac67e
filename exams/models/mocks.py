"""Mock exams of learners (模拟考试的数据表)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exams.models.planning import Exam
from server.db import Base, JsonColumn


class MockExam(Base):
    """A paper drawn for one learner by the rule of a real exam, from what may be practised."""

    __tablename__ = "mock_exam"
    __table_args__ = (Index(None, "learner_id", "started_at"),)

    #: Made by the phone, so that asking twice draws once.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    learner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: The exam whose rules and specification count.
    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exam.id"))
    #: `[{"version_id", "section", "points", "order"}]` from slot 1; `order` names the written
    #: option in each place shown.
    places: Mapped[list[Any]]
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    #: Chosen labels as shown, by slot.
    chosen: Mapped[dict[str, Any] | None] = mapped_column(JsonColumn)
    #: Exact fractions as texts.
    score: Mapped[str | None]
    max_score: Mapped[str | None]
    passed: Mapped[bool | None]

    exam: Mapped[Exam] = relationship(lazy="joined")
