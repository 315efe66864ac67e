"""What a passed theory still allows: practicals, until used up or too old (理论成绩)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from exams import eligibility
from exams.lifecycle import State
from exams.models import Attempt, Exam, ExamStandard, Outcome, Practical, PracticalOutcome
from exams.models.practicals import PracticalState
from exams.practical_errors import (
    CandidateBarred,
    NoPractical,
    PracticalPending,
    PracticalsUsedUp,
    TheoryNotPassed,
)
from exams.services import bars
from server import days
from server.db import db
from server.errors import DomainError


def used_up(theory_attempt_id: UUID, standard: ExamStandard) -> bool:
    """Say whether all practicals that a passed theory allows were failed."""
    allowed = standard.practical_attempts
    return allowed is not None and len(_failed(theory_attempt_id)) >= allowed


def check(theory: Attempt, standard: ExamStandard, *, on: date, at: datetime) -> None:
    """Make sure that a practical may follow a theory on a day.

    Raises:
        NoPractical: the standard asks for none.
        TheoryNotPassed: the theory is not passed, not told yet, or too old on that day.
        PracticalsUsedUp: all that this theory allows were failed.
        PracticalPending: another one after this theory is open or passed.
        CandidateBarred: the candidate may not be examined on that day.
    """
    if not standard.has_practical:
        raise NoPractical
    outcome = theory.outcome
    if theory.state is not State.GRADED or theory.exam.is_practice:
        raise TheoryNotPassed
    if outcome is None or not outcome.passed:
        raise TheoryNotPassed
    passed_on, months = days.civil_day(theory.started_at), standard.pass_months
    stands = months is None or on < eligibility.months_after(passed_on, months)
    if outcome.released_at > at or on < passed_on or not stands:
        raise TheoryNotPassed
    _check_others(theory, standard)
    if bars.stands(theory.candidate_id, theory.exam.qualification_id, on=on):
        raise CandidateBarred


def standing(
    candidate_id: UUID, qualification_id: UUID, standard: ExamStandard, *, on: date, at: datetime
) -> Attempt | None:
    """Return the latest theory after which a practical may follow on a day, None without one."""
    statement = (
        select(Attempt)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Outcome, Outcome.attempt_id == Attempt.id)
        .where(
            Attempt.candidate_id == candidate_id,
            Exam.qualification_id == qualification_id,
            Outcome.passed.is_(True),
        )
        .order_by(Attempt.started_at.desc())
    )
    for theory in db.session.scalars(statement):
        try:
            check(theory, standard, on=on, at=at)
        except DomainError:
            continue
        return theory
    return None


def _check_others(theory: Attempt, standard: ExamStandard) -> None:
    if standard.practical_attempts is not None and used_up(theory.id, standard):
        raise PracticalsUsedUp(
            allowed=standard.practical_attempts,
            what_follows=standard.practical_what_follows.value,
        )
    found = pending(theory.id)
    if found is not None:
        raise PracticalPending(practical_id=str(found))


def pending(theory_attempt_id: UUID) -> UUID | None:
    """Return the practical after a theory that is open or passed, None where there is none."""
    other = (
        select(Practical.id)
        .outerjoin(PracticalOutcome, PracticalOutcome.practical_id == Practical.id)
        .where(
            Practical.theory_attempt_id == theory_attempt_id,
            Practical.state != PracticalState.VOIDED,
            PracticalOutcome.passed.is_not(False),
        )
    )
    return db.session.scalars(other.limit(1)).first()


def _failed(theory_attempt_id: UUID) -> list[date]:
    """Return the days of the practicals after a theory that count and were not passed."""
    statement = (
        select(Practical.planned_at)
        .outerjoin(PracticalOutcome, PracticalOutcome.practical_id == Practical.id)
        .where(
            Practical.theory_attempt_id == theory_attempt_id,
            Practical.counts,
            (PracticalOutcome.passed.is_(False)) | (Practical.state == PracticalState.VOIDED),
        )
    )
    return [days.civil_day(at) for at in db.session.execute(statement).scalars()]


def last_failure(theory_attempt_id: UUID, standard: ExamStandard) -> date | None:
    """Return the day on which the practicals of a theory were used up, None while they are not."""
    allowed = standard.practical_attempts
    if not standard.has_practical or allowed is None:
        return None
    failed = sorted(_failed(theory_attempt_id))
    return failed[allowed - 1] if len(failed) >= allowed else None
