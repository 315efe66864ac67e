"""Practising (练习): next questions without their keys, verdicts, the wrong-question book.

Only questions of the practice pool, in the version in use, are ever shown here. The key leaves
with the verdict, after the response is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, select

from question_bank import delivery, marking
from question_bank.delivery import ShownQuestion
from question_bank.errors import NotForPractice, VersionOutdated
from question_bank.models import (
    PracticeResponse,
    PracticeStanding,
    Question,
    QuestionVersion,
)
from question_bank.practising import Standing, after
from question_bank.services.finding import serves
from server.db import db
from server.errors import IdTaken, Invalid, Message, NotFound
from server.paging import Page, page
from server.people.roster import PostRole


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a learner is told after responding, labels as they saw them."""

    response_id: UUID
    question_id: UUID
    version_id: UUID
    correct: bool
    chosen: tuple[str, ...]
    key: tuple[str, ...]
    explanation: str | None
    law_citation: str | None
    in_wrong_book: bool
    answered_at: datetime


@dataclass(frozen=True, kw_only=True)
class WrongQuestion:
    """An entry of a learner's wrong-question book."""

    question: ShownQuestion
    wrong_count: int
    answered_count: int
    right_in_a_row: int
    last_answered_at: datetime


def next_questions(
    learner_id: UUID,
    *,
    role: PostRole | None = None,
    operation_item: str | None = None,
    topic: str | None = None,
    limit: int = 20,
) -> list[ShownQuestion]:
    """Return what the learner should practise next: new questions first, then the longest ago."""
    standing = and_(
        PracticeStanding.question_id == Question.id, PracticeStanding.learner_id == learner_id
    )
    statement = (
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .outerjoin(PracticeStanding, standing)
        .where(_in_use())
    )
    if role is not None or operation_item is not None:
        statement = statement.where(serves(role, operation_item))
    if topic is not None:
        statement = statement.where(QuestionVersion.topic == topic)
    statement = statement.order_by(
        case((PracticeStanding.last_answered_at.is_(None), 0), else_=1),
        PracticeStanding.last_answered_at,
        QuestionVersion.id,
    )
    found = db.session.execute(statement.limit(limit)).scalars()
    return [_shown(version, learner_id) for version in found]


def topics(*, role: PostRole | None = None, operation_item: str | None = None) -> list[str]:
    """Return the topics that can be practised, in order."""
    statement = (
        select(QuestionVersion.topic)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(_in_use(), QuestionVersion.topic.is_not(None))
        .distinct()
    )
    if role is not None or operation_item is not None:
        statement = statement.where(serves(role, operation_item))
    found = db.session.execute(statement.order_by(QuestionVersion.topic)).scalars()
    return [topic for topic in found if topic is not None]


def respond(
    response_id: UUID,
    *,
    version_id: UUID,
    chosen: Collection[str],
    learner_id: UUID,
    at: datetime,
) -> Verdict:
    """Store a response and return the verdict on it. The same id again returns the first verdict.

    Args:
        response_id: made by the phone.
        version_id: the version that was shown.
        chosen: labels as the learner saw them; at least one.
        learner_id: whose response it is.
        at: the moment of responding.

    Raises:
        NotForPractice: the version is not in the practice pool.
        VersionOutdated: another version has taken its place.
        Invalid: a label was not shown.
        IdTaken: the id belongs to another response.
    """
    known = db.session.get(PracticeResponse, response_id)
    if known is not None:
        return _told_before(known, version_id, learner_id)
    version = _practised(version_id)
    order = _order(version, learner_id)
    written = delivery.as_written(chosen, order)
    if not chosen or not written <= set(order):
        raise Invalid({"chosen": [Message(en="Choose shown labels.", zh="请选择题目中的选项。")]})
    correct = marking.mark(version.kind, written, version.key) == Fraction(1)
    response = PracticeResponse(
        id=response_id,
        learner_id=learner_id,
        question_id=version.question_id,
        version_id=version.id,
        chosen=sorted(written),
        correct=correct,
        answered_at=at,
    )
    db.session.add(response)
    standing = _settle(learner_id, version.question_id, correct=correct, at=at)
    db.session.flush()
    return _verdict(response, version, in_wrong_book=standing.in_wrong_book)


def wrong_questions(learner_id: UUID, *, cursor: str | None = None, limit: int = 50) -> Page:
    """Return a page of the learner's wrong-question book, the latest first."""
    statement = (
        select(PracticeStanding)
        .join(Question, Question.id == PracticeStanding.question_id)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(
            PracticeStanding.learner_id == learner_id,
            PracticeStanding.in_wrong_book,
            _in_use(),
        )
    )
    found = page(
        statement,
        [PracticeStanding.last_answered_at, PracticeStanding.question_id],
        cursor=cursor,
        limit=limit,
        descending=True,
    )
    return Page(items=_entries(found.items, learner_id), next_cursor=found.next_cursor)


def forget(question_id: UUID, *, learner_id: UUID) -> None:
    """Take a question out of the learner's wrong-question book.

    Raises:
        NotFound: the learner never practised it.
    """
    standing = db.session.get(PracticeStanding, (learner_id, question_id))
    if standing is None:
        raise NotFound
    standing.in_wrong_book = False
    db.session.flush()


def _in_use() -> ColumnElement[bool]:
    """The condition that a version may be practised now."""
    return and_(
        Question.for_practice,
        QuestionVersion.published_at.is_not(None),
        QuestionVersion.withdrawn_at.is_(None),
    )


def _practised(version_id: UUID) -> QuestionVersion:
    statement = (
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(
            QuestionVersion.id == version_id,
            Question.for_practice,
            QuestionVersion.published_at.is_not(None),
        )
    )
    version = db.session.execute(statement).scalar_one_or_none()
    if version is None:
        raise NotForPractice
    if version.withdrawn_at is not None:
        raise VersionOutdated
    return version


def _order(version: QuestionVersion, learner_id: UUID) -> tuple[str, ...]:
    seed = f"{learner_id}/{version.id}"
    return delivery.shown_order(version.labels, seed=seed, keep=version.keeps_order)


def _shown(version: QuestionVersion, learner_id: UUID) -> ShownQuestion:
    return ShownQuestion(
        question_id=version.question_id,
        version_id=version.id,
        kind=version.kind,
        topic=version.topic,
        stem=version.stem,
        options=delivery.shown_options(version.options, _order(version, learner_id)),
        stem_html=version.stem_html,
    )


def _settle(
    learner_id: UUID, question_id: UUID, *, correct: bool, at: datetime
) -> PracticeStanding:
    kept = db.session.get(PracticeStanding, (learner_id, question_id), with_for_update=True)
    before = Standing()
    if kept is None:
        kept = PracticeStanding(learner_id=learner_id, question_id=question_id)
        db.session.add(kept)
    else:
        before = Standing(
            answered_count=kept.answered_count,
            wrong_count=kept.wrong_count,
            right_in_a_row=kept.right_in_a_row,
            in_wrong_book=kept.in_wrong_book,
        )
    now = after(before, correct=correct)
    kept.answered_count, kept.wrong_count = now.answered_count, now.wrong_count
    kept.right_in_a_row, kept.in_wrong_book = now.right_in_a_row, now.in_wrong_book
    kept.last_answered_at = at
    return kept


def _told_before(known: PracticeResponse, version_id: UUID, learner_id: UUID) -> Verdict:
    if known.learner_id != learner_id or known.version_id != version_id:
        raise IdTaken
    version = db.session.get_one(QuestionVersion, version_id)
    standing = db.session.get_one(PracticeStanding, (learner_id, known.question_id))
    return _verdict(known, version, in_wrong_book=standing.in_wrong_book)


def _verdict(
    response: PracticeResponse, version: QuestionVersion, *, in_wrong_book: bool
) -> Verdict:
    order = _order(version, response.learner_id)
    return Verdict(
        response_id=response.id,
        question_id=version.question_id,
        version_id=version.id,
        correct=response.correct,
        chosen=delivery.as_shown(response.chosen, order),
        key=delivery.as_shown(version.key, order),
        explanation=version.explanation,
        law_citation=version.law_citation,
        in_wrong_book=in_wrong_book,
        answered_at=response.answered_at,
    )


def _entries(standings: Sequence[PracticeStanding], learner_id: UUID) -> list[WrongQuestion]:
    statement = (
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(_in_use(), Question.id.in_([one.question_id for one in standings]))
    )
    versions = {one.question_id: one for one in db.session.execute(statement).scalars()}
    return [
        WrongQuestion(
            question=_shown(versions[one.question_id], learner_id),
            wrong_count=one.wrong_count,
            answered_count=one.answered_count,
            right_in_a_row=one.right_in_a_row,
            last_answered_at=one.last_answered_at,
        )
        for one in standings
    ]
