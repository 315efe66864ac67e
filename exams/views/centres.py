"""Addresses of test centres, their approvals and rooms (考点接口)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from exams.models import CentreApproval, CentreRoom
from exams.schemas.centres import (
    CentreApprovalIn,
    CentreApprovalOut,
    CentreApprovalsOut,
    CentreApprovalWithdrawalIn,
    CentreOut,
    CentreQuery,
    CentreRoomIn,
    CentreRoomOut,
    CentreRoomsOut,
)
from exams.services import centres
from exams.services.centres import Approving, RoomDraft
from exams.sitting_errors import ApprovalWithdrawn, RoomInUse, RoomOverCapacity, SeatUnfit
from server import clock
from server.access import identity, requires
from server.audit.errors import NumberNotMasked
from server.audit.schemas import WhyIn
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.organisations.models import Organisation
from server.paging import Page
from server.policy import Permission

views = Part("test_centres", "Test centres: approvals, rooms, seats 考点")


@views.route("/test-centres")
@requires(Permission.SEE_EXAMS)
@views.arguments(CentreQuery, location="query")
@views.page(CentreOut)
def list_centres(query: dict[str, Any]) -> Page:
    """List the test centres within one's reach, by name."""
    return centres.listed(identity().scope(Permission.SEE_EXAMS), **query)


@views.route("/test-centres/<uuid:centre_id>")
@requires(Permission.SEE_EXAMS)
@views.response(200, CentreOut)
def show_centre(centre_id: UUID) -> Organisation:
    """Show a test centre."""
    return centres.get(centre_id, scope=identity().scope(Permission.SEE_EXAMS))


@views.route("/test-centres/<uuid:centre_id>/approvals")
@requires(Permission.SEE_EXAMS)
@views.response(200, CentreApprovalsOut)
def list_approvals(centre_id: UUID) -> dict[str, list[CentreApproval]]:
    """List every approval there ever was of a test centre."""
    centres.get(centre_id, scope=identity().scope(Permission.SEE_EXAMS))
    return {"items": centres.approvals(centre_id)}


@views.route("/test-centres/<uuid:centre_id>/approvals/<uuid:approval_id>", methods=["PUT"])
@requires(Permission.APPROVE_CENTRES)
@views.arguments(CentreApprovalIn)
@views.response(200, CentreApprovalOut)
@views.refuses(IdTaken)
def approve_centre(
    body: dict[str, Approving], centre_id: UUID, approval_id: UUID
) -> CentreApproval:
    """Approve a test centre from one day to another."""
    by = identity()
    with transaction():
        return centres.approve(approval_id, centre_id, body["draft"], by=by, at=clock.now())


@views.route(
    "/test-centres/<uuid:centre_id>/approvals/<uuid:approval_id>/withdrawal", methods=["PUT"]
)
@requires(Permission.APPROVE_CENTRES)
@views.arguments(CentreApprovalWithdrawalIn)
@views.response(200, CentreApprovalOut)
@views.refuses(ApprovalWithdrawn)
def withdraw_approval(body: dict[str, Any], centre_id: UUID, approval_id: UUID) -> CentreApproval:
    """Withdraw an approval from a day on."""
    by = identity()
    from_on: date = body["from_on"]
    with transaction():
        return centres.withdraw_approval(
            approval_id, centre_id, from_on=from_on, reason=body["reason"], by=by, at=clock.now()
        )


@views.route("/test-centres/<uuid:centre_id>/rooms")
@requires(Permission.SEE_EXAMS)
@views.response(200, CentreRoomsOut)
def list_rooms(centre_id: UUID) -> dict[str, list[CentreRoom]]:
    """List the rooms of a test centre, those out of use too."""
    centres.get(centre_id, scope=identity().scope(Permission.SEE_EXAMS))
    return {"items": centres.rooms_of(centre_id)}


@views.route("/test-centres/<uuid:centre_id>/rooms/<uuid:room_id>", methods=["PUT"])
@requires(Permission.KEEP_ROOMS)
@views.arguments(CentreRoomIn)
@views.response(200, CentreRoomOut)
@views.refuses(IdTaken, SeatUnfit, RoomOverCapacity, RoomInUse)
def write_room(body: dict[str, RoomDraft], centre_id: UUID, room_id: UUID) -> CentreRoom:
    """Describe a room: its seats in rows and columns, gaps and broken seats among them."""
    by = identity()
    with transaction():
        return centres.write_room(room_id, centre_id, body["draft"], by=by, at=clock.now())


@views.route("/test-centres/<uuid:centre_id>/rooms/<uuid:room_id>/closure", methods=["PUT"])
@requires(Permission.KEEP_ROOMS)
@views.arguments(WhyIn, required=False)
@views.response(200, CentreRoomOut)
@views.refuses(RoomInUse, NumberNotMasked)
def close_room(body: dict[str, str | None], centre_id: UUID, room_id: UUID) -> CentreRoom:
    """Take a room out of use."""
    by = identity()
    with transaction():
        return centres.close_room(room_id, centre_id, **body, by=by, at=clock.now())
