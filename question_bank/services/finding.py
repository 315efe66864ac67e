"""Finding questions: one, those of a list, their versions (查找试题)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Numeric, Select, cast, exists, select
from sqlalchemy.orm import contains_eager

from question_bank.flagging import Flag
from question_bank.kinds import Kind
from question_bank.lifecycle import State
from question_bank.models import (
    Question,
    QuestionStatistics,
    QuestionTag,
    QuestionVersion,
)
from question_bank.services import banks, reliances, standing, texts
from server.db import db
from server.errors import NotFound
from server.paging import Page, page
from server.people.roster import PostRole
from server.scopes import EVERYWHERE, Scope


def serves(role: PostRole | None, operation_item: str | None) -> ColumnElement[bool]:
    """Return the condition that a question serves the role and the operation item.

    A question for every item of a role serves each of them. None asks for nothing.
    """
    tags = exists().where(QuestionTag.question_id == Question.id)
    if role is not None:
        tags = tags.where(QuestionTag.role == role)
    if operation_item is not None:
        tags = tags.where(QuestionTag.operation_item.in_([operation_item, ""]))
    return tags


def with_newest() -> Select[Question]:
    """Select questions with their newest version, in one statement."""
    return (
        select(Question)
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
    statement = with_newest().where(Question.id == question_id, banks.held_within(scope))
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


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which questions are looked for; None asks for nothing."""

    bank_id: UUID | None = None
    state: State | None = None
    kind: Kind | None = None
    topic: str | None = None
    #: Parts of stem, options or explanation, parted by spaces; Latin ones also as pinyin initials.
    text: str | None = None
    role: PostRole | None = None
    operation_item: str | None = None
    author_id: UUID | None = None
    difficulty_from: Decimal | None = None
    difficulty_to: Decimal | None = None
    law_id: UUID | None = None
    #: Resting on law that had ended by the day of asking, or not.
    rests_on_repealed_law: bool | None = None
    #: An open flag of its statistics.
    flag: Flag | None = None
    facility_from: float | None = None
    facility_to: float | None = None
    discrimination_from: float | None = None
    discrimination_to: float | None = None


def listed(
    scope: Scope, wanted: Wanted, *, on: date, cursor: str | None = None, limit: int = 50
) -> Page:
    """Return a page of the questions within the scope, with their newest versions.

    Args:
        scope: whose questions.
        wanted: what is looked for.
        on: the day whose law counts.
        cursor: where the page begins.
        limit: questions on the page.
    """
    statement = with_newest().where(banks.of_these(scope), *conditions(wanted, on=on))
    return page(statement, [Question.created_at, Question.id], cursor=cursor, limit=limit)


def conditions(wanted: Wanted, *, on: date) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions on a question and its newest version that were asked for."""
    equal: dict[Any, object] = {
        Question.bank_id: wanted.bank_id,
        Question.state: wanted.state,
        QuestionVersion.kind: wanted.kind,
        QuestionVersion.topic: wanted.topic,
        QuestionVersion.author_id: wanted.author_id,
    }
    yield from (column == value for column, value in equal.items() if value is not None)
    if wanted.text is not None:
        yield texts.holds(wanted.text)
    if wanted.role is not None or wanted.operation_item is not None:
        yield serves(wanted.role, wanted.operation_item)
    if wanted.law_id is not None:
        yield reliances.on_law(wanted.law_id)
    if wanted.rests_on_repealed_law is not None:
        rests = reliances.rests(on)
        yield rests if wanted.rests_on_repealed_law else ~rests
    yield from _figures(wanted)


def _figures(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions on numbers: what authors expect, and what candidates showed."""
    expected = cast(QuestionVersion.difficulty, Numeric(6, 4))
    if wanted.difficulty_from is not None:
        yield expected >= wanted.difficulty_from
    if wanted.difficulty_to is not None:
        yield expected <= wanted.difficulty_to
    if wanted.flag is not None:
        yield standing.flagged(wanted.flag)
    for figure, least, most in (
        (QuestionStatistics.facility, wanted.facility_from, wanted.facility_to),
        (
            QuestionStatistics.discrimination,
            wanted.discrimination_from,
            wanted.discrimination_to,
        ),
    ):
        if least is not None or most is not None:
            yield standing.between(figure, least, most)


def locked(question_id: UUID, *, scope: Scope) -> Question:
    """Return the question with its newest version, locked against other writers.

    Raises:
        NotFound: there is none within the scope.
    """
    statement = with_newest().where(Question.id == question_id, banks.held_within(scope))
    found = db.session.execute(
        statement.with_for_update(of=Question).execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
