"""How many questions a bank holds, by kind, topic and state (题库存量)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, case, func, select

from question_bank.kinds import Kind
from question_bank.lifecycle import State
from question_bank.models import Question, QuestionVersion
from question_bank.services import banks
from server.db import db
from server.scopes import EVERYWHERE, Scope


@dataclass(frozen=True, kw_only=True)
class Holding:
    """The questions of one kind, topic and state."""

    kind: Kind
    #: None for those without a topic.
    topic: str | None
    state: State
    question_count: int
    #: How many of them papers may draw, once they are published.
    exam_count: int
    #: How many of them learners may practise.
    practice_count: int


def of(bank_id: UUID, *, scope: Scope = EVERYWHERE) -> list[Holding]:
    """Return what a bank holds, by the newest version of each question.

    Raises:
        NotFound: there is no such bank within the scope.
    """
    banks.get(bank_id, scope=scope)
    keys = (QuestionVersion.kind, QuestionVersion.topic, Question.state)
    newest = and_(
        QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.newest
    )
    statement = (
        select(
            *keys,
            func.count().label("question_count"),
            func.sum(case((Question.for_exams, 1), else_=0)).label("exam_count"),
            func.sum(case((Question.for_practice, 1), else_=0)).label("practice_count"),
        )
        .join(QuestionVersion, newest)
        .where(Question.bank_id == bank_id)
        .group_by(*keys)
    )
    found = [Holding(**row._asdict()) for row in db.session.execute(statement)]
    return sorted(found, key=lambda one: (one.topic or "", one.kind, one.state))
