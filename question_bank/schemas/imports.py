"""What goes in and out of imports (导入的数据格式)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from question_bank.formats.files import MOST_COLUMNS, Format
from question_bank.importing.asking import asked
from question_bank.importing.columns import Column
from question_bank.importing.drafts import Outcome
from question_bank.importing.reasons import Reason
from question_bank.kinds import LABELS, Kind
from question_bank.models import ImportState
from question_bank.schemas.questions import OPERATION_ITEM
from question_bank.schemas.shown import QuestionOptionOut, shown_html
from question_bank.services.imports import Terms
from question_bank.tags import Tag
from server.paging import PageQuery
from server.people.roster import PostRole

_PLACE = fields.Integer(validate=validate.Range(0, MOST_COLUMNS - 1))


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


class QuestionLayoutIn(Schema):
    """Where the columns of one sheet stand, counted from 0."""

    sheet = fields.String(required=True, validate=validate.Length(1, 200))
    columns = fields.Dict(
        keys=fields.Enum(Column, by_value=True),
        values=_PLACE,
        required=True,
        metadata={"description": "What stands where; `stem` and `key` must be among it."},
    )
    option_columns = fields.List(
        _PLACE,
        load_default=list,
        validate=validate.Length(max=len(LABELS)),
        metadata={"description": "Columns of single options, where each has its own."},
    )
    header = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 1000),
        metadata={
            "description": "Place of the header among the rows that are not empty, from 0; rows "
            "up to it are no questions. Null where there is none."
        },
    )

    @validates_schema
    def is_enough(self, values: dict[str, Any], **_: Any) -> None:
        """See that the columns that every question needs are named."""
        if not {Column.STEM, Column.KEY} <= values.get("columns", {}).keys():
            raise ValidationError("Must name the columns of stem and key.", "columns")


class QuestionImportReadingIn(Schema):
    """What the person who brought a file says of it."""

    meanings = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 50)),
        values=fields.String(validate=validate.Length(1, 50)),
        load_default=dict,
        metadata={"description": "By the code of what was asked: one of its choices."},
    )
    layouts = fields.List(
        fields.Nested(QuestionLayoutIn),
        load_default=list,
        validate=validate.Length(max=100),
        metadata={"description": "Sheets whose columns stand elsewhere than was found."},
    )

    @validates_schema
    def is_asked(self, values: dict[str, Any], **_: Any) -> None:
        """See that what is said is a choice of what can be asked."""
        for code, said in values.get("meanings", {}).items():
            known = asked(code)
            if known is None or said not in known.choices:
                raise ValidationError("Must be a choice of what was asked.", "meanings")

    @post_load
    def as_choices(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand on plain values, as the import keeps them."""
        return {
            "meanings": values["meanings"],
            "layouts": {
                one["sheet"]: {
                    "columns": {column.value: place for column, place in one["columns"].items()},
                    "option_columns": one["option_columns"],
                    "header": one["header"],
                }
                for one in values["layouts"]
            },
        }


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


def _asked(kept: Any) -> Sequence[dict[str, Any]]:
    return [
        {
            "code": one.code,
            "zh": one.zh,
            "en": one.en,
            "choices": [
                {"value": value, "zh": zh, "en": en} for value, (zh, en) in one.choices.items()
            ],
        }
        for code in kept.asked
        if (one := asked(code)) is not None
    ]


_ASKED = {
    "type": "array",
    "items": {"type": "object"},
    "description": "What is asked of who brought the file: `code`, `zh`, `en`, and `choices` of "
    "`value`, `zh`, `en`. Say it by PUT `…/reading`.",
}


class QuestionSheetOut(Schema):
    """One sheet of the file."""

    name = fields.String(required=True)
    row_count = fields.Integer(required=True)
    refused = fields.Boolean(required=True)
    reasons = fields.Function(_reasons, metadata=_REASONS)
    layout = fields.Dict(
        required=True,
        allow_none=True,
        metadata={
            "description": "Where the columns stand: `columns`, `option_columns`, `header`; null "
            "where there are none."
        },
    )
    sample = fields.List(
        fields.List(fields.String()),
        required=True,
        metadata={"description": "The first rows, so that a person can say where columns stand."},
    )


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
    job_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "The job that reads or accepts it, where it is a long one."},
    )
    format = fields.String(
        required=True,
        allow_none=True,
        metadata={"enum": [*(one.value for one in Format), None]},
    )
    asked = fields.Function(_asked, metadata=_ASKED)
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
    stem_html = shown_html("stem_html")
    explanation_html = shown_html("explanation_html")
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
