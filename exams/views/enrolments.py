"""Addresses of places in exams, and of bars (报名接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from exams import barring
from exams.admission_errors import AbsenceTooLate, BelongsToSitting
from exams.bar_errors import BarGroundUnfit, BarLifted, LiftedByImposer
from exams.errors import (
    AlreadyEnrolled,
    AttemptBegun,
    ExamOver,
    Withdrawn,
)
from exams.models import Bar, Enrolment
from exams.schemas.enrolments import (
    BarGroundListOut,
    BarIn,
    BarLiftIn,
    BarOut,
    EnrolmentIn,
    EnrolmentOut,
    EnrolmentQuery,
    OwnEnrolmentOut,
)
from exams.services import allotting, bars, enrolments, leaving
from server import clock
from server.access import identity, requires, signed_in_only
from server.audit.errors import NumberNotMasked
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page, PageQuery
from server.policy import Permission

views = Part("enrolments", "Places in exams, and who may not take one 报名")


@views.route("/enrolments/<uuid:enrolment_id>", methods=["PUT"])
@requires(Permission.SIT_EXAMS)
@views.arguments(EnrolmentIn)
@views.response(200, EnrolmentOut)
@views.refuses(ExamOver, AlreadyEnrolled, Withdrawn, BelongsToSitting, IdTaken)
def enrol(body: dict[str, Any], enrolment_id: UUID) -> Enrolment:
    """Ask for a place in an exam, for oneself or for people within one's reach.

    The reply says whether the candidate has the place, and everything that stands in the way.
    Sending it again looks anew.
    """
    by, at, exam_id = identity(), clock.now(), body["exam_id"]
    candidate_id = body["candidate_id"] or by.person_id
    allotting.prepare(exam_id, candidate_id, at=at)
    with transaction():
        return enrolments.enrol(
            enrolment_id, exam_id=exam_id, candidate_id=candidate_id, by=by, at=at
        )


@views.route("/enrolments/<uuid:enrolment_id>")
@requires(Permission.SIT_EXAMS)
@views.response(200, EnrolmentOut)
def show_enrolment(enrolment_id: UUID) -> Enrolment:
    """Show a place: one's own, or one within one's reach."""
    return enrolments.get(enrolment_id, by=identity(), permission=Permission.ENROL_CANDIDATES)


@views.route("/enrolments/<uuid:enrolment_id>/withdrawal", methods=["PUT"])
@requires(Permission.SIT_EXAMS)
@views.response(200, EnrolmentOut)
@views.refuses(AttemptBegun, AbsenceTooLate)
def withdraw(enrolment_id: UUID) -> Enrolment:
    """Give up a place, one's own or one within one's reach."""
    by, at = identity(), clock.now()
    leaving.prepare(enrolment_id, at=at)
    with transaction():
        return leaving.withdraw(enrolment_id, by=by, at=at)


@views.route("/enrolments")
@requires(Permission.ENROL_CANDIDATES)
@views.arguments(EnrolmentQuery, location="query")
@views.page(EnrolmentOut)
def list_enrolments(query: dict[str, Any]) -> Page:
    """List enrolments in exams and of people within one's reach, the newest first."""
    return enrolments.listed(identity().scope(Permission.ENROL_CANDIDATES), **query)


@views.route("/me/enrolments")
@signed_in_only
@views.arguments(PageQuery, location="query")
@views.page(OwnEnrolmentOut)
def list_own_enrolments(query: dict[str, Any]) -> Page:
    """List one's own enrolments, the newest first."""
    return enrolments.of_candidate(identity().person_id, **query)


@views.route("/bars/<uuid:bar_id>", methods=["PUT"])
@requires(Permission.REVOKE_CERTIFICATES)
@views.arguments(BarIn)
@views.response(200, BarOut)
@views.refuses(IdTaken, BarGroundUnfit, NumberNotMasked)
def impose_bar(body: dict[str, Any], bar_id: UUID) -> Bar:
    """Bar a person from exams, for life or until a day."""
    by = identity()
    scope = by.scope(Permission.REVOKE_CERTIFICATES)
    with transaction():
        return bars.impose(bar_id, **body, by=by, at=clock.now(), scope=scope)


@views.route("/people/<uuid:person_id>/bars")
@requires(Permission.REVOKE_CERTIFICATES)
@views.arguments(PageQuery, location="query")
@views.page(BarOut)
def list_bars(query: dict[str, Any], person_id: UUID) -> Page:
    """List every bar of a person there ever was, the oldest first."""
    return bars.listed(person_id, scope=identity().scope(Permission.REVOKE_CERTIFICATES), **query)


@views.route("/bars/<uuid:bar_id>/lifting", methods=["PUT"])
@requires(Permission.REVOKE_CERTIFICATES)
@views.arguments(BarLiftIn)
@views.response(200, BarOut)
@views.refuses(BarLifted, LiftedByImposer, BarGroundUnfit, NumberNotMasked)
def lift_bar(body: dict[str, Any], bar_id: UUID) -> Bar:
    """Lift a bar from a day; another person than who imposed it does."""
    by = identity()
    with transaction():
        return bars.lift(bar_id, **body, by=by, at=clock.now())


@views.route("/bar-grounds")
@signed_in_only
@views.response(200, BarGroundListOut)
def list_bar_grounds() -> dict[str, Any]:
    """List on what a bar can rest, how long it lasts, and what follows, by date."""
    return {"items": barring.shipped()}
