"""Answer sheets of paper and what people read from them (答题卡、录入)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exams.models.enrolments import Enrolment
from exams.paper_sheets import Difference, SheetState, differences
from server.db import Base, text_enum


class PaperSheet(Base):
    """The answer sheet of somebody who sat on paper (答题卡): one for each place."""

    __tablename__ = "paper_sheet"
    __table_args__ = (CheckConstraint("ended_at > began_at", name="span"),)

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exam.id"), index=True)
    #: What stands on the booklet: the form, and for a candidate's own the place.
    booklet: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    #: Why it was sat on paper.
    reason: Mapped[str]
    state: Mapped[SheetState] = mapped_column(text_enum(SheetState))
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[UUID]
    #: The attempt that came of it.
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("attempt.id"))
    #: The third person's letters where two differed, by number, and why.
    settled: Mapped[dict[str, Any] | None]
    settled_because: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    enrolment: Mapped[Enrolment] = relationship()
    readings: Mapped[list[SheetReading]] = relationship(order_by="SheetReading.read_at")

    @property
    def differences(self) -> list[Difference]:
        """Where the two read another answer; none before both have."""
        if len(self.readings) <= 1:
            return []
        first, second = self.readings
        return differences(first.letters, second.letters)


class SheetReading(Base):
    """What one person read from an answer sheet (录入): apart from the other."""

    __tablename__ = "paper_sheet_reading"

    enrolment_id: Mapped[UUID] = mapped_column(
        ForeignKey("paper_sheet.enrolment_id"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    account_id: Mapped[UUID]
    #: Letters by the number of the question: `{"1": "A", "2": ""}`.
    letters: Mapped[dict[str, Any]]
    read_at: Mapped[datetime]
