"""Responses as statistics read them, and the figures of papers (统计的数据表)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class ResponseSheet(Base):
    """All that counted in one graded attempt, in one row (作答表): made once, off the exam's way.

    A hundred responses are four hundred bytes here and a hundred rows in `response_entry`.
    """

    __tablename__ = "response_sheet"
    __table_args__ = (Index(None, "qualification_id", "graded_at"), Index(None, "graded_at"))

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    qualification_id: Mapped[UUID] = mapped_column(ForeignKey("qualification.id"))
    paper_id: Mapped[UUID] = mapped_column(ForeignKey("paper.id"), index=True)
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    graded_at: Mapped[datetime]
    #: From slot 1: chosen options of the form as bits, two bytes each, the lower first.
    chosen: Mapped[bytes] = mapped_column(LargeBinary)
    #: From slot 1: tenths of a second that the slot took, two bytes each; 0 where not known.
    tenths: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


class PaperStatistics(Base):
    """The figures of one form (试卷统计), by the first attempts of its candidates."""

    __tablename__ = "paper_statistics"

    paper_id: Mapped[UUID] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exam.id"), index=True)
    candidate_count: Mapped[int]
    max_score: Mapped[float]
    pass_mark: Mapped[float]
    mean: Mapped[float]
    median: Mapped[float]
    sd: Mapped[float | None]
    #: Cronbach's alpha; None where nothing varies.
    alpha: Mapped[float | None]
    #: Points by which a score strays, by alpha.
    standard_error: Mapped[float | None]
    #: The same, by the Rasch model, for who is worth just the pass mark.
    error_at_pass: Mapped[float | None]
    #: What somebody who is worth just the pass mark on the average paper earns on this one.
    pass_expectation: Mapped[float | None]
    #: The share of the spread of abilities in the whole qualification that is no error.
    reliability: Mapped[float | None]
    pass_share: Mapped[float]
    #: Candidates by tenths of the score: `[0–10 %, …, 90–100 %]`.
    histogram: Mapped[list[Any]]
    calculated_at: Mapped[datetime]
