"""Test centres, their approvals and rooms, as they go in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from exams.services.centres import Approving, RoomDraft
from server.paging import PageQuery

_SEAT = fields.Tuple((fields.Integer(strict=True), fields.Integer(strict=True)))


class CentreOut(Schema):
    """A test centre."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    region_id = fields.UUID(required=True)


class CentreQuery(PageQuery):
    """Which test centres to list."""

    name = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "A part of the name."},
    )
    region_id = fields.UUID(
        load_default=None, metadata={"description": "In this region, or beneath it."}
    )


class CentreApprovalIn(Schema):
    """An approval of a test centre."""

    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True, metadata={"description": "The last day, included."})
    document = fields.String(
        required=True,
        validate=validate.Length(1, 200),
        metadata={"description": "The document it rests on (文号)."},
    )

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: object) -> None:
        if data["until_on"] < data["from_on"]:
            raise ValidationError("Must not be before the first day.", "until_on")

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, Approving]:
        return {"draft": Approving(**data)}


class CentreApprovalWithdrawalIn(Schema):
    """From when an approval no longer holds, and why."""

    from_on = fields.Date(required=True)
    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class CentreApprovalOut(Schema):
    """An approval of a test centre."""

    id = fields.UUID(required=True)
    centre_id = fields.UUID(required=True)
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True)
    document = fields.String(required=True)
    approved_at = fields.AwareDateTime(required=True)
    withdrawn_on = fields.Date(required=True, allow_none=True)
    withdrawn_because = fields.String(required=True, allow_none=True)


class CentreApprovalsOut(Schema):
    """Every approval there ever was of a test centre."""

    items = fields.List(fields.Nested(CentreApprovalOut), required=True)


class CentreRoomIn(Schema):
    """A room as its centre describes it."""

    name = fields.String(required=True, validate=validate.Length(1, 100))
    address = fields.String(required=True, validate=validate.Length(1, 200))
    row_count = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100))
    column_count = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100))
    capacity = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 10_000),
        metadata={"description": "Most people who may be in it; null: as many as seats."},
    )
    gaps = fields.List(
        _SEAT,
        load_default=list,
        validate=validate.Length(max=10_000),
        metadata={"description": "Row and column, from 1, where there is no seat."},
    )
    defective = fields.List(
        _SEAT,
        load_default=list,
        validate=validate.Length(max=10_000),
        metadata={"description": "Row and column, from 1, of seats that are broken."},
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, RoomDraft]:
        for name in ("gaps", "defective"):
            data[name] = tuple(data[name])
        return {"draft": RoomDraft(**data)}


class CentreRoomOut(Schema):
    """A room of a test centre."""

    id = fields.UUID(required=True)
    centre_id = fields.UUID(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    row_count = fields.Integer(required=True)
    column_count = fields.Integer(required=True)
    capacity = fields.Integer(required=True)
    gaps = fields.List(fields.List(fields.Integer()), required=True)
    defective = fields.List(fields.List(fields.Integer()), required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class CentreRoomsOut(Schema):
    """The rooms of a test centre."""

    items = fields.List(fields.Nested(CentreRoomOut), required=True)
