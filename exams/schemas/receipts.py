"""Receipts, as they are shown and as they are checked."""

from __future__ import annotations

from datetime import UTC, datetime

from marshmallow import Schema, fields, post_load, validate

from exams.receipting import Statement

#: Moments that a receipt can say in any zone: nearer the ends of the calendar some have no UTC.
_SPEAKABLE = validate.Range(datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


class ReceiptStatement(Schema):
    """What a receipt says, and the code by which it is known again."""

    attempt_id = fields.UUID(required=True)
    held_count = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(0, 10_000),
        metadata={"description": "Questions for which the server holds a response that counts."},
    )
    question_count = fields.Integer(required=True, strict=True, validate=validate.Range(0, 10_000))
    at = fields.AwareDateTime(
        required=True, metadata={"description": "The server's clock, to the microsecond."}
    )
    code = fields.String(
        required=True,
        validate=validate.Length(1, 40),
        metadata={"description": "Four groups of four letters and digits."},
    )


class HeldReceiptOut(ReceiptStatement):
    """What the server holds of one's own attempt."""

    attempt_id = fields.UUID(required=True, attribute="statement.attempt_id")
    held_count = fields.Integer(required=True, attribute="statement.held_count")
    question_count = fields.Integer(required=True, attribute="statement.question_count")
    at = fields.AwareDateTime(required=True, attribute="statement.at")


class ReceiptCheckIn(ReceiptStatement):
    """A receipt that somebody shows."""

    at = fields.AwareDateTime(required=True, validate=_SPEAKABLE)

    @post_load
    def _made(self, data: dict[str, object], **_: object) -> dict[str, object]:
        code = data.pop("code")
        return {"statement": Statement(**data), "code": code}  # type: ignore[arg-type]  # its fields


class ReceiptCheckOut(Schema):
    """Whether a receipt is genuine, and nothing else."""

    genuine = fields.Boolean(
        required=True,
        metadata={"description": "The server made it, and still holds every entry it was made of."},
    )
