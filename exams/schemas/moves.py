"""Moves to another phone, and what the new phone is told of the old one's words."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

_CODE = validate.Length(1, 20)


class MoveOut(Schema):
    """A move to another phone."""

    id = fields.UUID(required=True)
    attempt_id = fields.UUID(required=True)
    asked_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    moved_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "Null while the code waits."}
    )
    epoch = fields.Integer(
        required=True, allow_none=True, metadata={"description": "The epoch of the new phone."}
    )


class MovingOut(Schema):
    """A move that waits, with the code for the other side."""

    id = fields.UUID(required=True, attribute="move.id")
    attempt_id = fields.UUID(required=True, attribute="move.attempt_id")
    asked_at = fields.AwareDateTime(required=True, attribute="move.asked_at")
    expires_at = fields.AwareDateTime(required=True, attribute="move.expires_at")
    moved_at = fields.AwareDateTime(required=True, allow_none=True, attribute="move.moved_at")
    epoch = fields.Integer(required=True, allow_none=True, attribute="move.epoch")
    code = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "To be typed on the other side; null once it was used."},
    )


class GivingIn(Schema):
    """Why an invigilator lets an attempt move."""

    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class ConfirmationIn(GivingIn):
    """The code that the new phone shows, and why the attempt may move there."""

    code = fields.String(required=True, validate=_CODE)


class CodeIn(Schema):
    """The code that the invigilator gave."""

    code = fields.String(required=True, validate=_CODE)


class HeldResponse(Schema):
    """What counts in one slot."""

    slot = fields.Integer(required=True)
    chosen = fields.List(fields.Integer(), required=True)
    sequence = fields.Integer(required=True)
    epoch = fields.Integer(required=True)


class HeldResponsesOut(Schema):
    """What the server holds of an attempt that goes on, for a phone that has nothing."""

    epoch = fields.Integer(required=True, metadata={"description": "Of the phone that may write."})
    entries = fields.List(fields.Nested(HeldResponse), required=True)
