"""Study online: lessons, sessions, identity checks, lesson tests (网络学习)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server import days
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import services as organisations
from server.policy import Identity, Permission
from server.training import lesson_contents, study_rules
from server.training.attending_errors import ElsewhereAtThatTime
from server.training.crediting import Reason
from server.training.kinds import LessonKind, Mode
from server.training.models import (
    ClassLearner,
    IdentityCheck,
    LessonTest,
    OnlineLesson,
    StudySession,
    TrainingClass,
)
from server.training.services import attendance, classes, learners, programmes, putting
from server.training.study_errors import LessonUnfit, NotStudyable, SessionOver, TestUnfit


@dataclass(frozen=True, kw_only=True)
class LessonDraft:
    """What is said of a lesson online."""

    place: int
    title: str
    kind: LessonKind
    content: Mapping[str, Any]
    tenths: int
    test: Sequence[Mapping[str, Any]] = ()
    pass_percent: int = 80


def write_lesson(
    programme_id: UUID, lesson_id: UUID, draft: LessonDraft, *, by: Identity, at: datetime
) -> OnlineLesson:
    """Add a lesson online to a programme. It is not rewritten: withdraw it, and add another.

    Raises:
        NotFound: the programme's owner lies outside the asker's scope.
        LessonUnfit: it lacks the content of its kind, the keys of its test are not among the
            options, or it has too many hours.
        IdTaken: another lesson stands under this id.
    """
    programme = programmes.get(programme_id)
    owner = organisations.get(programme.owner_id, scope=by.scope(Permission.MANAGE_PROVIDER))
    values = {
        **asdict(draft),
        "content": dict(draft.content),
        "test": [dict(one) for one in draft.test],
        "programme_id": programme.id,
    }
    known = putting.known(OnlineLesson, lesson_id, values)
    if known is not None:
        return known
    lesson_contents.check(draft.kind, draft.content, draft.test)
    together = sum(lesson.tenths for lesson in lessons_of(programme_id)) + draft.tenths
    if together > programme.tenths:
        raise LessonUnfit(
            reason="the lessons have more hours than their programme",
            reason_zh="课件学时合计超过培训方案学时",
        )
    made = putting.made(OnlineLesson(id=lesson_id, **values, written_at=at))
    putting.tell(
        "online_lesson_written",
        made.id,
        owner,
        kind="online_lesson",
        by=by,
        at=at,
        after={"title": draft.title, "tenths": draft.tenths},
    )
    return made


def lessons_of(programme_id: UUID) -> list[OnlineLesson]:
    """Return the lessons online of a programme that are offered, in their order."""
    statement = select(OnlineLesson).where(
        OnlineLesson.programme_id == programme_id, OnlineLesson.withdrawn_at.is_(None)
    )
    ordered = statement.order_by(OnlineLesson.place, OnlineLesson.id)
    return list(db.session.execute(ordered).scalars())


def get_lesson(lesson_id: UUID) -> OnlineLesson:
    """Return a lesson online.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(OnlineLesson, lesson_id)
    if found is None:
        raise NotFound
    return found


def begin(
    session_id: UUID,
    *,
    class_id: UUID,
    lesson_id: UUID,
    device_id: UUID,
    by: Identity,
    at: datetime,
) -> StudySession:
    """Begin to study a lesson, under the id the phone made. The same again changes nothing.

    Raises:
        NotFound: the asker has no place in the class, or it is not taught this lesson.
        NotStudyable: the class does not run today, is taught in a room only, or is over.
        ElsewhereAtThatTime: the asker sits in a lesson in a room.
        IdTaken: another session stands under this id.
    """
    learner, found = place_of(class_id, by=by)
    known = db.session.get(StudySession, session_id)
    if known is not None:
        if (known.learner_id, known.lesson_id) != (learner.id, lesson_id):
            raise IdTaken
        return known
    lesson = get_lesson(lesson_id)
    if lesson.programme_id != found.programme_id:
        raise NotFound
    _check_studyable(found, lesson, at)
    if attendance.is_in_a_lesson(by.person_id, at=at):
        raise ElsewhereAtThatTime
    return putting.made(
        StudySession(
            id=session_id,
            learner_id=learner.id,
            lesson_id=lesson_id,
            person_id=by.person_id,
            device_id=device_id,
            started_at=at,
            last_at=at,
            last_sequence=0,
            seen_ms=0,
            credited_ms=0,
            check_due_at=at + _until_check(session_id, 0, at),
            stretch_from=at,
            stretch_reason=Reason.CREDITED.value,
        )
    )


def end(session_id: UUID, *, by: Identity, at: datetime) -> StudySession:
    """End a session: nothing more is counted in it. The same again changes nothing.

    Raises:
        NotFound: it is not the asker's.
    """
    found = mine(session_id, by=by)
    if found.ended_at is None:
        found.ended_at = at
        db.session.flush()
    return found


def check_identity(
    session_id: UUID, check_id: UUID, *, passed: bool, by: Identity, at: datetime
) -> StudySession:
    """Keep that a learner showed who they are, or did not; a check passed puts off the next.

    Raises:
        NotFound: the session is not the asker's.
        SessionOver: it was ended.
    """
    found = mine(session_id, by=by, locked=True)
    if found.ended_at is not None:
        raise SessionOver
    if db.session.get(IdentityCheck, check_id) is None:
        db.session.add(
            IdentityCheck(id=check_id, session_id=session_id, checked_at=at, passed=passed)
        )
        if passed:
            found.check_due_at = at + _until_check(session_id, found.last_sequence + 1, at)
        db.session.flush()
    return found


def take_test(
    test_id: UUID,
    *,
    class_id: UUID,
    lesson_id: UUID,
    chosen: Sequence[Sequence[int]],
    by: Identity,
    at: datetime,
) -> LessonTest:
    """Take the test of a lesson. The same again changes nothing; another try has another id.

    Raises:
        NotFound: the asker has no place in the class, or it is not taught this lesson.
        TestUnfit: not as many responses as questions, or the lesson has no test.
        IdTaken: another try stands under this id.
    """
    learner, found = place_of(class_id, by=by)
    lesson = get_lesson(lesson_id)
    if lesson.programme_id != found.programme_id:
        raise NotFound
    if not lesson.test or len(chosen) != len(lesson.test):
        raise TestUnfit
    values: dict[str, Any] = {
        "learner_id": learner.id,
        "lesson_id": lesson_id,
        "chosen": [sorted(set(one)) for one in chosen],
    }
    known = putting.known(LessonTest, test_id, values)
    if known is not None:
        return known
    right = sum(
        sorted(set(given)) == sorted(one["key"])
        for given, one in zip(chosen, lesson.test, strict=True)
    )
    count = len(lesson.test)
    passed = right * 100 >= lesson.pass_percent * count
    return putting.made(
        LessonTest(
            id=test_id,
            **values,
            right_count=right,
            question_count=count,
            passed=passed,
            taken_at=at,
        )
    )


def mine(session_id: UUID, *, by: Identity, locked: bool = False) -> StudySession:
    """Return a session of the asker.

    Raises:
        NotFound: it is another's, or there is none.
    """
    found = db.session.get(StudySession, session_id, with_for_update=locked or None)
    if found is None or found.person_id != by.person_id:
        raise NotFound
    return found


def place_of(class_id: UUID, *, by: Identity) -> tuple[ClassLearner, TrainingClass]:
    """Return the asker's place in a class, and the class.

    Raises:
        NotFound: the asker has none.
    """
    learner = learners.find(class_id, by.person_id)
    if learner is None or learner.withdrawn_at is not None:
        raise NotFound
    return learner, classes.get(class_id)


def _check_studyable(found: TrainingClass, lesson: OnlineLesson, at: datetime) -> None:
    if found.mode is Mode.CLASSROOM:
        raise NotStudyable(reason="the class is taught in a room", reason_zh="本班为面授班")
    if found.closed_at is not None or found.cancelled_at is not None:
        raise NotStudyable(reason="the class is over", reason_zh="培训班已结束")
    if not found.starts_on <= days.civil_day(at) <= found.ends_on:
        raise NotStudyable(reason="the class does not run today", reason_zh="不在培训班学习期间内")
    if lesson.withdrawn_at is not None:
        raise NotStudyable(reason="the lesson was withdrawn", reason_zh="课件已下架")


def _until_check(session_id: UUID, turn: int, at: datetime) -> timedelta:
    """Return how long until the next check: unlike for every session, and not to be foreseen."""
    most = study_rules.of(days.civil_day(at)).check_every
    dice = Random(f"{session_id} {turn}")  # noqa: S311  # surprises a learner, keeps no secret
    return most * dice.uniform(0.5, 1.0)
