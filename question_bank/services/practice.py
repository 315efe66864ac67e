"""Practising (练习): next questions without their keys, and verdicts on responses.

Only questions of the practice pool, in the version in use, are ever shown here. The key leaves
with the verdict, after the response is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, select

from question_bank import delivery, marking
from question_bank.delivery import ShownQuestion
from question_bank.errors import NotForPractice, VersionOutdated
from question_bank.models import (
    LawReliance,
    PracticeFavourite,
    PracticeResponse,
    PracticeStanding,
    Question,
    QuestionVersion,
)
from question_bank.repetition import Recall
from question_bank.services import settling, showing
from question_bank.services.finding import serves
from question_bank.services.standing import key_holds
from server.days import civil_day
from server.db import db
from server.errors import IdTaken, Invalid, Message
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
    explanation_html: str | None
    law_citation: str | None
    in_wrong_book: bool
    #: When it should come again.
    due_on: date | None
    answered_at: datetime


class Way(StrEnum):
    """What of the practice pool a learner goes through (练习方式)."""

    #: New questions first, then what was practised longest ago.
    ALL = "all"
    #: What spaced repetition says is due, the longest due first.
    DUE = "due"
    #: The wrong-question book, the oldest first.
    WRONG = "wrong"
    FAVOURITES = "favourites"


def next_questions(
    learner_id: UUID,
    *,
    at: datetime,
    way: Way = Way.ALL,
    role: PostRole | None = None,
    operation_item: str | None = None,
    topic: str | None = None,
    law_id: UUID | None = None,
    limit: int = 20,
) -> list[ShownQuestion]:
    """Return what the learner should practise next."""
    standing = and_(
        PracticeStanding.question_id == Question.id, PracticeStanding.learner_id == learner_id
    )
    statement = (
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .outerjoin(PracticeStanding, standing)
        .where(in_use())
    )
    if role is not None or operation_item is not None:
        statement = statement.where(serves(role, operation_item))
    if topic is not None:
        statement = statement.where(QuestionVersion.topic == topic)
    if law_id is not None:
        resting = select(LawReliance.version_id).where(LawReliance.law_id == law_id)
        statement = statement.where(QuestionVersion.id.in_(resting))
    statement = _gone_through(statement, way, learner_id, civil_day(at))
    found = db.session.execute(statement.limit(limit)).scalars()
    return [shown(version, learner_id) for version in found]


def let_see(
    questions: Sequence[ShownQuestion], learner_id: UUID, *, at: datetime
) -> list[ShownQuestion]:
    """Return those of the questions that the day's allowance lets the learner see, and count them.

    Raises:
        PracticeAllowanceUsed: it lets them see none.
    """
    seen = showing.let_see(learner_id, [one.version_id for one in questions], at=at)
    return [one for one in questions if one.version_id in seen]


def _gone_through(
    statement: Select[QuestionVersion], way: Way, learner_id: UUID, today: date
) -> Select[QuestionVersion]:
    """Choose and order by the way that the learner goes."""
    if way is Way.DUE:
        due = statement.where(PracticeStanding.due_on <= today)
        return due.order_by(PracticeStanding.due_on, QuestionVersion.id)
    if way is Way.WRONG:
        statement = statement.where(PracticeStanding.in_wrong_book)
    if way is Way.FAVOURITES:
        mine = select(PracticeFavourite.question_id).where(
            PracticeFavourite.learner_id == learner_id
        )
        statement = statement.where(Question.id.in_(mine))
    return statement.order_by(
        case((PracticeStanding.last_answered_at.is_(None), 0), else_=1),
        PracticeStanding.last_answered_at,
        QuestionVersion.id,
    )


def topics(*, role: PostRole | None = None, operation_item: str | None = None) -> list[str]:
    """Return the topics that can be practised, in order."""
    statement = (
        select(QuestionVersion.topic)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(in_use(), QuestionVersion.topic.is_not(None))
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
    recall: Recall = Recall.GOOD,
) -> Verdict:
    """Store a response and return the verdict on it. The same id again returns the first verdict.

    Args:
        response_id: made by the phone.
        version_id: the version that was shown.
        chosen: labels as the learner saw them; at least one.
        learner_id: whose response it is.
        at: the moment of responding.
        recall: how a right response felt.

    Raises:
        PracticeAllowanceUsed: it was not shown within the week, and today shows no more.
        NotForPractice: the version is not in the practice pool, or its key was overruled.
        VersionOutdated: another version has taken its place.
        Invalid: a label was not shown.
        IdTaken: the id belongs to another response.
    """
    known = db.session.get(PracticeResponse, response_id)
    if known is not None:
        return _told_before(known, version_id, learner_id)
    version = _practised(version_id)
    showing.respond_to(learner_id, version_id, at=at)
    return _respond(response_id, version, chosen, learner_id, recall, at=at)


def _respond(
    response_id: UUID,
    version: QuestionVersion,
    chosen: Collection[str],
    learner_id: UUID,
    recall: Recall,
    *,
    at: datetime,
) -> Verdict:
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
    standing = settling.settle(
        learner_id, version.question_id, correct=correct, recall=recall, at=at
    )
    db.session.flush()
    return _verdict(response, version, standing)


def in_use() -> ColumnElement[bool]:
    """The condition that a version may be practised now."""
    return and_(
        Question.for_practice,
        QuestionVersion.published_at.is_not(None),
        QuestionVersion.withdrawn_at.is_(None),
        key_holds(),
    )


def _practised(version_id: UUID) -> QuestionVersion:
    statement = (
        select(QuestionVersion, key_holds())
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(
            QuestionVersion.id == version_id,
            Question.for_practice,
            QuestionVersion.published_at.is_not(None),
        )
    )
    found = db.session.execute(statement).one_or_none()
    if found is None:
        raise NotForPractice
    version, holds = found
    if version.withdrawn_at is not None:
        raise VersionOutdated
    if not holds:
        raise NotForPractice
    return version


def _order(version: QuestionVersion, learner_id: UUID) -> tuple[str, ...]:
    seed = f"{learner_id}/{version.id}"
    return delivery.shown_order(version.labels, seed=seed, keep=version.keeps_order)


def shown(version: QuestionVersion, learner_id: UUID) -> ShownQuestion:
    """Return a version as the learner sees it: options in an order of their own, no key."""
    return ShownQuestion(
        question_id=version.question_id,
        version_id=version.id,
        kind=version.kind,
        topic=version.topic,
        stem=version.stem,
        options=delivery.shown_options(version.options, _order(version, learner_id)),
        stem_html=version.stem_html,
    )


def _told_before(known: PracticeResponse, version_id: UUID, learner_id: UUID) -> Verdict:
    if known.learner_id != learner_id or known.version_id != version_id:
        raise IdTaken
    version = db.session.get_one(QuestionVersion, version_id)
    standing = db.session.get_one(PracticeStanding, (learner_id, known.question_id))
    return _verdict(known, version, standing)


def _verdict(
    response: PracticeResponse, version: QuestionVersion, standing: PracticeStanding
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
        explanation_html=version.explanation_html,
        law_citation=version.law_citation,
        in_wrong_book=standing.in_wrong_book,
        due_on=standing.due_on,
        answered_at=response.answered_at,
    )
