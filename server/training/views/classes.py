"""Addresses of classes and their timetables (培训班接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from server import clock
from server.access import identity, requires, signed_in_only
from server.audit.errors import NumberNotMasked
from server.audit.schemas import WhyIn
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.policy import Permission
from server.training import errors as refusals
from server.training.models import ClassLesson, TrainingClass
from server.training.schemas.classes import (
    ClassIn,
    ClassLessonIn,
    ClassLessonOut,
    ClassOut,
    ClassQuery,
    ClassReasonIn,
    ClassReportIn,
    ClassTimetable,
)
from server.training.schemas.learners import ClassResults
from server.training.services import class_files, classes, closing, lessons
from server.training.services.classes import ClassDraft
from server.training.services.lessons import LessonDraft

views = Part("training_classes", "Classes, their timetables and files 培训班")

_CLASS = "/training-classes/<uuid:class_id>"


@views.route("/training-classes")
@signed_in_only
@views.arguments(ClassQuery, location="query")
@views.page(ClassOut)
def list_classes(query: dict[str, Any]) -> Page:
    """List the classes that one sees, runs, teaches or attends, the latest first."""
    return classes.listed(by=identity(), **query)


@views.route(_CLASS)
@signed_in_only
@views.response(200, ClassOut)
def show_class(class_id: UUID) -> TrainingClass:
    """Show a class."""
    return classes.seen_by(class_id, by=identity())


@views.route(_CLASS, methods=["PUT"])
@requires(Permission.PLAN_TRAINING)
@views.arguments(ClassIn)
@views.response(200, ClassOut)
@views.refuses(
    refusals.ProgrammeUnfit, refusals.ProviderNotApproved, refusals.ClassHoursTooMany, IdTaken
)
def plan_class(draft: ClassDraft, class_id: UUID) -> TrainingClass:
    """Plan a class by a programme, under the id given."""
    by, at = identity(), clock.now()
    with transaction():
        return classes.plan(class_id, draft, by=by, at=at)


@views.route(f"{_CLASS}/cancellation", methods=["PUT"])
@requires(Permission.PLAN_TRAINING)
@views.arguments(ClassReasonIn)
@views.response(200, ClassOut)
@views.refuses(refusals.ClassOver, refusals.ClassRunning)
def cancel_class(body: dict[str, Any], class_id: UUID) -> TrainingClass:
    """Cancel a class that has not begun."""
    by, at = identity(), clock.now()
    with transaction():
        return classes.cancel(class_id, **body, by=by, at=at)


@views.route(f"{_CLASS}/closing", methods=["PUT"])
@requires(Permission.PLAN_TRAINING)
@views.arguments(ClassReportIn)
@views.response(200, ClassOut)
@views.refuses(refusals.ClassOver, refusals.ClassRunning)
def close_class(body: dict[str, Any], class_id: UUID) -> TrainingClass:
    """Close a class: hours are counted, and what was done is written into every file."""
    by, at = identity(), clock.now()
    with transaction():
        return closing.close(class_id, **body, by=by, at=at)


@views.route(f"{_CLASS}/results")
@signed_in_only
@views.response(200, ClassResults)
def show_results(class_id: UUID) -> dict[str, Any]:
    """Show what every learner has done of what the class asks, so far."""
    found = classes.taught_by(class_id, by=identity())
    return {"items": closing.results(found)}


@views.route(f"{_CLASS}/file")
@signed_in_only
@views.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def print_class_file(class_id: UUID) -> Response:
    """Print the file of a class: plan, timetable, roster, attendance, results (一期一档)."""
    content = class_files.printed(class_id, by=identity(), at=clock.now())
    reply = Response(content, mimetype="application/pdf")
    reply.headers.set("Content-Disposition", "attachment", filename=f"class-{class_id}.pdf")
    reply.headers["Cache-Control"] = "private, no-store"
    return reply


@views.route(f"{_CLASS}/lessons")
@signed_in_only
@views.response(200, ClassTimetable)
def show_timetable(class_id: UUID) -> dict[str, Any]:
    """Show the timetable of a class."""
    classes.seen_by(class_id, by=identity())
    return {"items": lessons.placed(class_id)}


@views.route(f"{_CLASS}/lessons/<uuid:lesson_id>", methods=["PUT"])
@requires(Permission.PLAN_TRAINING)
@views.arguments(ClassLessonIn)
@views.response(200, ClassLessonOut)
@views.refuses(
    refusals.ClassOver,
    refusals.LessonOutsideClass,
    refusals.LessonTooShort,
    refusals.DayTooFull,
    refusals.SubjectNotApproved,
    refusals.NotInPool,
    refusals.ClassBusy,
    refusals.TeacherBusy,
    refusals.RoomBusy,
    refusals.RoomTooSmall,
    IdTaken,
)
def place_lesson(draft: LessonDraft, class_id: UUID, lesson_id: UUID) -> ClassLesson:
    """Put a lesson into the timetable: what, when, by whom, in which room."""
    by, at = identity(), clock.now()
    with transaction():
        return lessons.place(class_id, lesson_id, draft, by=by, at=at)


@views.route(f"{_CLASS}/lessons/<uuid:lesson_id>/withdrawal", methods=["PUT"])
@requires(Permission.PLAN_TRAINING)
@views.arguments(WhyIn, required=False)
@views.response(200, ClassLessonOut)
@views.refuses(refusals.ClassOver, NumberNotMasked)
def withdraw_lesson(body: dict[str, str | None], class_id: UUID, lesson_id: UUID) -> ClassLesson:
    """Take a lesson out of the timetable."""
    by, at = identity(), clock.now()
    with transaction():
        return lessons.withdraw(class_id, lesson_id, **body, by=by, at=at)
