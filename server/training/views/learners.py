"""Addresses of learners: places in classes, one by one, together, by workbook (学员接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from server import clock
from server.access import identity, requires, signed_in_only
from server.confined import OutOfBounds
from server.db import transaction
from server.errors import TooLarge, WrongMediaType
from server.http import Part
from server.people.schemas.imports import SheetQuery, SheetReportOut
from server.people.views.uploads import WORKBOOK, body_of, replied, takes
from server.policy import Permission
from server.sheets.entering import Report, RowReport
from server.sheets.errors import SheetUnreadable
from server.training import errors as refusals
from server.training.models import ClassLearner
from server.training.schemas.classes import ClassReasonIn
from server.training.schemas.learners import (
    ClassLearnerIn,
    ClassLearnerOut,
    ClassScoresIn,
    GangIn,
    Learners,
    LearnersQuery,
    Placings,
)
from server.training.schemas.study import StudyHoursOut
from server.training.services import (
    classes,
    closing,
    hours,
    learner_lists,
    learner_sheets,
    learners,
)
from server.training.services.learner_lists import Wanted

views = Part("class_learners", "Who learns in a class 学员")

_CLASS = "/training-classes/<uuid:class_id>"
_LEARNER = f"{_CLASS}/learners/<uuid:person_id>"


@views.route(f"{_CLASS}/learners")
@signed_in_only
@views.arguments(LearnersQuery, location="query")
@views.response(200, Learners)
def list_learners(wanted: Wanted, class_id: UUID) -> dict[str, Any]:
    """List who has a place in a class that one plans, runs or teaches."""
    classes.taught_by(class_id, by=identity())
    return {"items": learner_lists.listed(class_id, wanted)}


@views.route(_LEARNER, methods=["PUT"])
@requires(Permission.ENROL_CANDIDATES)
@views.arguments(ClassLearnerIn)
@views.response(200, ClassLearnerOut)
@views.refuses(
    refusals.ClassOver,
    refusals.ClassFull,
    refusals.LearnerTooYoung,
    refusals.LearnerBarred,
    refusals.OwnClass,
)
def add_learner(body: dict[str, Any], class_id: UUID, person_id: UUID) -> ClassLearner:
    """Give somebody a place: the provider does, or an employer for its own people."""
    by, at = identity(), clock.now()
    with transaction():
        return learners.add(class_id, person_id, **body, by=by, at=at)


@views.route(f"{_CLASS}/gangs", methods=["PUT"])
@requires(Permission.ENROL_CANDIDATES)
@views.arguments(GangIn)
@views.response(200, Placings)
@views.refuses(refusals.ClassOver)
def add_gang(body: dict[str, Any], class_id: UUID) -> dict[str, Any]:
    """Give many people places at once, each judged by itself; again, nobody gets a second."""
    by, at = identity(), clock.now()
    with transaction():
        return {"items": learners.add_all(class_id, **body, by=by, at=at)}


@views.route(f"{_LEARNER}/withdrawal", methods=["PUT"])
@requires(Permission.ENROL_CANDIDATES)
@views.arguments(ClassReasonIn)
@views.response(200, ClassLearnerOut)
@views.refuses(refusals.ClassOver)
def withdraw_learner(body: dict[str, Any], class_id: UUID, person_id: UUID) -> ClassLearner:
    """Take somebody's place back."""
    by, at = identity(), clock.now()
    with transaction():
        return learners.withdraw(class_id, person_id, **body, by=by, at=at)


@views.route(f"{_LEARNER}/scores", methods=["PUT"])
@signed_in_only
@views.arguments(ClassScoresIn)
@views.response(200, ClassLearnerOut)
@views.refuses(refusals.ClassOver)
def enter_scores(body: dict[str, Any], class_id: UUID, person_id: UUID) -> ClassLearner:
    """Enter what a learner had in the tests before and after the class."""
    by, at = identity(), clock.now()
    with transaction():
        return closing.score(class_id, person_id, **body, by=by, at=at)


@views.route(f"{_LEARNER}/online-hours")
@signed_in_only
@views.response(200, StudyHoursOut)
def show_learner_hours(class_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Show a learner's hours online to who plans, runs or teaches the class, with the reasons."""
    classes.taught_by(class_id, by=identity())
    learner = learners.get(class_id, person_id)
    studied = hours.of([learner.id]).get(learner.id, [])
    return {"tenths": sum(one.hours.tenths for one in studied), "lessons": studied}


@views.route(f"{_CLASS}/learner-imports/<uuid:import_id>", methods=["PUT"])
@requires(Permission.PLAN_TRAINING)
@views.arguments(SheetQuery, location="query")
@takes(views, WORKBOOK)
@views.response(200, SheetReportOut)
@views.refuses(SheetUnreadable, OutOfBounds, TooLarge, WrongMediaType, refusals.ClassOver)
def enter_learners(query: dict[str, Any], class_id: UUID, import_id: UUID) -> Report | Response:
    """Try a workbook of learners, and with `store=true` give the accepted ones places."""
    by, at, store, content = identity(), clock.now(), query["store"], body_of((WORKBOOK,))
    reports: list[RowReport] = []
    for batch in learner_sheets.read(content):
        with transaction():
            reports += learner_sheets.enter(import_id, class_id, batch, store=store, by=by, at=at)
    return replied(content, reports, query)
