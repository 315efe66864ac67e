"""What comes out of entering a sheet row by row (表格导入的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from server.errors import Message
from server.problems import language


class ComplaintOut(Schema):
    """What is wrong with a cell, or with a row as a whole."""

    field = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    detail = fields.Method("in_words", required=True, metadata={"type": "string"})

    def in_words(self, complaint: Any) -> str:
        """Return the complaint in the language asked for."""
        message: Message = complaint.message
        return message.in_language(language())


class RowReportOut(Schema):
    """What became of one row."""

    row = fields.Integer(
        required=True, metadata={"description": "As the spreadsheet numbers it, from 1."}
    )
    outcome = fields.String(required=True, validate=validate.OneOf(["accepted", "refused"]))
    person_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "Null where refused, and for new people of a mere trial."},
    )
    known = fields.Boolean(
        required=True, metadata={"description": "Whether the person was registered before."}
    )
    complaints = fields.List(fields.Nested(ComplaintOut), required=True)


class SheetReportOut(Schema):
    """What became of a sheet, row by row."""

    stored = fields.Boolean(required=True, metadata={"description": "False: only tried."})
    accepted_count = fields.Integer(required=True)
    refused_count = fields.Integer(required=True)
    rows = fields.List(fields.Nested(RowReportOut), required=True)


class SheetQuery(Schema):
    """Whether a sheet is entered or only tried, and how it is answered."""

    store = fields.Boolean(
        load_default=False,
        metadata={"description": "True enters the accepted rows; else nothing is kept."},
    )
    as_workbook = fields.Boolean(
        load_default=False,
        metadata={
            "description": "True replies the same workbook, with what became of each row beside it."
        },
    )
