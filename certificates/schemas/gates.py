"""What goes in and out at gates (门岗的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, post_load, validate

from certificates.schemas.cards import MarkOut
from certificates.services.gates import MOST_SCANS, Scan


class GateDeviceIn(Schema):
    """A device at the gate of a site."""

    organisation_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=validate.Length(1, 100))


class GateDeviceOut(GateDeviceIn):
    """A device; its key, when it was made just now."""

    id = fields.UUID(required=True)
    registered_at = fields.AwareDateTime(required=True)
    retired_at = fields.AwareDateTime(required=True, allow_none=True)
    key = fields.String(
        dump_default=None,
        allow_none=True,
        metadata={"description": "Told once: what the device shows as `X-Gate-Key`."},
    )


class GateMessageOut(Schema):
    """A sentence in both languages."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class GateExpectedOut(Schema):
    """Somebody with a post at the site."""

    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    document_masked = fields.String(required=True)
    may_enter = fields.Boolean(required=True)
    reasons = fields.List(fields.Nested(GateMessageOut), required=True)
    serials = fields.List(fields.String(), required=True)


class GateRosterOut(Schema):
    """Everybody with a post at the site, as of a day: held by the device while it is offline."""

    on = fields.Date(required=True)
    made_at = fields.AwareDateTime(required=True)
    device = fields.String(required=True, metadata={"description": "The name of the device."})
    site = fields.String(required=True, metadata={"description": "The name of the site."})
    mark = fields.Nested(
        MarkOut,
        required=True,
        metadata={"description": "What the cards of workers show here today."},
    )
    items = fields.List(fields.Nested(GateExpectedOut), required=True)


class GateScanIn(Schema):
    """A code that was scanned."""

    id = fields.UUID(required=True, metadata={"description": "Made by the device."})
    token = fields.String(required=True, validate=validate.Length(1, 2_000))
    scanned_at = fields.AwareDateTime(required=True)

    @post_load
    def _scan(self, data: dict[str, object], **_: object) -> Scan:
        return Scan(**data)  # type: ignore[arg-type]  # as the fields above have read them


class GateScansIn(Schema):
    """Codes that were scanned, one after another."""

    scans = fields.List(
        fields.Nested(GateScanIn), required=True, validate=validate.Length(1, MOST_SCANS)
    )


class GateAnswerOut(Schema):
    """What is said of a scan."""

    id = fields.UUID(required=True)
    may_enter = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True)
    message = fields.Nested(GateMessageOut, required=True)
    name = fields.String(required=True, allow_none=True)
    document_masked = fields.String(required=True, allow_none=True)


class GateAnswersOut(Schema):
    """What is said of each, and of how many something is wrong."""

    items = fields.List(fields.Nested(GateAnswerOut), required=True)
    problem_count = fields.Integer(required=True)


class GateScanOut(Schema):
    """A scan that was kept."""

    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True, allow_none=True)
    may_enter = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True)
    scanned_at = fields.AwareDateTime(required=True)
    received_at = fields.AwareDateTime(required=True)


class GateScanListOut(Schema):
    """The newest scans of a device."""

    items = fields.List(fields.Nested(GateScanOut), required=True)
