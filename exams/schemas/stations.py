"""Stations, calls, rooms that are left, as they go in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from exams.models.practicals import PracticalState, SubjectState
from exams.schemas.score_sheets import CODE
from exams.seating import Seat
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


_ROW = validate.Range(1, 100)
_SUBJECTS = {"description": "Codes of subjects of the score sheet."}


class StationIn(Schema):
    """A station of a circuit, and what it takes."""

    room_id = fields.UUID(required=True)
    row = fields.Integer(required=True, strict=True, validate=_ROW, attribute="seat_row")
    column = fields.Integer(required=True, strict=True, validate=_ROW, attribute="seat_column")
    subjects = fields.List(
        fields.String(validate=CODE),
        required=True,
        validate=validate.Length(1, 20),
        metadata=_SUBJECTS,
    )


class CircuitIn(Schema):
    """Which station takes which subjects."""

    stations = fields.List(
        fields.Nested(StationIn),
        required=True,
        validate=validate.Length(max=500),
        metadata={"description": "None: every station takes the whole practical."},
    )
    veto_ends = fields.Boolean(
        load_default=False,
        metadata={"description": "Whether a failed veto ends it before the other subjects."},
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        stations = [
            (Seat(one["room_id"], one["seat_row"], one["seat_column"]), one["subjects"])
            for one in data["stations"]
        ]
        return {**data, "stations": stations}


class CircuitOut(Schema):
    """Which station takes which subjects, and how many people can go through."""

    stations = fields.List(fields.Nested(StationIn), required=True)
    veto_ends = fields.Boolean(required=True)
    capacity = fields.Integer(required=True)
    turn_count = fields.Integer(required=True, attribute="turns")


class SubjectQuery(Schema):
    """Which subject of a circuit is meant."""

    subject = fields.String(
        load_default=None,
        validate=CODE,
        metadata={"description": "Of a circuit; left out: all that one scores."},
    )


class PracticalSubjectOut(Schema):
    """A subject of a practical in a circuit: where and when, and where it stands."""

    subject = fields.String(required=True)
    room_id = fields.UUID(required=True)
    row = fields.Integer(required=True, attribute="seat_row")
    column = fields.Integer(required=True, attribute="seat_column")
    turn = fields.Integer(required=True)
    state = fields.Enum(SubjectState, by_value=True, required=True)
    reason = fields.String(required=True, allow_none=True)


class SubjectAbsenceIn(Schema):
    """What is known of somebody who did not come to a subject."""

    reason = fields.String(required=True, validate=validate.Length(1, 1000))


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
    subjects = fields.List(
        fields.Nested(PracticalSubjectOut),
        required=True,
        attribute="practical.legs",
        metadata={"description": "Of a circuit, in the order of turns; else none."},
    )
    now = fields.Nested(
        StationCallOut,
        required=True,
        allow_none=True,
        metadata={"description": "The call that stands; null while at no station."},
    )


class BoardOut(Schema):
    """Who is called where and when, in the order of turns."""

    items = fields.List(fields.Nested(BoardLineOut), required=True)


class WaitingOut(Schema):
    """Somebody who is expected at a station."""

    practical_id = fields.UUID(required=True, attribute="line.practical.id")
    name = fields.String(required=True, attribute="line.candidate.name")
    document_masked = fields.String(required=True, attribute="line.candidate.document_masked")
    subject = fields.String(required=True, metadata={"description": "Empty: the whole."})
    turn = fields.Integer(required=True)
    expected_at = fields.AwareDateTime(required=True)
    is_ready = fields.Boolean(
        required=True, metadata={"description": "Let in, and at no other station."}
    )


class StationQueueOut(Schema):
    """A station: what it takes, who is there, who comes next."""

    room_id = fields.UUID(required=True)
    room = fields.String(required=True)
    row = fields.Integer(required=True)
    column = fields.Integer(required=True)
    label = fields.String(required=True, attribute="station.label")
    subjects = fields.List(fields.String(), required=True)
    now = fields.Nested(BoardLineOut, required=True, allow_none=True)
    waiting = fields.List(fields.Nested(WaitingOut), required=True)


class StationQueuesOut(Schema):
    """Every station of a practical with its queue."""

    items = fields.List(fields.Nested(StationQueueOut), required=True)


class RelocationIn(Schema):
    """The room to which everybody moves, and why."""

    to_room_id = fields.UUID(required=True)
    reason = fields.String(required=True, validate=validate.Length(1, 1000))
