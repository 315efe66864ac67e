"""Stations, calls, rooms that are left, as they go in and out."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from exams.models.practicals import PracticalState
from exams.schemas.score_sheets import CODE
from exams.sittings import Attendance


class StationCallIn(Schema):
    """Who is called where, and for which subject."""

    subject = fields.String(
        required=True, validate=CODE, metadata={"description": "The code of a subject."}
    )
    room_id = fields.UUID(required=True)
    row = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100))
    column = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100))


class StationCallOut(Schema):
    """A call to a station."""

    id = fields.UUID(required=True)
    practical_id = fields.UUID(required=True)
    subject = fields.String(required=True)
    item = fields.String(required=True, metadata={"description": "The item that was drawn."})
    room_id = fields.UUID(required=True)
    row = fields.Integer(required=True, attribute="seat_row")
    column = fields.Integer(required=True, attribute="seat_column")
    called_at = fields.AwareDateTime(required=True)
    left_at = fields.AwareDateTime(required=True, allow_none=True)


class BoardLineOut(Schema):
    """Somebody on the board of a practical."""

    practical_id = fields.UUID(required=True, attribute="practical.id")
    enrolment_id = fields.UUID(required=True, attribute="place.id")
    name = fields.String(required=True, attribute="candidate.name")
    document_masked = fields.String(required=True, attribute="candidate.document_masked")
    turn = fields.Integer(required=True, attribute="place.turn")
    room = fields.String(required=True, attribute="place.enrolment.room")
    station = fields.String(required=True, allow_none=True, attribute="place.seat_label")
    expected_at = fields.AwareDateTime(required=True)
    attendance = fields.Enum(Attendance, by_value=True, required=True, attribute="place.attendance")
    state = fields.Enum(PracticalState, by_value=True, required=True, attribute="practical.state")
    now = fields.Nested(
        StationCallOut,
        required=True,
        allow_none=True,
        metadata={"description": "The call that stands; null while at no station."},
    )


class BoardOut(Schema):
    """Who is called where and when, in the order of turns."""

    items = fields.List(fields.Nested(BoardLineOut), required=True)


class RelocationIn(Schema):
    """The room to which everybody moves, and why."""

    to_room_id = fields.UUID(required=True)
    reason = fields.String(required=True, validate=validate.Length(1, 1000))
