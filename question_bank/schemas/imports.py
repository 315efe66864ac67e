"""What goes in and out of imports (导入的数据格式)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from question_bank.importing.drafts import Outcome
from question_bank.importing.reasons import Reason
from question_bank.kinds import Kind
from question_bank.models import ImportState
from question_bank.schemas.questions import OPERATION_ITEM, QuestionOptionOut
from question_bank.services.imports import Terms
from question_bank.tags import Tag
from server.paging import PageQuery
from server.people.roster import PostRole


class TagField(fields.String):
    """Whom questions serve, as one word of an address: `principal`, or `<role>:<item>`."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        role, _, item = text.partition(":")
        if role not in set(PostRole):
            raise ValidationError("Must be a role, or a role, a colon and an operation item.")
        return Tag(PostRole(role), OPERATION_ITEM(item) if item else None)


class QuestionImportQuery(Schema):
    """Where the rows of a file go, and whom they serve."""

    bank_id = fields.UUID(required=True)
    serves = fields.List(
        TagField(),
        required=True,
        validate=validate.Length(1, 20),
        metadata={
            "description": "Whom the questions serve: a role, or `role:operation_item`, such as "
            "`special_operations_worker:1.2`. Repeat it for more."
        },
    )
    for_practice = fields.Boolean(load_default=True)
    for_exams = fields.Boolean(load_default=True)
    topic = fields.String(
        load_default=None,
        validate=validate.Length(1, 200),
        metadata={"description": "Topic of rows that name none."},
    )
    file_name = fields.String(load_default=None, validate=validate.Length(1, 200))

    @post_load
    def as_terms(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand the view what the service asks for."""
        return {
            "bank_id": values["bank_id"],
            "file_name": values["file_name"],
            "terms": Terms(
                tags=tuple(values["serves"]),
                for_practice=values["for_practice"],
                for_exams=values["for_exams"],
                topic=values["topic"],
            ),
        }


class QuestionImportAcceptanceIn(Schema):
    """How an import is to be accepted."""

    accepted_only = fields.Boolean(
        required=True,
        metadata={"description": "True: refused rows are left aside. False: all rows or none."},
    )


class ReasonOut(Schema):
    """One thing said of a row or a sheet."""

    code = fields.String(required=True)
    weight = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


def _reasons(thing: Any) -> Sequence[dict[str, Any]]:
    kept = thing["reasons"] if isinstance(thing, dict) else thing.reasons
    said = [Reason(one["code"], one["facts"]) for one in kept]
    dumped: list[dict[str, Any]] = ReasonOut(many=True).dump(said)
    return dumped


_REASONS = {"type": "array", "items": {"type": "object"}, "description": "Code, zh, en, weight."}


class QuestionSheetOut(Schema):
    """One sheet of the file."""

    name = fields.String(required=True)
    row_count = fields.Integer(required=True)
    refused = fields.Boolean(required=True)
    reasons = fields.Function(_reasons, metadata=_REASONS)


class QuestionImportCountsOut(Schema):
    """How many rows had each outcome."""

    imported = fields.Integer(required=True)
    repaired = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    duplicate = fields.Integer(required=True)
    ignored = fields.Integer(required=True)
    refused_sheets = fields.Integer(required=True)


class QuestionImportOut(Schema):
    """The report on a file."""

    id = fields.UUID(required=True)
    bank_id = fields.UUID(required=True)
    state = fields.Enum(ImportState, by_value=True, required=True)
    file_name = fields.String(required=True, allow_none=True)
    file_sha256 = fields.String(required=True)
    counts = fields.Nested(QuestionImportCountsOut, required=True)
    sheets = fields.List(fields.Nested(QuestionSheetOut), required=True)
    previewed_at = fields.AwareDateTime(required=True)
    accepted_at = fields.AwareDateTime(required=True, allow_none=True)
    accepted_only = fields.Boolean(required=True, allow_none=True)
    created_count = fields.Integer(required=True)


class QuestionDraftOut(Schema):
    """The question that a row becomes."""

    kind = fields.String(required=True, metadata={"enum": [kind.value for kind in Kind]})
    stem = fields.String(required=True)
    options = fields.List(fields.Nested(QuestionOptionOut), required=True)
    key = fields.List(fields.String(), required=True)
    explanation = fields.String(required=True, allow_none=True)
    topic = fields.String(required=True, allow_none=True)
    difficulty = fields.String(required=True, allow_none=True)
    law_citation = fields.String(required=True, allow_none=True)


class QuestionImportRowOut(Schema):
    """What became of one row, and why."""

    sheet = fields.String(required=True)
    row = fields.Integer(
        required=True, metadata={"description": "Number that the spreadsheet shows."}
    )
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    reasons = fields.Function(_reasons, metadata=_REASONS)
    excerpt = fields.String(required=True)
    draft = fields.Nested(QuestionDraftOut, required=True, allow_none=True)
    question_id = fields.UUID(required=True, allow_none=True)


class QuestionImportRowQuery(PageQuery):
    """Which rows of a report."""

    outcome = fields.Enum(Outcome, by_value=True, load_default=None)
