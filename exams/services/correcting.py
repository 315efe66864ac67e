"""Putting another outcome in place of one that was wrong; the original stays (成绩更正).

The one way in which an outcome changes after it was made, whatever the cause. What was written
before stays for ever, beside what became of it; whoever was told is told again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy import select

from exams.correction_errors import NotReleased
from exams.events import OutcomeCorrected
from exams.models import Attempt, Outcome, OutcomeCorrection, Practical, PracticalOutcome
from exams.regrading import Cause
from exams.services import attainments, ledger, notices
from server.db import db
from server.events import publish


class Judgement(Protocol):
    """What an outcome is to become: a grade, or anything else that has these."""

    @property
    def score(self) -> Fraction:
        """Points earned."""

    @property
    def max_score(self) -> Fraction:
        """Points that could be earned."""

    @property
    def passed(self) -> bool:
        """Whether it is a pass."""


@dataclass(frozen=True, kw_only=True)
class Worth:
    """A judgement that somebody states."""

    score: Fraction
    max_score: Fraction
    passed: bool


def correct(
    attempt: Attempt,
    worth: Judgement,
    *,
    cause: Cause,
    cause_id: UUID,
    reason: str,
    at: datetime,
) -> OutcomeCorrection | None:
    """Put an outcome right that was made; returns None where it is right already.

    Args:
        attempt: graded, and locked by the caller.
        worth: what it is to become.
        cause: why.
        cause_id: the regrade, late decision or correction it comes from.
        reason: the same in words, for the candidate.
        at: the moment.
    """
    outcome = attempt.outcome
    if outcome is None:
        return None
    made = _put(outcome, worth, cause=cause, cause_id=cause_id, reason=reason, at=at)
    if made is None:
        return None
    made.attempt_id = attempt.id
    db.session.add(made)
    db.session.flush()
    if outcome.announced_at is not None and not attempt.exam.is_practice:
        ledger.tell_outcome(attempt, outcome, at=at)
        notices.of_correction(
            made, candidate_id=attempt.candidate_id, exam=attempt.exam.name, at=at
        )
        _tell(attempt, made, practical_id=None, at=at)
    return made


def correct_practical(
    practical: Practical,
    worth: Judgement,
    *,
    cause: Cause,
    cause_id: UUID,
    reason: str,
    at: datetime,
) -> OutcomeCorrection | None:
    """Put the outcome of a practical right; returns None where it is right already."""
    outcome = practical.outcome
    if outcome is None:
        return None
    made = _put(outcome, worth, cause=cause, cause_id=cause_id, reason=reason, at=at)
    if made is None:
        return None
    made.practical_id = practical.id
    db.session.add(made)
    db.session.flush()
    if outcome.announced_at is not None:
        ledger.tell_practical(practical, outcome, at=at)
        name = f"{practical.qualification.name_zh}实际操作考试"
        notices.of_correction(made, candidate_id=practical.candidate_id, exam=name, at=at)
        _tell(practical.theory, made, practical_id=practical.id, at=at)
    return made


def history(
    *, attempt_id: UUID | None = None, practical_id: UUID | None = None
) -> Sequence[OutcomeCorrection]:
    """Return every correction of an outcome, the first one first; they are never deleted."""
    which = (
        OutcomeCorrection.attempt_id == attempt_id
        if attempt_id is not None
        else OutcomeCorrection.practical_id == practical_id
    )
    ordered = (OutcomeCorrection.corrected_at, OutcomeCorrection.id)
    return (
        db.session.execute(select(OutcomeCorrection).where(which).order_by(*ordered))
        .scalars()
        .all()
    )


def own_history(attempt: Attempt, *, at: datetime) -> Sequence[OutcomeCorrection]:
    """Return the corrections that a candidate may see: none before the outcome is shown.

    Raises:
        NotReleased: it is not yet.
    """
    outcome = attempt.outcome
    if outcome is None or outcome.released_at > at:
        raise NotReleased
    return history(attempt_id=attempt.id)


def _put(
    outcome: Outcome | PracticalOutcome,
    worth: Judgement,
    *,
    cause: Cause,
    cause_id: UUID,
    reason: str,
    at: datetime,
) -> OutcomeCorrection | None:
    before = (outcome.score, outcome.max_score, outcome.passed)
    after = (str(worth.score), str(worth.max_score), worth.passed)
    if before == after:
        return None
    outcome.score, outcome.max_score, outcome.passed = after
    return OutcomeCorrection(
        id=uuid4(),
        cause=cause,
        cause_id=cause_id,
        score_before=before[0],
        score_after=after[0],
        max_before=before[1],
        max_after=after[1],
        passed_before=before[2],
        passed_after=after[2],
        reason=reason,
        corrected_at=at,
    )


def _tell(
    theory: Attempt, made: OutcomeCorrection, *, practical_id: UUID | None, at: datetime
) -> None:
    publish(
        OutcomeCorrected(
            attempt_id=theory.id,
            exam_id=theory.exam_id,
            qualification_id=theory.exam.qualification_id,
            candidate_id=theory.candidate_id,
            practical_id=practical_id,
            passed_before=made.passed_before,
            passed_after=made.passed_after,
            score_before=Fraction(made.score_before),
            score_after=Fraction(made.score_after),
            max_before=Fraction(made.max_before),
            max_after=Fraction(made.max_after),
            cause=made.cause,
            cause_id=made.cause_id,
            reason=made.reason,
            at=at,
        )
    )
    if made.passed_after and not made.passed_before:
        attainments.tell(theory, at=at)
