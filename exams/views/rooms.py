"""Addresses of rooms: who sits where, and what the invigilator does to all of them (考场接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from exams.admission_errors import BelongsToSitting
from exams.drafts import RoomOrder
from exams.errors import AttemptBegun, ExamNotPublished, NotYetOpen, StartsByClock
from exams.models import Enrolment, RoomEvent
from exams.schemas.enrolments import EnrolmentOut, SeatIn
from exams.schemas.rooms import RoomEventIn, RoomEventOut, RoomEventQuery
from exams.separation_errors import NotSeparated
from exams.services import enrolments, rooms
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.policy import Permission

views = Part("rooms", "Rooms: start, pause, more time for everybody 考场")


@views.route("/enrolments/<uuid:enrolment_id>/room", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.arguments(SeatIn)
@views.response(200, EnrolmentOut)
@views.refuses(AttemptBegun, BelongsToSitting)
def seat_candidate(body: dict[str, str], enrolment_id: UUID) -> Enrolment:
    """Say in which room a candidate sits."""
    by = identity()
    with transaction():
        return enrolments.seat(enrolment_id, **body, by=by, at=clock.now())


@views.route("/exams/<uuid:exam_id>/room-events/<uuid:event_id>", methods=["PUT"])
@requires(Permission.INVIGILATE)
@views.arguments(RoomEventIn)
@views.response(200, RoomEventOut)
@views.refuses(ExamNotPublished, StartsByClock, NotYetOpen, IdTaken)
@views.refuses(NotSeparated)
def act_on_room(body: dict[str, RoomOrder], exam_id: UUID, event_id: UUID) -> RoomEvent:
    """Start, pause, resume, extend or void a whole room, with the reason.

    Every reply to a phone shows the deadline as it is after it.
    """
    by = identity()
    with transaction():
        return rooms.act(event_id, body["order"], exam_id=exam_id, by=by, at=clock.now())


@views.route("/exams/<uuid:exam_id>/room-events")
@requires(Permission.INVIGILATE)
@views.arguments(RoomEventQuery, location="query")
@views.page(RoomEventOut)
def list_room_events(query: dict[str, Any], exam_id: UUID) -> Page:
    """List what was done to the rooms of an exam, the newest first."""
    return rooms.listed(exam_id, scope=identity().scope(Permission.INVIGILATE), **query)
