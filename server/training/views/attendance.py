"""Addresses of attendance: the rotating code, lists, check-in phones (考勤接口)."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from uuid import UUID

import segno

from server import clock
from server.access import identity, signed_in_only
from server.audit.errors import NumberNotMasked
from server.auth import doorkeeper
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.training import attending
from server.training import attending_errors as refusals
from server.training.errors import ClassOver
from server.training.models import Attendance
from server.training.schemas.attendance import (
    AttendanceConfirmationIn,
    AttendanceListIn,
    AttendancesEntered,
    ClassAttendances,
    LessonAttendanceOut,
    LessonSignInIn,
    SignInCodeOut,
)
from server.training.services import attendance, classes, lessons
from server.training.services.attendance import SignIn

views = Part("class_attendance", "Who was in which lesson 考勤")

_LESSON = "/class-lessons/<uuid:lesson_id>"


def codes_keys() -> list[bytes]:
    """Return the keys of codes, the one that signs first: of this installation, for nothing else.

    Phones hand in for days what they read without a network, so earlier keys still read.
    """
    settings = doorkeeper.settings()
    every = (settings.token_secret, *settings.token_secrets_retired)
    return [hmac.new(one, b"sign-in codes of lessons", hashlib.sha256).digest() for one in every]


@views.route(f"{_LESSON}/sign-in-code")
@signed_in_only
@views.response(200, SignInCodeOut)
@views.refuses(refusals.LessonNotOn, ClassOver)
def show_code(lesson_id: UUID) -> dict[str, Any]:
    """Show the code of this moment; the class reads it from the wall, and it changes soon."""
    at = clock.now()
    code = attendance.show_code(lesson_id, key=codes_keys()[0], by=identity(), at=at)
    svg = segno.make(code, error="m", micro=False).svg_inline(scale=8)
    return {"code": code, "svg": svg, "valid_until": attending.valid_until(at)}


@views.route(f"{_LESSON}/sign-ins/<uuid:attendance_id>", methods=["PUT"])
@signed_in_only
@views.arguments(LessonSignInIn)
@views.response(200, LessonAttendanceOut)
@views.refuses(
    refusals.CodeRefused,
    refusals.SignInTooLate,
    refusals.NotInClass,
    refusals.LessonNotOn,
    refusals.ElsewhereAtThatTime,
    ClassOver,
    IdTaken,
)
def sign_in_to_lesson(body: dict[str, Any], lesson_id: UUID, attendance_id: UUID) -> Attendance:
    """Sign oneself in by the code that was read in class; later, too, without a network."""
    by, at, device_id = identity(), clock.now(), doorkeeper.device_id()
    keys, text = codes_keys(), body["code"]
    with transaction():
        return attendance.sign_in(
            lesson_id, attendance_id, text=text, device_id=device_id, keys=keys, by=by, at=at
        )


@views.route(f"{_LESSON}/attendances")
@signed_in_only
@views.response(200, ClassAttendances)
def list_attendances(lesson_id: UUID) -> dict[str, Any]:
    """List who signed in to a lesson of a class that one plans, runs or teaches."""
    classes.taught_by(lessons.get(lesson_id).class_id, by=identity())
    return {"items": attendance.of([lesson_id])}


@views.route(f"{_LESSON}/attendances", methods=["PUT"])
@signed_in_only
@views.arguments(AttendanceListIn)
@views.response(200, AttendancesEntered)
def enter_attendances(people: list[SignIn], lesson_id: UUID) -> dict[str, Any]:
    """Enter who was there, by list or check-in phone: each judged by itself."""
    by, at = identity(), clock.now()
    with transaction():
        return {"items": attendance.enter_all(lesson_id, people, by=by, at=at)}


@views.route("/attendances/<uuid:attendance_id>/confirmation", methods=["PUT"])
@signed_in_only
@views.arguments(AttendanceConfirmationIn)
@views.response(200, LessonAttendanceOut)
@views.refuses(refusals.OwnAttendance, ClassOver, NumberNotMasked)
def confirm_attendance(body: dict[str, Any], attendance_id: UUID) -> Attendance:
    """Say whether a sign-in is good: flagged ones count only then."""
    by, at = identity(), clock.now()
    with transaction():
        return attendance.confirm(attendance_id, **body, by=by, at=at)
