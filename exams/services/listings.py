"""Lists of attempts: a candidate's own, and those of an exam (答卷列表)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from exams.models import Attempt, Exam
from exams.services.reach import held_within
from server.paging import Page, page
from server.scopes import Scope


def of(candidate_id: UUID, *, cursor: str | None, limit: int) -> Page:
    """Return a page of a candidate's attempts, the newest first."""
    statement = select(Attempt).where(Attempt.candidate_id == candidate_id)
    keys = [Attempt.started_at, Attempt.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def in_exam(exam_id: UUID, *, scope: Scope, cursor: str | None, limit: int) -> Page:
    """Return a page of the attempts of an exam that is held within the scope."""
    statement = (
        select(Attempt)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Attempt.exam_id == exam_id, held_within(Exam.organisation_id, scope))
    )
    return page(statement, [Attempt.started_at, Attempt.id], cursor=cursor, limit=limit)
