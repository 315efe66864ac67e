"""The lessons online of a programme: listed with how many they concern, withdrawn (网络课件)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import distinct, func, select

from server.db import db
from server.organisations import services as organisations
from server.paging import narrowed
from server.policy import Identity, Permission
from server.scopes import Scope
from server.training.kinds import LessonKind, Mode
from server.training.models import ClassLearner, OnlineLesson, StudySession, TrainingClass
from server.training.services import programmes, putting, studying


@dataclass(frozen=True, kw_only=True)
class ListedLesson:
    """A lesson, and how many its withdrawal would concern."""

    lesson: OnlineLesson
    learner_count: int
    studied_count: int

    @property
    def question_count(self) -> int:
        """How many questions its test has."""
        return len(self.lesson.test)


def listed(
    programme_id: UUID,
    *,
    scope: Scope,
    kind: LessonKind | None = None,
    withdrawn: bool | None = None,
) -> list[ListedLesson]:
    """Return the lessons online of a programme, withdrawn ones as well, in their order.

    Raises:
        NotFound: there is no such programme, or its owner lies outside the scope.
    """
    organisations.get(programmes.get(programme_id).owner_id, scope=scope)
    wanted = narrowed(select(OnlineLesson), {OnlineLesson.kind: kind})
    statement = wanted.where(OnlineLesson.programme_id == programme_id)
    if withdrawn is not None:
        gone = OnlineLesson.withdrawn_at.is_not(None)
        statement = statement.where(gone if withdrawn else ~gone)
    ordered = statement.order_by(OnlineLesson.place, OnlineLesson.id)
    found = db.session.execute(ordered).scalars().all()
    learning, studied = _learners(programme_id), _studied([one.id for one in found])
    return [
        ListedLesson(
            lesson=one,
            learner_count=learning if one.withdrawn_at is None else 0,
            studied_count=studied.get(one.id, 0),
        )
        for one in found
    ]


def withdraw(
    lesson_id: UUID, *, reason: str | None = None, by: Identity, at: datetime
) -> OnlineLesson:
    """Offer a lesson no longer; the audit keeps why. The same again changes nothing.

    What was studied of it stays.

    Raises:
        NotFound: the programme's owner lies outside the asker's scope.
    """
    lesson = studying.get_lesson(lesson_id)
    programme = programmes.get(lesson.programme_id)
    owner = organisations.get(programme.owner_id, scope=by.scope(Permission.MANAGE_PROVIDER))
    if lesson.withdrawn_at is None:
        lesson.withdrawn_at = at
        db.session.flush()
        putting.tell(
            "online_lesson_withdrawn",
            lesson.id,
            owner,
            kind="online_lesson",
            by=by,
            at=at,
            reason=reason,
        )
    return lesson


def _learners(programme_id: UUID) -> int:
    """Return how many have places in classes by a programme that are not over, and study online."""
    statement = (
        select(func.count(distinct(ClassLearner.person_id)))
        .join(TrainingClass, TrainingClass.id == ClassLearner.class_id)
        .where(
            TrainingClass.programme_id == programme_id,
            TrainingClass.mode != Mode.CLASSROOM,
            TrainingClass.cancelled_at.is_(None),
            TrainingClass.closed_at.is_(None),
            ClassLearner.withdrawn_at.is_(None),
        )
    )
    return db.session.scalars(statement).one()


def _studied(lesson_ids: Sequence[UUID]) -> dict[UUID, int]:
    statement = (
        select(StudySession.lesson_id, func.count(distinct(StudySession.person_id)))
        .where(StudySession.lesson_id.in_(lesson_ids))
        .group_by(StudySession.lesson_id)
    )
    return {lesson_id: count for lesson_id, count in db.session.execute(statement)}
