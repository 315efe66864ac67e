"""What invigilators do to rooms, as it goes in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from exams.drafts import RoomOrder
from exams.rooms import RoomAct
from server.paging import PageQuery


class RoomEventIn(Schema):
    """Something to be done to a room, or to every room of an exam."""

    kind = fields.Enum(RoomAct, by_value=True, required=True)
    room = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(0, 100),
        metadata={"description": "Null: every room of the exam."},
    )
    reason = fields.String(required=True, validate=validate.Length(1, 1000))
    seconds = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 86_400),
        metadata={"description": "What an extension grants, in addition to what stands."},
    )
    counts = fields.Boolean(
        load_default=None,
        allow_none=True,
        metadata={"description": "By a voiding: whether it uses up an attempt."},
    )

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: object) -> None:
        for field, kind in (("seconds", RoomAct.EXTENSION), ("counts", RoomAct.VOIDING)):
            if (data.get("kind") is kind) != (data.get(field) is not None):
                complaint = "Missing data for required field."
                raise ValidationError(
                    complaint if data.get(field) is None else "Unknown field.", field
                )

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, RoomOrder]:
        return {"order": RoomOrder(**data)}


class RoomEventQuery(PageQuery):
    """Which events of rooms to list."""

    kind = fields.Enum(RoomAct, by_value=True, load_default=None)


class RoomEventOut(Schema):
    """What was done to a room, or to every room of an exam."""

    id = fields.UUID(required=True)
    exam_id = fields.UUID(required=True)
    room = fields.String(required=True, allow_none=True)
    kind = fields.Enum(RoomAct, by_value=True, required=True)
    reason = fields.String(required=True)
    seconds = fields.Integer(required=True, allow_none=True)
    counts = fields.Boolean(required=True, allow_none=True)
    happened_at = fields.AwareDateTime(required=True)
    changed_count = fields.Integer(
        required=True, metadata={"description": "Attempts changed; by a start, rooms."}
    )
    left_count = fields.Integer(
        required=True,
        metadata={"description": "Attempts that were handed in, announced or voided before."},
    )
