"""Addresses of a sitting on its day: calls to stations, rooms left, sheets of rooms (考务接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from exams.admission_errors import NotAdmitted, NotOnDuty
from exams.models import PracticalSubject, Sitting, StationCall
from exams.practical_errors import (
    CircuitUnfit,
    NoScoreSheet,
    PracticalOver,
    StationTaken,
    SubjectElsewhere,
    SubjectNotDue,
    SubjectOver,
)
from exams.schemas.sittings import SittingOut
from exams.schemas.stations import (
    BoardOut,
    CircuitIn,
    CircuitOut,
    PracticalSubjectOut,
    RelocationIn,
    StationCallIn,
    StationCallOut,
    StationQueuesOut,
    SubjectAbsenceIn,
)
from exams.seating import Seat
from exams.separation_errors import NotSeparated
from exams.services import (
    calling,
    circuit_absences,
    laying_out,
    queues,
    relocating,
    room_prints,
    sittings,
)
from exams.services.room_prints import SheetKind
from exams.sitting_errors import (
    NotSeated,
    RoomLeft,
    RoomsUnfit,
    RoomTaken,
    SeatUnfit,
    SittingFixed,
    TooFewSeatsLeft,
)
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.policy import Permission

views = Part("stations", "Calls to stations, rooms left, sheets of rooms 叫号、换考场、考场表")

_PDF = {"type": "string", "format": "binary"}


@views.route("/sittings/<uuid:sitting_id>/board")
@requires(Permission.SEE_EXAMS)
@views.response(200, BoardOut)
@views.refuses(NotOnDuty)
def show_board(sitting_id: UUID) -> dict[str, Any]:
    """Show who is called to which station when, and where everybody is now."""
    return {"items": calling.board(sitting_id, by=identity())}


@views.route("/sittings/<uuid:sitting_id>/stations")
@requires(Permission.SEE_EXAMS)
@views.response(200, StationQueuesOut)
@views.refuses(NotOnDuty)
def list_stations(sitting_id: UUID) -> dict[str, Any]:
    """List the stations of a practical: what each takes, who is there, who comes next."""
    return {"items": queues.of(sitting_id, by=identity())}


@views.route("/sittings/<uuid:sitting_id>/circuit", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.arguments(CircuitIn)
@views.response(200, CircuitOut)
@views.refuses(CircuitUnfit, NoScoreSheet, SittingFixed)
def lay_out_circuit(body: dict[str, Any], sitting_id: UUID) -> Sitting:
    """Say which station takes which subjects, and whether a failed veto ends the rest."""
    by = identity()
    with transaction():
        return laying_out.write(sitting_id, **body, by=by, at=clock.now())


@views.route("/sittings/<uuid:sitting_id>/circuit")
@requires(Permission.SEE_EXAMS)
@views.response(200, CircuitOut)
def show_circuit(sitting_id: UUID) -> Sitting:
    """Show which station of a practical takes which subjects; none: each takes the whole."""
    return sittings.get(sitting_id, scope=identity().scope(Permission.SEE_EXAMS))


@views.route("/practicals/<uuid:practical_id>/subjects/<string:subject>/absence", methods=["PUT"])
@requires(Permission.SEE_EXAMS)
@views.arguments(SubjectAbsenceIn)
@views.response(200, PracticalSubjectOut)
@views.refuses(NotOnDuty, NotAdmitted, NotSeparated, PracticalOver, SubjectOver, SubjectNotDue)
def miss_subject(body: dict[str, Any], practical_id: UUID, subject: str) -> PracticalSubject:
    """Write down that somebody did not come to a subject; a call to it takes that back."""
    by = identity()
    with transaction():
        return circuit_absences.write_down(practical_id, subject, **body, by=by, at=clock.now())


@views.route("/practicals/<uuid:practical_id>/calls/<uuid:call_id>", methods=["PUT"])
@requires(Permission.SEE_EXAMS)
@views.arguments(StationCallIn)
@views.response(200, StationCallOut)
@views.refuses(NotOnDuty, NotAdmitted, PracticalOver, SeatUnfit, StationTaken, IdTaken)
@views.refuses(SubjectElsewhere, SubjectOver)
def call_candidate(body: dict[str, Any], practical_id: UUID, call_id: UUID) -> StationCall:
    """Call a candidate to a station for a subject; the call that stood before ends with it."""
    by, subject = identity(), body.pop("subject")
    asked = {"subject": subject, "station": Seat(**body)}
    with transaction():
        return calling.call(call_id, practical_id, **asked, by=by, at=clock.now())


@views.route("/practicals/<uuid:practical_id>/calls/<uuid:call_id>/end", methods=["PUT"])
@requires(Permission.SEE_EXAMS)
@views.response(200, StationCallOut)
@views.refuses(NotOnDuty)
def end_call(practical_id: UUID, call_id: UUID) -> StationCall:
    """Say that a candidate has left a station."""
    by = identity()
    with transaction():
        return calling.leave(call_id, practical_id, by=by, at=clock.now())


@views.route("/sittings/<uuid:sitting_id>/rooms/<uuid:room_id>/relocation", methods=["PUT"])
@requires(Permission.SEAT_CANDIDATES)
@views.arguments(RelocationIn)
@views.response(200, SittingOut)
@views.refuses(NotSeated, RoomLeft, RoomsUnfit, RoomTaken, TooFewSeatsLeft)
def relocate_room(body: dict[str, Any], sitting_id: UUID, room_id: UUID) -> Sitting:
    """Move everybody of a room to another one, with seats, attempts and time."""
    by = identity()
    with transaction():
        return relocating.relocate(sitting_id, room_id, **body, by=by, at=clock.now())


@views.route("/sittings/<uuid:sitting_id>/rooms/<uuid:room_id>/seat-map.pdf")
@requires(Permission.SEE_EXAMS)
@views.response(200, _PDF, content_type="application/pdf")
@views.refuses(NotOnDuty, NotSeated)
def print_seat_map(sitting_id: UUID, room_id: UUID) -> Response:
    """Print the seats of a room with who has them, for those who work there."""
    return _printed(sitting_id, room_id, SheetKind.SEAT_MAP)


@views.route("/sittings/<uuid:sitting_id>/rooms/<uuid:room_id>/signature-list.pdf")
@requires(Permission.SEE_EXAMS)
@views.response(200, _PDF, content_type="application/pdf")
@views.refuses(NotOnDuty, NotSeated)
def print_signature_list(sitting_id: UUID, room_id: UUID) -> Response:
    """Print the list on which the candidates of a room sign, for those who work there."""
    return _printed(sitting_id, room_id, SheetKind.SIGNATURE_LIST)


@views.route("/sittings/<uuid:sitting_id>/rooms/<uuid:room_id>/station-sheets.pdf")
@requires(Permission.SEE_EXAMS)
@views.response(200, _PDF, content_type="application/pdf")
@views.refuses(NotOnDuty, NotSeated)
def print_station_sheets(sitting_id: UUID, room_id: UUID) -> Response:
    """Print a page for each station of a room: who comes when, for which item, who examined."""
    return _printed(sitting_id, room_id, SheetKind.STATION_SHEETS)


def _printed(sitting_id: UUID, room_id: UUID, kind: SheetKind) -> Response:
    content = room_prints.sheet(sitting_id, room_id, kind, by=identity(), at=clock.now())
    reply = Response(content, mimetype="application/pdf")
    reply.headers.set("Content-Disposition", "inline", filename=f"{kind.value}.pdf")
    reply.headers["Cache-Control"] = "private, no-store"
    return reply
