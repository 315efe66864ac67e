"""How often questions were given to candidates, over all exams (曝光量)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import case, func, select

from exams.assembly import Candidate
from exams.models import Enrolment, Exam, Paper, PaperItem, PaperSpecification
from question_bank.models import QuestionVersion
from server.db import db


def rested(questions: Collection[Candidate], specification: PaperSpecification) -> list[Candidate]:
    """Return the questions that the specification may still draw: none over its lifetime cap."""
    most = specification.most_lifetime_uses
    if most is None:
        return list(questions)
    spent = _spent(most)
    return [one for one in questions if one.question_id not in spent]


def _spent(most: int) -> set[UUID]:
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
    return set(db.session.scalars(statement))
