"""Who was in which lesson: by rotating code, by list, by a check-in phone (考勤)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from server.db import db
from server.errors import DomainError, IdTaken, NotFound
from server.people.models import Person
from server.policy import Identity
from server.training import attending, study_rules
from server.training.attending import Flag
from server.training.attending_errors import (
    CodeRefused,
    ElsewhereAtThatTime,
    LessonNotOn,
    NotInClass,
    OwnAttendance,
)
from server.training.kinds import Way
from server.training.models import (
    Attendance,
    ClassLesson,
    StudySession,
    StudyStretch,
    TrainingClass,
)
from server.training.services import classes, learners, lessons


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """What is said of one sign-in."""

    id: UUID
    person_id: UUID
    way: Way
    signed_at: datetime
    device_id: UUID | None = None
    entered_by_id: UUID | None = None
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What became of one sign-in of many."""

    id: UUID
    attendance: Attendance | None
    #: Why not; None where it was kept.
    refusal: DomainError | None


def show_code(lesson_id: UUID, *, key: bytes, by: Identity, at: datetime) -> str:
    """Return the code that is shown in class at this moment.

    Raises:
        NotFound: the asker neither plans, runs nor teaches the class.
        LessonNotOn: it is not the time of the lesson.
    """
    lesson = lessons.get(lesson_id)
    found = classes.taught_by(lesson.class_id, by=by)
    classes.check_open(found)
    _check_on(lesson, found, at)
    return attending.code(lesson_id, key=key, at=at)


def sign_in(
    lesson_id: UUID,
    attendance_id: UUID,
    *,
    text: str,
    device_id: UUID,
    keys: Sequence[bytes],
    by: Identity,
    at: datetime,
) -> Attendance:
    """Sign in to a lesson by the code that was shown there. The same again changes nothing.

    Raises:
        NotFound: there is no such lesson.
        CodeRefused: the code is not of this lesson.
        SignInTooLate: it came days later.
        NotInClass, LessonNotOn, ElsewhereAtThatTime, ClassOver: about learner and lesson.
    """
    shown = attending.read(text, keys=keys)
    if shown.lesson_id != lesson_id:
        raise CodeRefused
    flags = attending.lateness(shown.shown_at, at)
    wanted = SignIn(
        id=attendance_id,
        person_id=by.person_id,
        way=Way.CODE,
        signed_at=shown.shown_at,
        device_id=device_id,
        flags=tuple(flags),
    )
    return _enter(lessons.get(lesson_id), wanted, at=at)


def enter_all(
    lesson_id: UUID, wanted: Sequence[SignIn], *, by: Identity, at: datetime
) -> list[Entered]:
    """Enter who was there, as a list or a check-in phone has it: each judged by itself.

    What a phone kept for long counts once somebody else has confirmed it.

    Raises:
        NotFound: the asker neither plans, runs nor teaches the class.
    """
    lesson = lessons.get(lesson_id)
    classes.taught_by(lesson.class_id, by=by)
    return [_try(lesson, one, by=by, at=at) for one in wanted]


def confirm(
    attendance_id: UUID, *, good: bool, reason: str | None = None, by: Identity, at: datetime
) -> Attendance:
    """Say whether a sign-in that was flagged is good; the audit keeps why.

    Raises:
        NotFound: the asker neither plans, runs nor teaches the class.
        OwnAttendance: it is the asker's own.
        ClassOver: the class is closed.
    """
    found = db.session.get(Attendance, attendance_id)
    if found is None:
        raise NotFound
    lesson = lessons.get(found.lesson_id)
    training_class = classes.taught_by(lesson.class_id, by=by)
    if found.person_id == by.person_id:
        raise OwnAttendance
    if found.confirmed is good:
        return found
    classes.check_open(training_class)
    found.confirmed, found.confirmed_by_id, found.confirmed_at = good, by.person_id, at
    db.session.flush()
    after = {"attendance_id": attendance_id, "person_id": found.person_id, "good": good}
    classes.tell("attendance_judged", training_class, by=by, at=at, after=after, reason=reason)
    return found


def of(lesson_ids: Iterable[UUID]) -> list[Attendance]:
    """Return who signed in to lessons, in the order they did."""
    statement = select(Attendance).where(Attendance.lesson_id.in_(list(lesson_ids)))
    ordered = statement.order_by(Attendance.signed_at, Attendance.id)
    return list(db.session.execute(ordered).scalars())


def counts(one: Attendance) -> bool:
    """Say whether a sign-in counts: nothing to look at, or looked at and found good."""
    return one.confirmed is True or (one.confirmed is None and not one.flags)


def _try(lesson: ClassLesson, one: SignIn, *, by: Identity, at: datetime) -> Entered:
    try:
        if one.person_id == by.person_id:
            raise OwnAttendance
        flags = attending.lateness(one.signed_at, at) if one.way is Way.CHECK_IN_PHONE else []
        wanted = SignIn(
            id=one.id,
            person_id=one.person_id,
            way=one.way,
            signed_at=one.signed_at,
            device_id=one.device_id,
            entered_by_id=by.person_id,
            flags=tuple(flags),
        )
        with db.session.begin_nested():
            kept = _enter(lesson, wanted, at=at)
    except DomainError as refusal:
        return Entered(id=one.id, attendance=None, refusal=refusal)
    return Entered(id=one.id, attendance=kept, refusal=None)


def _enter(lesson: ClassLesson, wanted: SignIn, *, at: datetime) -> Attendance:
    # One who signs in at two places at once waits here for themselves.
    db.session.get(Person, wanted.person_id, with_for_update=True)
    known = _known(lesson, wanted)
    if known is not None:
        return known
    found = classes.get(lesson.class_id)
    classes.check_open(found)
    learner = learners.find(found.id, wanted.person_id)
    if learner is None or learner.withdrawn_at is not None:
        raise NotInClass
    _check_on(lesson, found, wanted.signed_at)
    _check_elsewhere(lesson, wanted)
    flags = [*wanted.flags, *_shared(lesson, wanted)]
    made = Attendance(
        id=wanted.id,
        lesson_id=lesson.id,
        person_id=wanted.person_id,
        way=wanted.way,
        signed_at=wanted.signed_at,
        received_at=at,
        device_id=wanted.device_id,
        entered_by_id=wanted.entered_by_id,
        flags=[flag.value for flag in flags],
    )
    db.session.add(made)
    if at <= lesson.ends_at:
        _stop_studying(wanted.person_id, at=at)
    db.session.flush()
    return made


def is_in_a_lesson(person_id: UUID, *, at: datetime) -> bool:
    """Say whether somebody signed in to a lesson that goes on."""
    statement = (
        select(Attendance.id)
        .join(ClassLesson, ClassLesson.id == Attendance.lesson_id)
        .where(
            Attendance.person_id == person_id,
            Attendance.confirmed.is_not(False),
            ClassLesson.withdrawn_at.is_(None),
            ClassLesson.starts_at <= at,
            ClassLesson.ends_at > at,
        )
    )
    return db.session.execute(statement).first() is not None


def _stop_studying(person_id: UUID, *, at: datetime) -> None:
    """End what somebody studies online: from now on they sit in a room."""
    db.session.execute(
        update(StudySession)
        .where(StudySession.person_id == person_id, StudySession.ended_at.is_(None))
        .values(ended_at=at)
        .execution_options(synchronize_session="fetch")
    )


def _known(lesson: ClassLesson, wanted: SignIn) -> Attendance | None:
    same = db.session.get(Attendance, wanted.id)
    if same is not None and (same.lesson_id, same.person_id) != (lesson.id, wanted.person_id):
        raise IdTaken
    statement = select(Attendance).where(
        Attendance.lesson_id == lesson.id, Attendance.person_id == wanted.person_id
    )
    return same or db.session.execute(statement).scalar_one_or_none()


def _check_on(lesson: ClassLesson, found: TrainingClass, at: datetime) -> None:
    rules = study_rules.of(found.starts_on)
    early = timedelta(minutes=rules.signing_in_early_minutes)
    if lesson.withdrawn_at is not None or not lesson.starts_at - early <= at <= lesson.ends_at:
        raise LessonNotOn


def _check_elsewhere(lesson: ClassLesson, wanted: SignIn) -> None:
    elsewhere = (
        select(Attendance.id)
        .join(ClassLesson, ClassLesson.id == Attendance.lesson_id)
        .where(
            Attendance.person_id == wanted.person_id,
            Attendance.confirmed.is_not(False),
            ClassLesson.id != lesson.id,
            ClassLesson.starts_at < lesson.ends_at,
            ClassLesson.ends_at > lesson.starts_at,
        )
    )
    online = (
        select(StudyStretch.session_id)
        .join(StudySession, StudySession.id == StudyStretch.session_id)
        .where(
            StudySession.person_id == wanted.person_id,
            StudyStretch.reason == "credited",
            StudyStretch.from_at < lesson.ends_at,
            StudyStretch.until_at > wanted.signed_at,
        )
    )
    still_online = select(StudySession.id).where(
        StudySession.person_id == wanted.person_id,
        StudySession.stretch_reason == "credited",
        StudySession.stretch_from < StudySession.last_at,
        StudySession.stretch_from < lesson.ends_at,
        StudySession.last_at > wanted.signed_at,
    )
    for statement in (elsewhere, online, still_online):
        if db.session.execute(statement).first() is not None:
            raise ElsewhereAtThatTime


def _shared(lesson: ClassLesson, wanted: SignIn) -> list[Flag]:
    if wanted.way is not Way.CODE:
        return []
    statement = select(Attendance.id).where(
        Attendance.lesson_id == lesson.id,
        Attendance.device_id == wanted.device_id,
        Attendance.person_id != wanted.person_id,
        Attendance.way == Way.CODE,
    )
    return [Flag.SHARED_PHONE] if db.session.execute(statement).first() is not None else []
