"""Addresses of applications for sittings: one by one, in bulk, decided upon (报考接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from exams.admission_errors import (
    AbsenceTooLate,
    AlreadyDecided,
    AlreadyLetIn,
    EnrolmentClosed,
    OwnApplication,
    SenderUnfit,
    SittingFull,
    SittingsOverlap,
)
from exams.errors import AlreadyEnrolled, AttemptBegun, NotEligible, Withdrawn
from exams.models import Candidature
from exams.schemas.candidatures import (
    AbsenceIn,
    CandidatureDecisionIn,
    CandidatureDetailOut,
    CandidatureIn,
    CandidatureListed,
    CandidatureOut,
    CandidatureQuery,
    CandidatureSeatIn,
    EnrolmentJobQuery,
    EnrolmentSheetQuery,
    SittingCandidatureQuery,
)
from exams.seating import Seat
from exams.separation_errors import NotSeparated
from exams.services import (
    allotting,
    applying,
    candidatures,
    deciding,
    enrolment_jobs,
    enrolment_sheets,
    leaving,
    seats,
    sittings,
)
from exams.services.applying import Application
from exams.services.enrolment_jobs import Sending
from exams.services.sending import Sheet
from exams.sitting_errors import NotSeated, SeatTaken, SeatUnfit
from server import clock
from server.access import identity, requires
from server.confined import OutOfBounds
from server.db import transaction
from server.errors import IdTaken, TooLarge, WrongMediaType
from server.http import Part
from server.jobs.errors import TooManyJobs
from server.jobs.models import Job
from server.jobs.schemas import JobOut
from server.paging import Page
from server.people.schemas.imports import SheetReportOut
from server.people.views.uploads import WORKBOOK, body_of, replied, takes
from server.policy import Permission
from server.sheets.entering import Report, RowReport
from server.sheets.errors import SheetUnreadable

views = Part("candidatures", "Applications for sittings, decisions, seats 报考")


@views.route("/sittings/<uuid:sitting_id>/enrolments")
@requires(Permission.SEE_EXAMS)
@views.arguments(SittingCandidatureQuery, location="query")
@views.page(CandidatureListed)
def list_candidatures(query: dict[str, Any], sitting_id: UUID) -> Page:
    """List the applications for a sitting within one's reach, in their order, with their seats."""
    scope = identity().scope(Permission.SEE_EXAMS)
    return candidatures.listed(sitting_id, scope=scope, **query)


@views.route("/sittings/<uuid:sitting_id>/enrolments/<uuid:enrolment_id>", methods=["PUT"])
@requires(Permission.SIT_EXAMS)
@views.arguments(CandidatureIn)
@views.response(200, CandidatureDetailOut)
@views.refuses(EnrolmentClosed, AlreadyEnrolled, Withdrawn, SittingsOverlap, SittingFull)
@views.refuses(SenderUnfit, IdTaken)
def apply_for_sitting(body: dict[str, Any], sitting_id: UUID, enrolment_id: UUID) -> dict[str, Any]:
    """Apply for a place in a sitting, for oneself or for people one sends.

    The reply names everything that stands in the way, each with its article, and until when
    it is decided. Sending it again looks anew.
    """
    by = identity()
    wanted = Application(**{**body, "candidate_id": body["candidate_id"] or by.person_id})
    with transaction():
        made = applying.apply(enrolment_id, sitting_id, wanted, by=by, at=clock.now())
        return _detailed(made)


@views.route("/sittings/<uuid:sitting_id>/enrolments/<uuid:enrolment_id>")
@requires(Permission.SIT_EXAMS)
@views.response(200, CandidatureDetailOut)
def show_candidature(sitting_id: UUID, enrolment_id: UUID) -> dict[str, Any]:
    """Show an application: one's own, or one within one's reach."""
    del sitting_id
    return _detailed(candidatures.visible(enrolment_id, by=identity()))


@views.route("/sittings/<uuid:sitting_id>/enrolment-imports/<uuid:import_id>", methods=["PUT"])
@requires(Permission.ENROL_CANDIDATES)
@views.arguments(EnrolmentSheetQuery, location="query")
@takes(views, WORKBOOK)
@views.response(200, SheetReportOut)
@views.refuses(SheetUnreadable, OutOfBounds, TooLarge, WrongMediaType)
def enrol_in_bulk(query: dict[str, Any], sitting_id: UUID, import_id: UUID) -> Report | Response:
    """Try a workbook of candidates, and with `store=true` apply for those who may."""
    at, content, sent_by_id = clock.now(), body_of((WORKBOOK,)), query["sent_by_id"]
    sheet = Sheet(import_id=import_id, sitting_id=sitting_id, sent_by_id=sent_by_id, by=identity())
    reports: list[RowReport] = []
    for batch in enrolment_sheets.read(content, query["headings"]):
        reports += enrolment_jobs.enter(batch, sheet, store=query["store"], so_far=reports, at=at)
    return replied(content, reports, query)


@views.route("/sittings/<uuid:sitting_id>/enrolment-jobs/<uuid:job_id>", methods=["PUT"])
@requires(Permission.ENROL_CANDIDATES)
@views.arguments(EnrolmentJobQuery, location="query")
@takes(views, WORKBOOK)
@views.response(200, JobOut)
@views.refuses(SheetUnreadable, TooLarge, WrongMediaType, IdTaken, TooManyJobs)
def enrol_by_job(query: dict[str, Any], sitting_id: UUID, job_id: UUID) -> Job:
    """Try a workbook of up to 20,000 candidates beside the requests, or apply for who may.

    The job says how far it is, can be cancelled, and gives the workbook back as `report.xlsx`.
    """
    by, at, content = identity(), clock.now(), body_of((WORKBOOK,))
    with transaction():
        return enrolment_jobs.ask(job_id, sitting_id, content, Sending(**query), by=by, at=at)


@views.route("/candidatures")
@requires(Permission.DECIDE_CANDIDATURES)
@views.arguments(CandidatureQuery, location="query")
@views.page(CandidatureListed)
def list_due_candidatures(query: dict[str, Any]) -> Page:
    """List the applications that wait for a decision, what is due first."""
    return deciding.due(identity().scope(Permission.DECIDE_CANDIDATURES), **query)


@views.route("/enrolments/<uuid:enrolment_id>/decision", methods=["PUT"])
@requires(Permission.DECIDE_CANDIDATURES)
@views.arguments(CandidatureDecisionIn)
@views.response(200, CandidatureDetailOut)
@views.refuses(OwnApplication, NotSeparated, AlreadyDecided, Withdrawn, NotEligible)
def decide_candidature(body: dict[str, Any], enrolment_id: UUID) -> dict[str, Any]:
    """Admit or refuse an application; against a refusal one applies anew."""
    by = identity()
    with transaction():
        return _detailed(deciding.decide(enrolment_id, **body, by=by, at=clock.now()))


@views.route("/enrolments/<uuid:enrolment_id>/absence", methods=["PUT"])
@requires(Permission.SIT_EXAMS)
@views.arguments(AbsenceIn)
@views.response(200, CandidatureOut)
@views.refuses(AbsenceTooLate, AlreadyLetIn, Withdrawn)
def excuse_absence(body: dict[str, str], enrolment_id: UUID) -> Candidature:
    """Tell in time that one will not come to a sitting, and why; the next in line moves up."""
    by, at = identity(), clock.now()
    leaving.prepare(enrolment_id, at=at)
    with transaction():
        return leaving.excuse(enrolment_id, reason=body["reason"], by=by, at=at)


@views.route("/sittings/<uuid:sitting_id>/enrolments/<uuid:enrolment_id>/seat", methods=["PUT"])
@requires(Permission.SEAT_CANDIDATES)
@views.arguments(CandidatureSeatIn)
@views.response(200, CandidatureOut)
@views.refuses(NotSeated, Withdrawn, SeatUnfit, SeatTaken, AttemptBegun)
def move_candidate(body: dict[str, Any], sitting_id: UUID, enrolment_id: UUID) -> Candidature:
    """Give somebody another seat, and so another ticket."""
    by, at = identity(), clock.now()
    how = {"reason": body.pop("reason"), "turn": body.pop("turn")}
    allotting.prepare_moves(sitting_id, enrolment_id, at=at)
    with transaction():
        scope = by.scope(Permission.SEAT_CANDIDATES)
        sitting = sittings.get(sitting_id, scope=scope, lock=True)
        return seats.move(enrolment_id, sitting, Seat(**body), **how, by=by, at=at)


def _detailed(found: Candidature) -> dict[str, Any]:
    sitting = sittings.get(found.sitting_id)
    return {"found": found, "reasons": candidatures.reasons(found, sitting)}
