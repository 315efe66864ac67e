"""A learner's own books: wrong questions, favourites, progress (错题本、收藏、学习进度)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select

from question_bank.delivery import ShownQuestion
from question_bank.models import (
    PracticeFavourite,
    PracticeStanding,
    Question,
    QuestionVersion,
)
from question_bank.practising import RIGHT_TO_LEAVE
from question_bank.services import practice, showing
from question_bank.services.finding import serves
from server.days import civil_day
from server.db import db, upsert
from server.errors import NotFound
from server.paging import Page, page
from server.people.roster import PostRole


@dataclass(frozen=True, kw_only=True)
class WrongQuestion:
    """An entry of a learner's wrong-question book."""

    question: ShownQuestion
    wrong_count: int
    answered_count: int
    right_in_a_row: int
    last_answered_at: datetime


@dataclass(frozen=True, kw_only=True)
class Favourite:
    """A question that a learner keeps at hand."""

    question: ShownQuestion
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class TopicProgress:
    """How far a learner is with one topic (知识点进度)."""

    #: None: questions without a topic.
    topic: str | None
    question_count: int
    practised_count: int
    #: Of those, how many the last response was right to.
    right_count: int
    #: Right twice in a row: one alone may be luck.
    mastered_count: int
    #: Due to be repeated by today.
    due_count: int
    wrong_book_count: int


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a learner is, and what is left of today's allowance."""

    topics: Sequence[TopicProgress]
    questions_left_today: int
    mock_exams_left_today: int


def wrong_questions(learner_id: UUID, *, cursor: str | None = None, limit: int = 50) -> Page:
    """Return a page of the learner's wrong-question book, the latest first."""
    statement = (
        select(PracticeStanding)
        .join(Question, Question.id == PracticeStanding.question_id)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(
            PracticeStanding.learner_id == learner_id,
            PracticeStanding.in_wrong_book,
            practice.in_use(),
        )
    )
    keys = [PracticeStanding.last_answered_at, PracticeStanding.question_id]
    found = page(statement, keys, cursor=cursor, limit=limit, descending=True)
    shown = _shown([one.question_id for one in found.items], learner_id)
    entries = [
        WrongQuestion(
            question=shown[one.question_id],
            wrong_count=one.wrong_count,
            answered_count=one.answered_count,
            right_in_a_row=one.right_in_a_row,
            last_answered_at=one.last_answered_at,
        )
        for one in found.items
    ]
    return Page(items=entries, next_cursor=found.next_cursor)


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


def favourites(learner_id: UUID, *, cursor: str | None = None, limit: int = 50) -> Page:
    """Return a page of the learner's favourites, the latest first."""
    statement = (
        select(PracticeFavourite)
        .join(Question, Question.id == PracticeFavourite.question_id)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(PracticeFavourite.learner_id == learner_id, practice.in_use())
    )
    keys = [PracticeFavourite.added_at, PracticeFavourite.question_id]
    found = page(statement, keys, cursor=cursor, limit=limit, descending=True)
    shown = _shown([one.question_id for one in found.items], learner_id)
    entries = [
        Favourite(question=shown[one.question_id], added_at=one.added_at) for one in found.items
    ]
    return Page(items=entries, next_cursor=found.next_cursor)


def keep(question_id: UUID, *, learner_id: UUID, at: datetime) -> Favourite:
    """Keep a question at hand; keeping it again changes nothing.

    Only what the learner was shown lately or has practised can be kept, so that the list of
    favourites shows nothing that the day's allowance would not.

    Raises:
        NotFound: there is no such question in practice, or the learner never met it.
    """
    version = db.session.execute(
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.id == question_id, practice.in_use())
    ).scalar_one_or_none()
    known = db.session.get(PracticeFavourite, (learner_id, question_id))
    if version is None or not (known or _met(learner_id, version, at)):
        raise NotFound
    row = {"learner_id": learner_id, "question_id": question_id, "added_at": at}
    statement = upsert(PracticeFavourite).values(row).on_conflict_do_nothing()
    db.session.execute(statement)
    kept = db.session.get_one(PracticeFavourite, (learner_id, question_id))
    return Favourite(question=practice.shown(version, learner_id), added_at=kept.added_at)


def drop(question_id: UUID, *, learner_id: UUID) -> None:
    """Keep a question no longer.

    Raises:
        NotFound: it is no favourite.
    """
    kept = db.session.get(PracticeFavourite, (learner_id, question_id))
    if kept is None:
        raise NotFound
    db.session.delete(kept)
    db.session.flush()


def progress(
    learner_id: UUID,
    *,
    at: datetime,
    role: PostRole | None = None,
    operation_item: str | None = None,
) -> Progress:
    """Return how far a learner is with what can be practised, topic by topic."""
    standing = and_(
        PracticeStanding.question_id == Question.id, PracticeStanding.learner_id == learner_id
    )
    counted = {
        "question_count": func.count(),
        "practised_count": func.count(PracticeStanding.question_id),
        "right_count": _sum(PracticeStanding.right_in_a_row > 0),
        "mastered_count": _sum(PracticeStanding.right_in_a_row >= RIGHT_TO_LEAVE),
        "due_count": _sum(PracticeStanding.due_on <= civil_day(at)),
        "wrong_book_count": _sum(PracticeStanding.in_wrong_book.is_(True)),
    }
    statement = (
        select(QuestionVersion.topic, *(what.label(name) for name, what in counted.items()))
        .join(Question, Question.id == QuestionVersion.question_id)
        .outerjoin(PracticeStanding, standing)
        .where(practice.in_use())
        .group_by(QuestionVersion.topic)
    )
    if role is not None or operation_item is not None:
        statement = statement.where(serves(role, operation_item))
    rows = [TopicProgress(**row._asdict()) for row in db.session.execute(statement)]
    questions, mocks = showing.left_today(learner_id, at=at)
    return Progress(
        topics=sorted(rows, key=lambda one: one.topic or ""),
        questions_left_today=questions,
        mock_exams_left_today=mocks,
    )


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _met(learner_id: UUID, version: QuestionVersion, at: datetime) -> bool:
    if db.session.get(PracticeStanding, (learner_id, version.question_id)) is not None:
        return True
    return showing.all_seen(learner_id, [version.id], at=at)


def _shown(question_ids: Sequence[UUID], learner_id: UUID) -> dict[UUID, ShownQuestion]:
    statement = (
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(practice.in_use(), Question.id.in_(question_ids))
    )
    return {
        one.question_id: practice.shown(one, learner_id)
        for one in db.session.execute(statement).scalars()
    }
