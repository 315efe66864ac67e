"""What a passed theory still allows: practicals, until used up or too old (理论成绩)."""

from __future__ import annotations

from collections.abc import Collection
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
    return allowed is not None and len(_failed([theory_attempt_id])[theory_attempt_id]) >= allowed


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
    return pending_after([theory_attempt_id]).get(theory_attempt_id)


def pending_after(theory_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return by theory the practical after it that is open or passed, where there is one."""
    others = (
        select(Practical.theory_attempt_id, Practical.id)
        .outerjoin(PracticalOutcome, PracticalOutcome.practical_id == Practical.id)
        .where(
            Practical.theory_attempt_id.in_(theory_ids),
            Practical.state != PracticalState.VOIDED,
            PracticalOutcome.passed.is_not(False),
        )
    )
    return {theory_id: practical_id for theory_id, practical_id in db.session.execute(others)}


def _failed(theory_ids: Collection[UUID]) -> dict[UUID, list[date]]:
    """Return by theory the days of the practicals after it that count and were not passed."""
    statement = (
        select(Practical.theory_attempt_id, Practical.planned_at)
        .outerjoin(PracticalOutcome, PracticalOutcome.practical_id == Practical.id)
        .where(
            Practical.theory_attempt_id.in_(theory_ids),
            Practical.counts,
            (PracticalOutcome.passed.is_(False)) | (Practical.state == PracticalState.VOIDED),
        )
    )
    found: dict[UUID, list[date]] = {one: [] for one in theory_ids}
    for theory_id, at in db.session.execute(statement):
        found[theory_id].append(days.civil_day(at))
    return found


def last_failures(theory_ids: Collection[UUID], standard: ExamStandard) -> dict[UUID, date]:
    """Return by theory the day on which its practicals were used up, where they are."""
    allowed = standard.practical_attempts
    if not standard.has_practical or allowed is None or not theory_ids:
        return {}
    return {
        theory_id: sorted(failed)[allowed - 1]
        for theory_id, failed in _failed(theory_ids).items()
        if len(failed) >= allowed
    }
