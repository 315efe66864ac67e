"""Facts of exams that concern other parts (考试事件)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from server.events import Event


@dataclass(frozen=True, kw_only=True)
class AttemptGraded(Event):
    """An attempt has its outcome, and it may be known (成绩产生).

    Told once for each attempt: when it is graded, or, where the exam holds outcomes back, when
    they are released, so that no certificate gives away what is still hidden.
    """

    attempt_id: UUID
    exam_id: UUID
    qualification_id: UUID
    candidate_id: UUID
    passed: bool
    score: Fraction
    max_score: Fraction
    #: The moment at which others are told.
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AttemptVoided(Event):
    """An attempt no longer counts (答卷作废); what followed from its outcome must fall, too."""

    attempt_id: UUID
    exam_id: UUID
    qualification_id: UUID
    candidate_id: UUID
    #: Whether an outcome had been told before.
    announced: bool
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BarImposed(Event):
    """A person may not be examined or certified (禁止申请、任职资格否决)."""

    bar_id: UUID
    person_id: UUID
    #: What the person is barred from; None for everything.
    qualification_id: UUID | None
    from_on: date
    #: The last day, included; None for life.
    until_on: date | None
    reason: str
    at: datetime
