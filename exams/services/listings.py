"""Lists of attempts: a candidate's own, and those of an exam (答卷列表)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from exams.lifecycle import State
from exams.models import Attempt, Enrolment, Exam
from exams.services.reach import held_within
from server.paging import Page, narrowed, page
from server.scopes import Scope


def of(candidate_id: UUID, *, cursor: str | None, limit: int) -> Page:
    """Return a page of a candidate's attempts, the newest first."""
    statement = select(Attempt).where(Attempt.candidate_id == candidate_id)
    keys = [Attempt.started_at, Attempt.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def in_exam(
    exam_id: UUID,
    *,
    scope: Scope,
    state: State | None = None,
    room: str | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of the attempts of an exam that is held within the scope, with who sits."""
    statement = (
        select(Attempt)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .options(contains_eager(Attempt.enrolment), joinedload(Attempt.candidate))
        .where(Attempt.exam_id == exam_id, held_within(Exam.organisation_id, scope))
    )
    statement = narrowed(statement, {Attempt.state: state, Enrolment.room: room})
    return page(statement, [Attempt.started_at, Attempt.id], cursor=cursor, limit=limit)
