"""Addresses of admission tickets, rosters and check-in (准考证与入场接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from exams.admission_errors import NotDoorTime, NotOnDuty
from exams.models import CheckIn
from exams.schemas.candidatures import TicketCheckIn, TicketOut
from exams.schemas.check_ins import (
    CheckInListed,
    CheckInQuery,
    CheckInsIn,
    CheckInsOut,
    RosterOut,
)
from exams.services import allotting, check_ins, rosters, tickets
from exams.services.rosters import Roster
from exams.services.tickets import Admission
from exams.sitting_errors import NotSeated
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page, PageQuery
from server.policy import Permission

views = Part("admission", "Admission tickets, rosters, check-in 准考证与入场核验")


@views.route("/sittings/<uuid:sitting_id>/tickets")
@requires(Permission.SEAT_CANDIDATES)
@views.arguments(PageQuery, location="query")
@views.page(TicketOut)
def list_tickets(query: dict[str, Any], sitting_id: UUID) -> Page:
    """List the admission tickets of a sitting, in the order of application."""
    return tickets.listed(sitting_id, scope=identity().scope(Permission.SEAT_CANDIDATES), **query)


@views.route("/enrolments/<uuid:enrolment_id>/ticket")
@requires(Permission.SIT_EXAMS)
@views.response(200, TicketOut)
@views.refuses(NotSeated)
def show_ticket(enrolment_id: UUID) -> Admission:
    """Show an admission ticket: one's own, or one within one's reach."""
    return tickets.of(enrolment_id, by=identity())


@views.route("/enrolments/<uuid:enrolment_id>/ticket.pdf")
@requires(Permission.SIT_EXAMS)
@views.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
@views.refuses(NotSeated)
def print_ticket(enrolment_id: UUID) -> Response:
    """Print an admission ticket: one's own, or one within one's reach."""
    printed = tickets.printed(tickets.of(enrolment_id, by=identity()), at=clock.now())
    reply = Response(printed, mimetype="application/pdf")
    reply.headers.set("Content-Disposition", "inline", filename="admission-ticket.pdf")
    reply.headers["Cache-Control"] = "private, no-store"
    return reply


@views.route("/enrolments/<uuid:enrolment_id>/ticket.svg")
@requires(Permission.SIT_EXAMS)
@views.response(200, {"type": "string"}, content_type="image/svg+xml")
@views.refuses(NotSeated)
def draw_ticket(enrolment_id: UUID) -> Response:
    """Draw the QR code of an admission ticket: one's own, or one within one's reach."""
    ticket = tickets.of(enrolment_id, by=identity())
    reply = Response(tickets.qr(ticket.code), content_type="image/svg+xml")
    reply.headers["Cache-Control"] = "private, no-store"
    return reply


@views.route("/ticket-checks", methods=["POST"])
@requires(Permission.INVIGILATE)
@views.arguments(TicketCheckIn)
@views.response(200, TicketOut)
@views.refuses(NotSeated)
def check_ticket(body: dict[str, str]) -> Admission:
    """Look up the ticket of a scanned code; one that was replaced is not found."""
    return tickets.checked(body["code"], scope=identity().scope(Permission.INVIGILATE))


@views.route("/sittings/<uuid:sitting_id>/rooms/<uuid:room_id>/roster")
@requires(Permission.INVIGILATE)
@views.response(200, RosterOut)
@views.refuses(NotOnDuty, NotDoorTime)
def fetch_roster(sitting_id: UUID, room_id: UUID) -> Roster:
    """Fetch the signed roster of a room that one watches, to check in without a network."""
    return rosters.of(sitting_id, room_id, by=identity(), at=clock.now())


@views.route("/sittings/<uuid:sitting_id>/rooms/<uuid:room_id>/check-ins", methods=["PUT"])
@requires(Permission.INVIGILATE)
@views.arguments(CheckInsIn)
@views.response(200, CheckInsOut)
@views.refuses(NotOnDuty, NotDoorTime, IdTaken)
def check_in(body: dict[str, Any], sitting_id: UUID, room_id: UUID) -> dict[str, list[CheckIn]]:
    """Say who came to a room, in a batch, now or as soon as there is a network.

    Each entry has an id that the phone made; sending it again changes nothing.
    """
    by, at, device_id = identity(), clock.now(), body["device_id"]
    allotting.prepare_moves(sitting_id, at=at)
    with transaction():
        taken = check_ins.take(
            sitting_id, room_id, body["entries"], device_id=device_id, by=by, at=at
        )
    return {"entries": taken}


@views.route("/sittings/<uuid:sitting_id>/check-ins")
@requires(Permission.SEE_EXAMS)
@views.arguments(CheckInQuery, location="query")
@views.page(CheckInListed)
def list_check_ins(query: dict[str, Any], sitting_id: UUID) -> Page:
    """List what phones said at the doors of a sitting; `only_odd` shows what needs a look."""
    return check_ins.listed(sitting_id, scope=identity().scope(Permission.SEE_EXAMS), **query)
