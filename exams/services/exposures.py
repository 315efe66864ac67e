"""How often questions were given to candidates, over all exams (曝光量)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select

from exams.assembly import Candidate
from exams.models import Enrolment, Exam, Paper, PaperItem, PaperSpecification
from question_bank.models import QuestionVersion
from server.db import db


def rested(
    questions: Collection[Candidate],
    specification: PaperSpecification,
    *,
    but: UUID | None = None,
) -> list[Candidate]:
    """Return the questions that the specification may still draw: none over its lifetime cap.

    Args:
        questions: what may be drawn.
        specification: says how often at most.
        but: an exam whose forms do not count; None where all do.
    """
    most = specification.most_lifetime_uses
    if most is None:
        return list(questions)
    spent = _spent(most, but)
    return [one for one in questions if one.question_id not in spent]


def weighed(
    questions: Collection[Candidate], *, at: datetime, but: UUID | None = None
) -> list[Candidate]:
    """Return questions with what is sealed and yet to be sat added to how often they were asked.

    What was sat stands in their statistics already. So two sittings that are planned in one week
    take different questions, although nobody has sat either.

    Args:
        questions: what may be drawn.
        at: the moment.
        but: an exam whose own forms do not count.
    """
    coming = _coming(at, but)
    if not coming:
        return list(questions)
    return [
        replace(one, exposure_count=one.exposure_count + coming.get(one.question_id, 0))
        for one in questions
    ]


def _coming(at: datetime, but: UUID | None) -> dict[UUID, int]:
    """Return on how many forms of exams that have yet to close each question stands."""
    statement = (
        select(QuestionVersion.question_id, func.count())
        .join(PaperItem, PaperItem.version_id == QuestionVersion.id)
        .join(Paper, Paper.id == PaperItem.paper_id)
        .join(Exam, Exam.id == Paper.exam_id)
        .where(~Exam.is_practice, Exam.closes_at > at)
        .group_by(QuestionVersion.question_id)
    )
    if but is not None:
        statement = statement.where(Paper.exam_id != but)
    return {question_id: count for question_id, count in db.session.execute(statement)}


def _spent(most: int, but: UUID | None) -> set[UUID]:
    """Return the questions that were given so often.

    A question counts once for each candidate who was given a form with it; a form that nobody was
    given yet counts once, for it is sealed and will be.
    """
    given = (
        select(Enrolment.paper_id, func.count().label("people"))
        .where(Enrolment.paper_id.is_not(None), Enrolment.withdrawn_at.is_(None))
        .group_by(Enrolment.paper_id)
        .subquery()
    )
    people = func.coalesce(given.c.people, 0)
    uses = func.sum(case((people > 1, people), else_=1))
    statement = (
        select(QuestionVersion.question_id)
        .join(PaperItem, PaperItem.version_id == QuestionVersion.id)
        .join(Paper, Paper.id == PaperItem.paper_id)
        .join(Exam, Exam.id == Paper.exam_id)
        .outerjoin(given, given.c.paper_id == Paper.id)
        .where(~Exam.is_practice)
        .group_by(QuestionVersion.question_id)
        .having(uses >= most)
    )
    if but is not None:
        statement = statement.where(Paper.exam_id != but)
    return set(db.session.scalars(statement))
