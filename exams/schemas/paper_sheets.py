"""Answers taken over from paper, as they go in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from exams.paper_sheets import SheetState
from exams.services.paper_room_sheets import RoomSat
from exams.services.paper_sheets import SheetDraft
from server.people.schemas.imports import SheetQuery

REASON = validate.Length(1, 1000)


def by_number(most: int = 400) -> fields.Dict:
    """Return the field of letters by the number of the question."""
    return fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"^[1-9][0-9]{0,2}\Z")),
        values=fields.String(validate=validate.Regexp(r"^[A-Ja-j]{0,10}\Z")),
        required=True,
        validate=validate.Length(1, most),
        metadata={"description": 'As they stand on the sheet: `{"1": "A", "2": "BD", "3": ""}`.'},
    )


class PaperSheetIn(Schema):
    """That a place sat on paper."""

    booklet = fields.String(
        required=True,
        validate=validate.Length(1, 20),
        metadata={"description": "As it stands on the booklet: `3` or `3-1a2b3c4d`."},
    )
    began_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True, validate=REASON)

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, SheetDraft]:
        return {"draft": SheetDraft(**data)}


class PaperRoomQuery(Schema):
    """Whose sheets are typed."""

    room = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "The name of one; left out: all of them."},
    )


class PaperReadingQuery(SheetQuery):
    """When the sheets of a workbook were sat and why on paper; whether it is only tried."""

    began_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True, validate=REASON)

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        names = ("began_at", "ended_at", "reason")
        return {**data, "sat": RoomSat(**{name: data.pop(name) for name in names})}


class SheetReadingIn(Schema):
    """What one person reads from a sheet, every number of it."""

    letters = by_number()


class SheetSettlementIn(Schema):
    """What stands where two read differently, and why."""

    letters = by_number()
    reason = fields.String(required=True, validate=REASON)


class SheetDifferenceOut(Schema):
    """A question that two people read differently."""

    number = fields.Integer(required=True)
    first = fields.String(required=True)
    second = fields.String(required=True)


class PaperSheetOut(Schema):
    """An answer sheet: what was read differently is shown once both have read it."""

    enrolment_id = fields.UUID(required=True)
    exam_id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True, attribute="enrolment.candidate_id")
    booklet = fields.String(required=True)
    began_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True)
    state = fields.Enum(SheetState, by_value=True, required=True)
    reading_count = fields.Function(lambda sheet: len(sheet.readings), metadata={"type": "integer"})
    differences = fields.List(fields.Nested(SheetDifferenceOut), required=True)
    settled_because = fields.String(required=True, allow_none=True)
    attempt_id = fields.UUID(required=True, allow_none=True)
