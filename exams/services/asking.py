"""Who was asked a version of a question, and in which exams (试题使用范围)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from exams.models import Attempt, Exam, Paper, PaperItem
from exams.services.reach import held_within
from question_bank.models import QuestionVersion
from server.db import db
from server.paging import Page, page
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


def asked(
    scope: Scope,
    *,
    at: datetime,
    words: str | None = None,
    version_id: UUID | None = None,
    exam_id: UUID | None = None,
    attempt_id: UUID | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of the versions asked in exams within the scope that have begun.

    What lies sealed for exams to come is not among them.

    Args:
        scope: where the exams are held.
        at: the moment by which they have begun.
        words: only those in whose stem this stands.
        version_id: only this one.
        exam_id: only those of this exam.
        attempt_id: only those of the paper of this attempt.
        cursor: where the page begins.
        limit: versions on the page.
    """
    here = (
        select(PaperItem.version_id)
        .join(Paper, Paper.id == PaperItem.paper_id)
        .join(Exam, Exam.id == Paper.exam_id)
        .where(
            PaperItem.version_id == QuestionVersion.id,
            Exam.opens_at <= at,
            held_within(Exam.organisation_id, scope),
        )
    )
    if exam_id is not None:
        here = here.where(Paper.exam_id == exam_id)
    if attempt_id is not None:
        own = select(Attempt.paper_id).where(Attempt.id == attempt_id)
        here = here.where(Paper.id == own.scalar_subquery())
    statement = select(QuestionVersion).where(here.exists())
    if version_id is not None:
        statement = statement.where(QuestionVersion.id == version_id)
    if words is not None:
        statement = statement.where(QuestionVersion.stem.contains(words, autoescape=True))
    return page(statement, [QuestionVersion.id], cursor=cursor, limit=limit)
