"""Addresses of study online (网络学习接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock, days
from server.access import identity, signed_in_only
from server.auth import doorkeeper
from server.auth.errors import TooManyTries, WrongCredentials
from server.auth.services import signing_in
from server.db import db, transaction
from server.errors import IdTaken, Unavailable
from server.http import Part
from server.training.attending_errors import ElsewhereAtThatTime
from server.training.models import LessonTest, StudySession
from server.training.schemas.programmes import LessonsForLearner
from server.training.schemas.study import (
    BeatIn,
    IdentityCheckIn,
    LessonTestIn,
    LessonTestOut,
    StudyHoursOut,
    StudySessionIn,
    StudySessionOut,
    StudyStandingOut,
)
from server.training.services import heartbeats, hours, studying
from server.training.services.heartbeats import Beat, Standing
from server.training.study_errors import HoursNotSeen, NotStudyable, SessionOver, TestUnfit
from server.training.views.study_lane import refused

views = Part("study", "Study online: sessions, heartbeats, hours with reasons 网络学习")

_SESSION = "/study-sessions/<uuid:session_id>"
_CLASS = "/me/training-classes/<uuid:class_id>"


@views.route(f"{_CLASS}/online-lessons")
@signed_in_only
@views.response(200, LessonsForLearner)
def list_my_lessons(class_id: UUID) -> dict[str, Any]:
    """List the lessons online of a class in which one has a place."""
    _, found = studying.place_of(class_id, by=identity())
    return {"items": studying.lessons_of(found.programme_id)}


@views.route(f"{_CLASS}/online-hours")
@signed_in_only
@views.response(200, StudyHoursOut)
def show_my_hours(class_id: UUID) -> dict[str, Any]:
    """Show one's hours online, lesson by lesson: what counts, what does not, and why."""
    learner, _ = studying.place_of(class_id, by=identity())
    studied = hours.of([learner.id]).get(learner.id, [])
    return {"tenths": sum(one.hours.tenths for one in studied), "lessons": studied}


@views.route(_SESSION, methods=["PUT"])
@signed_in_only
@views.arguments(StudySessionIn)
@views.response(200, StudySessionOut)
@views.refuses(NotStudyable, ElsewhereAtThatTime, IdTaken)
def begin_session(body: dict[str, Any], session_id: UUID) -> StudySession:
    """Begin to study a lesson, under an id that the phone made."""
    by, at, device_id = identity(), clock.now(), doorkeeper.device_id()
    with transaction():
        return studying.begin(session_id, **body, device_id=device_id, by=by, at=at)


@views.route(f"{_SESSION}/heartbeat", methods=["PUT"])
@signed_in_only
@views.arguments(BeatIn)
@views.response(200, StudyStandingOut)
@views.refuses(HoursNotSeen, SessionOver, Unavailable)
def beat(body: dict[str, Any], session_id: UUID) -> Standing:
    """Say that one is still there; time counts as the server saw it between two of these."""
    who, at = identity().account_id, clock.now()
    wish = Beat(session_id=session_id, sid=doorkeeper.sid(), account_id=who, at=at, **body)
    with transaction():
        [standing] = heartbeats.store(db.session.connection(), [wish])
    return refused(standing)


@views.route(f"{_SESSION}/end", methods=["PUT"])
@signed_in_only
@views.response(200, StudySessionOut)
def end_session(session_id: UUID) -> StudySession:
    """End a session."""
    by, at = identity(), clock.now()
    with transaction():
        return studying.end(session_id, by=by, at=at)


@views.route(f"{_SESSION}/identity-checks/<uuid:check_id>", methods=["PUT"])
@signed_in_only
@views.arguments(IdentityCheckIn)
@views.response(200, StudySessionOut)
@views.refuses(TooManyTries, WrongCredentials, SessionOver, Unavailable)
def check_identity(body: dict[str, Any], session_id: UUID, check_id: UUID) -> StudySession:
    """Show once more who is studying, by one's password; wrong ones are kept, too."""
    me, at = identity(), clock.now()
    studying.mine(session_id, by=me)
    passed = _shows_who(body["password"])
    with transaction():
        found = studying.check_identity(session_id, check_id, passed=passed, by=me, at=at)
    if not passed:
        raise WrongCredentials
    return found


@views.route("/lesson-tests/<uuid:test_id>", methods=["PUT"])
@signed_in_only
@views.arguments(LessonTestIn)
@views.response(200, LessonTestOut)
@views.refuses(TestUnfit, IdTaken)
def take_test(body: dict[str, Any], test_id: UUID) -> LessonTest:
    """Take the test of a lesson; only who passed it has its hours."""
    by, at = identity(), clock.now()
    with transaction():
        return studying.take_test(test_id, **body, by=by, at=at)


def _shows_who(password: str) -> bool:
    me, sid, at = identity(), doorkeeper.sid(), clock.now()
    with transaction():
        knock = signing_in.knock_again(me, sid, at=at, on=days.civil_day(at))
    try:
        proof = signing_in.prove(knock, password, new_password=None, at=at)
    except WrongCredentials:
        return False
    with transaction():
        signing_in.confirm(proof, at=at)
    return True
