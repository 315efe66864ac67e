"""Who was asked a version of a question, and in which exams (试题使用范围)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from exams.models import Attempt, Exam, Paper, PaperItem
from exams.services.reach import held_within
from server.db import db
from server.scopes import Scope


def exams(version_id: UUID, *, beyond: Scope | None = None) -> Sequence[UUID]:
    """Return the exams whose papers ask a version; only those beyond a scope where one is given."""
    statement = (
        select(Exam.id)
        .join(Paper, Paper.exam_id == Exam.id)
        .join(PaperItem, PaperItem.paper_id == Paper.id)
        .where(PaperItem.version_id == version_id)
        .distinct()
    )
    if beyond is not None:
        if beyond.everywhere:
            return ()
        statement = statement.where(~held_within(Exam.organisation_id, beyond))
    return db.session.execute(statement).scalars().all()


def candidates(version_id: UUID) -> set[UUID]:
    """Return who was asked a version in an attempt: whose examination a regrade is."""
    statement = (
        select(Attempt.candidate_id)
        .join(PaperItem, PaperItem.paper_id == Attempt.paper_id)
        .where(PaperItem.version_id == version_id)
        .distinct()
    )
    return set(db.session.scalars(statement))
