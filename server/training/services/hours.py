"""Hours of study online: what counts, what does not and why, lesson by lesson (学时核算)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from server import days
from server.db import db
from server.training import crediting, study_rules
from server.training.crediting import LessonHours, Reason
from server.training.models import (
    LessonTest,
    OnlineLesson,
    StudyRuling,
    StudySession,
    StudyStretch,
)

#: A learner's place, and a lesson.
Of = tuple[UUID, UUID]


@dataclass(frozen=True, kw_only=True)
class Studied:
    """What a learner has of one lesson online."""

    lesson: OnlineLesson
    hours: LessonHours
    #: None where the lesson has no test.
    test_passed: bool | None


def of(learner_ids: Sequence[UUID]) -> dict[UUID, list[Studied]]:
    """Return what learners have of every lesson they began, in five statements.

    Args:
        learner_ids: their places in classes.
    """
    stretches = _stretches(learner_ids)
    ruled, passed = _ruled(learner_ids), _passed(learner_ids)
    asked = select(OnlineLesson).where(OnlineLesson.id.in_({lesson for _, lesson in stretches}))
    lessons = {lesson.id: lesson for lesson in db.session.execute(asked).scalars()}
    found: defaultdict[UUID, list[Studied]] = defaultdict(list)
    for key, spent in stretches.items():
        lesson = lessons[key[1]]
        rules = study_rules.of(days.civil_day(lesson.written_at))
        test_passed = key in passed if lesson.test else None
        counted = crediting.hours(
            spent,
            ruled_ms=ruled.get(key, 0),
            test_passed=test_passed is not False,
            most_tenths=lesson.tenths,
            minutes_per_hour=rules.minutes_per_hour,
        )
        found[key[0]].append(Studied(lesson=lesson, hours=counted, test_passed=test_passed))
    return {
        learner: sorted(studied, key=lambda one: (one.lesson.place, str(one.lesson.id)))
        for learner, studied in found.items()
    }


def tenths_of(learner_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the tenths of hours that learners have online, those who have any."""
    return {
        learner: sum(one.hours.tenths for one in studied)
        for learner, studied in of(learner_ids).items()
    }


def _stretches(learner_ids: Sequence[UUID]) -> dict[Of, list[tuple[Reason, int]]]:
    """Return time by reason: stretches that are over, and those that still stand in a session."""
    over = (
        select(
            StudySession.learner_id,
            StudySession.lesson_id,
            StudyStretch.reason,
            func.sum(StudyStretch.ms),
        )
        .join(StudyStretch, StudyStretch.session_id == StudySession.id)
        .where(
            StudySession.learner_id.in_(learner_ids),
            StudyStretch.from_at != StudySession.stretch_from,
        )
        .group_by(StudySession.learner_id, StudySession.lesson_id, StudyStretch.reason)
    )
    found: defaultdict[Of, list[tuple[Reason, int]]] = defaultdict(list)
    for learner, lesson, reason, ms in db.session.execute(over):
        found[learner, lesson].append((Reason(reason), int(ms)))
    going_on = select(
        StudySession.learner_id,
        StudySession.lesson_id,
        StudySession.stretch_reason,
        StudySession.stretch_from,
        StudySession.last_at,
    ).where(
        StudySession.learner_id.in_(learner_ids),
        StudySession.last_at > StudySession.stretch_from,
    )
    for learner, lesson, reason, begun, until in db.session.execute(going_on):
        found[learner, lesson].append((Reason(reason), crediting.in_ms(until - begun)))
    return found


def _ruled(learner_ids: Sequence[UUID]) -> dict[Of, int]:
    statement = (
        select(StudySession.learner_id, StudySession.lesson_id, func.sum(StudyRuling.ms))
        .join(StudyRuling, StudyRuling.session_id == StudySession.id)
        .where(StudySession.learner_id.in_(learner_ids))
        .group_by(StudySession.learner_id, StudySession.lesson_id)
    )
    return {(learner, lesson): int(ms) for learner, lesson, ms in db.session.execute(statement)}


def _passed(learner_ids: Sequence[UUID]) -> set[Of]:
    statement = select(LessonTest.learner_id, LessonTest.lesson_id).where(
        LessonTest.learner_id.in_(learner_ids), LessonTest.passed.is_(True)
    )
    return {(learner, lesson) for learner, lesson in db.session.execute(statement)}
