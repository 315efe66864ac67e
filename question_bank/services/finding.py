"""Finding questions: one, those of a list, their versions (查找试题)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager

from question_bank.kinds import Kind
from question_bank.lifecycle import State
from question_bank.models import Question, QuestionBank, QuestionTag, QuestionVersion
from question_bank.services import banks
from server.db import db
from server.errors import NotFound
from server.paging import Page, page
from server.people.roster import PostRole
from server.policy import EVERYWHERE, Scope


def serves(role: PostRole | None, operation_item: str | None) -> ColumnElement[bool]:
    """Return the condition that a question serves the role and the operation item.

    A question for every item of a role serves each of them. None asks for nothing.
    """
    tags = select(QuestionTag.question_id)
    if role is not None:
        tags = tags.where(QuestionTag.role == role)
    if operation_item is not None:
        tags = tags.where(QuestionTag.operation_item.in_([operation_item, ""]))
    return Question.id.in_(tags)


def with_newest() -> Select[Question]:
    """Select questions with their newest version, in one statement."""
    return (
        select(Question)
        .join(QuestionBank, QuestionBank.id == Question.bank_id)
        .join(
            QuestionVersion,
            (QuestionVersion.question_id == Question.id)
            & (QuestionVersion.number == Question.newest),
        )
        .options(contains_eager(Question.newest_version))
    )


def get(question_id: UUID, *, scope: Scope = EVERYWHERE) -> Question:
    """Return the question with its newest version.

    Raises:
        NotFound: there is none within the scope.
    """
    statement = with_newest().where(Question.id == question_id, banks.owned_within(scope))
    found = db.session.execute(
        statement.execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def versions_of(question_id: UUID, *, scope: Scope = EVERYWHERE) -> list[QuestionVersion]:
    """Return every version of the question, the oldest first.

    Raises:
        NotFound: there is no such question within the scope.
    """
    get(question_id, scope=scope)
    statement = select(QuestionVersion).where(QuestionVersion.question_id == question_id)
    return list(db.session.execute(statement.order_by(QuestionVersion.number)).scalars())


def listed(
    scope: Scope,
    *,
    bank_id: UUID | None = None,
    state: State | None = None,
    kind: Kind | None = None,
    topic: str | None = None,
    text: str | None = None,
    role: PostRole | None = None,
    operation_item: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the questions within the scope, with their newest versions."""
    statement = with_newest().where(banks.owned_within(scope))
    wanted: dict[Any, object] = {
        Question.bank_id: bank_id,
        Question.state: state,
        QuestionVersion.kind: kind,
        QuestionVersion.topic: topic,
    }
    for column, value in wanted.items():
        if value is not None:
            statement = statement.where(column == value)
    if text is not None:
        statement = statement.where(QuestionVersion.stem.contains(text, autoescape=True))
    if role is not None or operation_item is not None:
        statement = statement.where(serves(role, operation_item))
    return page(statement, [Question.created_at, Question.id], cursor=cursor, limit=limit)


def locked(question_id: UUID, *, scope: Scope) -> Question:
    """Return the question with its newest version, locked against other writers.

    Raises:
        NotFound: there is none within the scope.
    """
    statement = with_newest().where(Question.id == question_id, banks.owned_within(scope))
    found = db.session.execute(
        statement.with_for_update(of=Question).execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
