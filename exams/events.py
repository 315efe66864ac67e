"""Facts of exams that concern other parts (考试事件)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from exams.regrading import Cause
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
class QualificationAttained(Event):
    """All that the standard asks for is passed and may be known: theory, and practical (取得资格).

    Told again where an outcome was corrected into a pass; who reacts does so once for an attempt.
    """

    #: The theory.
    attempt_id: UUID
    exam_id: UUID
    qualification_id: UUID
    candidate_id: UUID
    #: None where the standard asks for no practical.
    practical_id: UUID | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OutcomeCorrected(Event):
    """An outcome that others were told of has changed (成绩更正); what rests on it must follow."""

    #: The theory, also where the practical after it was corrected.
    attempt_id: UUID
    exam_id: UUID
    qualification_id: UUID
    candidate_id: UUID
    #: The practical that was corrected; None where it was the theory.
    practical_id: UUID | None
    passed_before: bool
    passed_after: bool
    score_before: Fraction
    score_after: Fraction
    max_before: Fraction
    max_after: Fraction
    cause: Cause
    #: The late decision, regrade or correction.
    cause_id: UUID
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PracticalVoided(Event):
    """A decided practical no longer counts (实操作废); what followed from it must fall, too."""

    practical_id: UUID
    #: The theory before it.
    attempt_id: UUID
    exam_id: UUID
    qualification_id: UUID
    candidate_id: UUID
    announced: bool
    reason: str
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
    #: The document of the decision, and whether certificates fall by it at once.
    document: str | None = None
    revokes: bool = False
