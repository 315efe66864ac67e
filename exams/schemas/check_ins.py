"""Rosters of rooms and what phones say at the door, as it goes in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from exams.checking_in import DoorAct, Verdict
from exams.services.check_ins import Said
from server.paging import PageQuery


class RosterOut(Schema):
    """Who is expected in a room, signed."""

    text = fields.String(required=True, metadata={"description": "JSON; what is signed."})
    signature = fields.String(
        required=True,
        metadata={"description": "Ed25519 over `room roster 1`, a zero byte and the text."},
    )
    public_keys = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Ed25519, base64url; the first signed it, any signs tickets."},
    )


class SaidIn(Schema):
    """Something that a phone says of a person at the door."""

    id = fields.UUID(required=True, metadata={"description": "Made by the phone."})
    enrolment_id = fields.UUID(required=True)
    act = fields.Enum(DoorAct, by_value=True, load_default=DoorAct.ARRIVAL)
    sequence = fields.Integer(required=True, strict=True, validate=validate.Range(0, 10**9))
    happened_at = fields.AwareDateTime(
        required=True, metadata={"description": "By the clock of the phone."}
    )
    row = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 100)
    )
    column = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 100)
    )
    note = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 500))

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> Said:
        row, column = data.pop("row"), data.pop("column")
        if (row is None) is not (column is None):
            raise ValidationError("Name both row and column.", "row")
        seat = None if row is None else (row, column)
        return Said(claimed_at=data.pop("happened_at"), seat=seat, **data)


class CheckInsIn(Schema):
    """What a phone says of a room, in a batch."""

    device_id = fields.UUID(required=True)
    entries = fields.List(fields.Nested(SaidIn), required=True, validate=validate.Length(1, 500))


class CheckInOut(Schema):
    """Something that was said, and what became of it."""

    id = fields.UUID(required=True)
    enrolment_id = fields.UUID(required=True)
    act = fields.Enum(DoorAct, by_value=True, required=True)
    sequence = fields.Integer(required=True)
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    late = fields.Boolean(
        required=True, metadata={"description": "Whether it reached the server late."}
    )
    happened_at = fields.AwareDateTime(required=True)
    received_at = fields.AwareDateTime(required=True)
    note = fields.String(required=True, allow_none=True)
    room_id = fields.UUID(required=True)
    by_person_id = fields.UUID(required=True)


class CheckInListed(CheckInOut):
    """Something that was said at a door, with whom and which room it is about."""

    candidate_name = fields.String(
        required=True,
        allow_none=True,
        attribute="candidature.candidate.name",
        dump_default=None,
        metadata={"description": "Null: the sitting has no such place."},
    )
    room_name = fields.String(required=True, attribute="room.name")


class CheckInsOut(Schema):
    """What became of a batch, in the phone's order."""

    entries = fields.List(fields.Nested(CheckInOut), required=True)


class CheckInQuery(PageQuery):
    """Which entries to list."""

    verdict = fields.Enum(Verdict, by_value=True, load_default=None)
    only_odd = fields.Boolean(
        load_default=False,
        metadata={"description": "Only what was not accepted, or came late."},
    )
