"""Outcomes: grading an attempt once, and telling others when it may be known (成绩)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from functools import partial
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from exams import lifecycle, regrading
from exams.events import AttemptGraded
from exams.grading import Grade
from exams.lifecycle import Move, State
from exams.models import Attempt, Exam, Outcome
from exams.services import attainments, forms, intake, ledger
from exams.services.announcing import told_apart
from exams.services.reach import gives_partial_credit, held_within, rules_of
from exams.sync import Entry
from server.audit import services as audit
from server.db import db
from server.events import publish
from server.moments import MOMENT
from server.paging import Page, narrowed, page
from server.people.models import Person
from server.people.models import within as people_within
from server.scopes import Scope


def grade(attempt: Attempt, *, at: datetime) -> Outcome:
    """Grade an attempt that was handed in, as it stood, and write its outcome down.

    The key of the outcome is the attempt, so two at once give one outcome. Others are told now,
    or, where the exam holds outcomes back, when it releases them.
    """
    graded = verdict(attempt, intake.counting(db.session.connection(), attempt.id))
    released_at = max(at, attempt.exam.release_at or at)
    outcome = Outcome(
        attempt=attempt,
        score=str(graded.score),
        max_score=str(graded.max_score),
        passed=graded.passed,
        graded_at=at,
        released_at=released_at,
        announced_at=at if released_at <= at else None,
    )
    attempt.state = lifecycle.after(attempt.state, Move.GRADE) or attempt.state
    db.session.add(outcome)
    db.session.flush()
    _tell(attempt, outcome, at=at)
    if outcome.announced_at is not None:
        _announce(attempt, outcome, at=at)
    return outcome


def verdict(attempt: Attempt, counting: Mapping[int, Entry]) -> Grade:
    """Return what an attempt is worth by the entries that count; nothing is written."""
    places = forms.key_sheet(db.session.connection(), attempt.paper_id)
    return regrading.grade(
        places,
        {slot: forms.chosen_labels(entry) for slot, entry in counting.items()},
        pass_percent=rules_of(attempt.exam).pass_percent,
        partial_credit=gives_partial_credit(attempt.exam),
    )


def visible(attempt: Attempt, *, at: datetime) -> Outcome | None:
    """Return the outcome that the candidate may see at a moment, None where there is none yet.

    What was voided has no outcome any more.
    """
    outcome = attempt.outcome
    if outcome is None or attempt.state is State.VOIDED or outcome.released_at > at:
        return None
    return outcome


def _announce(attempt: Attempt, outcome: Outcome, *, at: datetime) -> None:
    """Tell the other parts and the candidate's file; `announced_at` says that it was done.

    What came of practising concerns nobody but its candidate.
    """
    if attempt.exam.is_practice:
        return
    ledger.tell_outcome(attempt, outcome, at=at)
    attainments.tell(attempt, at=at)
    publish(
        AttemptGraded(
            attempt_id=attempt.id,
            exam_id=attempt.exam_id,
            qualification_id=attempt.exam.qualification_id,
            candidate_id=attempt.candidate_id,
            passed=outcome.passed,
            score=Fraction(outcome.score),
            max_score=Fraction(outcome.max_score),
            at=at,
        )
    )


def announce_released(*, at: datetime, limit: int) -> int:
    """Tell others about outcomes whose release has come; return how many were told.

    Called by the background work, a bounded number at a time. One outcome about which others
    cannot be told keeps nobody else waiting: it is logged, and tried again next time.
    """
    statement = (
        select(Attempt, Outcome)
        .join(Outcome, Outcome.attempt_id == Attempt.id)
        .where(*_due(at))
        .order_by(Outcome.released_at, Outcome.attempt_id)
        .limit(limit)
        .with_for_update(of=Outcome, skip_locked=True)
    )
    due = db.session.execute(statement).all()
    return told_apart(due, partial(_release, at=at), what="outcome")


def _release(attempt: Attempt, outcome: Outcome, *, at: datetime) -> None:
    outcome.announced_at = at
    db.session.flush()
    _announce(attempt, outcome, at=at)


def _due(at: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    return (
        Outcome.announced_at.is_(None),
        Outcome.released_at <= at,
        Attempt.state == State.GRADED,
    )


#: Outcomes whose release has come and of which nobody was told yet; for the work that tells.
RELEASED = select(Outcome.attempt_id).join(Attempt).where(*_due(MOMENT))


def in_exam(
    exam_id: UUID,
    *,
    scope: Scope,
    at: datetime,
    passed: bool | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of the outcomes of an exam.

    Who holds the exam sees all of them; others see what is released, of people in their scope.
    """
    statement = (
        select(Attempt)
        .join(Outcome, Outcome.attempt_id == Attempt.id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .options(contains_eager(Attempt.outcome), joinedload(Attempt.candidate))
        .where(
            Attempt.exam_id == exam_id,
            Attempt.state == State.GRADED,
            or_(
                held_within(Exam.organisation_id, scope),
                and_(
                    Outcome.released_at <= at,
                    Attempt.candidate_id.in_(select(Person.id).where(people_within(scope))),
                ),
            ),
        )
    )
    statement = narrowed(statement, {Outcome.passed: passed})
    return page(statement, [Attempt.started_at, Attempt.id], cursor=cursor, limit=limit)


def _tell(attempt: Attempt, outcome: Outcome, *, at: datetime) -> None:
    audit.append(
        "attempt_graded",
        by=None,
        at=at,
        subject_kind="attempt",
        subject_id=attempt.id,
        after={
            "score": outcome.score,
            "max_score": outcome.max_score,
            "passed": outcome.passed,
            "closed": attempt.closed,
        },
    )
