"""What papers are drawn from (组卷抽题): the exam pool as it stood on a day, and versions by id.

Each function is one SQL statement, whatever the size of the pool; ids come in large chunks.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from question_bank.kinds import Kind
from question_bank.models import Question, QuestionFlag, QuestionVersion
from question_bank.services import reliances, standing
from question_bank.services.finding import serves
from server import days
from server.db import db
from server.people.roster import PostRole

#: Ids asked for in one statement: less than any database allows.
_CHUNK = 10_000


@dataclass(frozen=True, kw_only=True)
class PoolEntry:
    """One question that a paper may draw. It carries neither words nor key."""

    question_id: UUID
    version_id: UUID
    kind: Kind
    topic: str | None
    #: The share of candidates expected to answer rightly, 0 to 1.
    difficulty: Decimal | None


def published_for_exams(
    *,
    on: date,
    role: PostRole | None = None,
    operation_item: str | None = None,
    topics: Collection[str] | None = None,
    bank_ids: Collection[UUID] | None = None,
    sat_on: date | None = None,
    version_ids: Collection[UUID] | None = None,
) -> list[PoolEntry]:
    """Return the exam pool as it stood at the end of the day `on`, ordered by question.

    What rests on law that has ended by the day of the exam is not in it (see
    `question_bank.services.reliances.rests`).
    A version whose key or secrecy is in doubt is left out until a reviewer has looked at it.

    Args:
        on: a day in Asia/Shanghai. Versions published on that day are in; those withdrawn or
            replaced on it are out.
        role: only questions that serve this role.
        operation_item: only questions that serve this item or every item of the role.
        topics: only questions of these topics; None asks for nothing, an empty list for none.
        bank_ids: only questions of these banks.
        sat_on: the day on which the paper is sat, whose law counts; None: the day `on`.
        version_ids: only these versions.
    """
    end = days.beginning_of(on + timedelta(days=1))
    version = QuestionVersion
    statement = (
        select(version.question_id, version.id, version.kind, version.topic, version.difficulty)
        .join(Question, Question.id == version.question_id)
        .where(
            Question.for_exams,
            ~reliances.rests(sat_on or on),
            version.published_at < end,
            or_(version.withdrawn_at.is_(None), version.withdrawn_at >= end),
            ~exists().where(QuestionFlag.version_id == version.id, standing.suspended(end)),
        )
    )
    if role is not None or operation_item is not None:
        statement = statement.where(serves(role, operation_item))
    if topics is not None:
        statement = statement.where(version.topic.in_(list(topics)))
    if bank_ids is not None:
        statement = statement.where(Question.bank_id.in_(list(bank_ids)))
    if version_ids is not None:
        statement = statement.where(version.id.in_(list(version_ids)))
    return _entries(statement)


def published_for_practice(
    *, on: date, role: PostRole | None = None, operation_item: str | None = None
) -> list[PoolEntry]:
    """Return what learners may practise now, ordered by question; nothing that rests on old law.

    Args:
        on: the day whose law counts.
        role: only questions that serve this role.
        operation_item: only questions that serve this item or every item of the role.
    """
    version = QuestionVersion
    statement = (
        select(version.question_id, version.id, version.kind, version.topic, version.difficulty)
        .join(Question, Question.id == version.question_id)
        .where(
            Question.for_practice,
            version.published_at.is_not(None),
            version.withdrawn_at.is_(None),
            standing.key_holds(),
            ~reliances.rests(on),
        )
    )
    if role is not None or operation_item is not None:
        statement = statement.where(serves(role, operation_item))
    return _entries(statement)


def published_for_contests(
    *, on: date, bank_ids: Collection[UUID], topics: Collection[str]
) -> list[PoolEntry]:
    """Return what a contest may show to everybody of these banks: what may be practised now.

    Args:
        on: the day whose law counts.
        bank_ids: only questions of these banks.
        topics: only questions of these topics; empty for all.
    """
    version = QuestionVersion
    statement = (
        select(version.question_id, version.id, version.kind, version.topic, version.difficulty)
        .join(Question, Question.id == version.question_id)
        .where(
            Question.for_practice,
            Question.bank_id.in_(list(bank_ids)),
            version.published_at.is_not(None),
            version.withdrawn_at.is_(None),
            ~reliances.rests(on),
        )
    )
    if topics:
        statement = statement.where(version.topic.in_(list(topics)))
    return _entries(statement)


def also_for_exams(bank_ids: Collection[UUID], topics: Collection[str]) -> int:
    """Return how many questions in use, which may be practised, exams may draw as well.

    By themselves, or because a question of any bank that exams may draw says the same.

    Args:
        bank_ids: of these banks.
        topics: of these topics; empty for all.
    """
    version, alike, examined = QuestionVersion, aliased(QuestionVersion), aliased(Question)
    same = exists().where(
        alike.fingerprint == version.fingerprint,
        examined.id == alike.question_id,
        examined.for_exams,
    )
    statement = (
        select(func.count())
        .select_from(version)
        .join(Question, Question.id == version.question_id)
        .where(
            Question.for_practice,
            Question.bank_id.in_(list(bank_ids)),
            version.published_at.is_not(None),
            version.withdrawn_at.is_(None),
            same,
        )
    )
    if topics:
        statement = statement.where(version.topic.in_(list(topics)))
    return db.session.execute(statement).scalar_one()


def _entries(statement: Select[*tuple[Any, ...]]) -> list[PoolEntry]:
    rows = db.session.execute(statement.order_by(QuestionVersion.question_id)).all()
    return [
        PoolEntry(
            question_id=question_id,
            version_id=version_id,
            kind=kind,
            topic=topic,
            difficulty=None if difficulty is None else Decimal(difficulty),
        )
        for question_id, version_id, kind, topic, difficulty in rows
    ]


def versions(version_ids: Collection[UUID]) -> dict[UUID, QuestionVersion]:
    """Return the versions with these ids, published or not: what was asked stays readable."""
    wanted = list(dict.fromkeys(version_ids))
    statement = select(QuestionVersion).where(QuestionVersion.id.in_(wanted))
    return {version.id: version for version in db.session.execute(statement).scalars()}


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a question says to who answers it, as it was written: no key, no explanation."""

    id: UUID
    kind: Kind
    stem: str
    #: Canonical markup; None where the question is plain.
    stem_html: str | None
    #: `label`, `text`, `html` of each.
    options: list[dict[str, Any]]
    #: Whether the order of the options means something.
    keeps_order: bool


def wordings(version_ids: Collection[UUID]) -> dict[UUID, Wording]:
    """Return what versions say, published or not; plain values that no transaction lets go of."""
    columns = [getattr(QuestionVersion, one.name) for one in fields(Wording)]
    found: dict[UUID, Wording] = {}
    wanted = list(dict.fromkeys(version_ids))
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        statement = select(*columns).where(QuestionVersion.id.in_(chunk))
        for row in db.session.execute(statement):
            found[row.id] = Wording(**row._mapping)
    return found
