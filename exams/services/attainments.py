"""When everything that a qualification asks for is passed (资格取得)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select

from exams.events import QualificationAttained
from exams.lifecycle import State
from exams.models import Attempt, ExamStandard, Practical, PracticalOutcome
from exams.models.practicals import PracticalState
from exams.services.reach import rules_of
from server.db import db
from server.events import publish


def tell(attempt: Attempt, *, at: datetime) -> None:
    """Tell the other parts once theory and, where it is asked for, practical are passed and told.

    Called whenever one of them was announced; while anything is missing, nobody is told.
    """
    if not is_attained(attempt):
        return
    practical = passed_practical(attempt.id)
    publish(
        QualificationAttained(
            attempt_id=attempt.id,
            exam_id=attempt.exam_id,
            qualification_id=attempt.exam.qualification_id,
            candidate_id=attempt.candidate_id,
            practical_id=None if practical is None else practical.id,
            at=at,
        )
    )


def is_attained(attempt: Attempt) -> bool:
    """Say whether everything is passed and announced that the standard of its exam asks for."""
    outcome = attempt.outcome
    if attempt.state is State.VOIDED or outcome is None:
        return False
    if not outcome.passed or outcome.announced_at is None:
        return False
    return not rules_of(attempt.exam).has_practical or passed_practical(attempt.id) is not None


def is_complete() -> ColumnElement[bool]:
    """Return the condition that an attempt's practical is passed and told, where one is asked for.

    The statement joins `Attempt` and `ExamStandard`; of theory it says nothing.
    """
    practical = (
        exists()
        .where(Practical.theory_attempt_id == Attempt.id)
        .where(Practical.state == PracticalState.DECIDED)
        .where(PracticalOutcome.practical_id == Practical.id)
        .where(PracticalOutcome.passed, PracticalOutcome.announced_at.is_not(None))
        .correlate(Attempt)
    )
    return or_(~ExamStandard.has_practical, practical)


def passed_practical(theory_attempt_id: UUID) -> Practical | None:
    """Return the practical that was passed and announced after a theory, None where none was."""
    statement = (
        select(Practical)
        .join(PracticalOutcome, PracticalOutcome.practical_id == Practical.id)
        .where(
            Practical.theory_attempt_id == theory_attempt_id,
            Practical.state == PracticalState.DECIDED,
            PracticalOutcome.passed,
            PracticalOutcome.announced_at.is_not(None),
        )
        .limit(1)
    )
    return db.session.execute(statement).scalar_one_or_none()
