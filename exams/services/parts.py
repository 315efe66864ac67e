"""What part a person had in what is appealed against, under whatever account (回避)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from exams.models import (
    Appeal,
    Attempt,
    PaperItem,
    Practical,
)
from exams.services import examining
from question_bank.models import QuestionVersion
from server.db import db
from server.errors import NotFound
from server.policy import Identity


def of(appeal: Appeal, version_id: UUID | None, by: Identity) -> Iterator[str]:
    """Yield every part that a person had: then somebody else rules.

    Args:
        appeal: what is ruled on.
        version_id: a question whose key is said to be wrong, where the ruling names one.
        by: who would rule.

    Raises:
        NotFound: there is no such question.
    """
    if by.person_id == appeal.candidate_id:
        yield "candidate"
    if any(by.person_id == one.supervisor_id for one in appeal.viewings):
        yield "supervisor"
    if appeal.practical_id is not None:
        yield from _in_practical(appeal.practical_id, by)
    if appeal.attempt_id is not None:
        yield from _in_attempt(appeal.attempt_id, by)
    if version_id is not None:
        yield from _in_question(version_id, by)


def _in_practical(practical_id: UUID, by: Identity) -> Iterator[str]:
    practical = db.session.get_one(Practical, practical_id)
    if any(by.person_id == one.person_id for one in practical.scorers):
        yield "scorer"


def _in_question(version_id: UUID, by: Identity) -> Iterator[str]:
    version = db.session.get(QuestionVersion, version_id)
    if version is None:
        raise NotFound
    if by.person_id in (version.author_id, version.reviewer_id):
        yield "author"


def _in_attempt(attempt_id: UUID, by: Identity) -> Iterator[str]:
    attempt = db.session.get_one(Attempt, attempt_id)
    if examining.examined(by.person_id, {attempt_id}):
        yield "invigilator"
    wrote = (
        select(QuestionVersion.id)
        .join(PaperItem, PaperItem.version_id == QuestionVersion.id)
        .where(PaperItem.paper_id == attempt.paper_id, QuestionVersion.author_id == by.person_id)
    )
    if db.session.execute(wrote.limit(1)).first():
        yield "author"
