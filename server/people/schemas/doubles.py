"""What goes in and out about people registered twice (重复档案的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.paging import PageQuery
from server.people.likeness import Likeness
from server.people.models import DoubleRuling
from server.people.schemas.people import PersonOut


class SuspectedDoubleOut(Schema):
    """Two entries that may be one human being."""

    id = fields.UUID(required=True)
    first = fields.Nested(PersonOut, required=True)
    second = fields.Nested(PersonOut, required=True)
    reasons = fields.List(
        fields.String(validate=validate.OneOf([each.value for each in Likeness])),
        required=True,
        metadata={"description": "Why, the most telling first."},
    )
    weight = fields.Integer(
        required=True, metadata={"description": "How telling the reasons are, of 100."}
    )
    found_at = fields.AwareDateTime(required=True)
    ruling = fields.Enum(DoubleRuling, by_value=True, required=True, allow_none=True)


class DoubleQuery(PageQuery):
    """Which pairs."""

    name = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "A part of the name of either."},
    )
    reason = fields.String(
        load_default=None,
        validate=validate.OneOf([each.value for each in Likeness]),
        metadata={"description": "Only pairs that are alike in this."},
    )
    least_weight = fields.Integer(
        load_default=None,
        strict=True,
        validate=validate.Range(0, 100),
        metadata={"description": "Only pairs whose reasons are at least so telling."},
    )


class ComparedDoubleOut(SuspectedDoubleOut):
    """Two entries, and how many records name each: what a merge would move."""

    first_count = fields.Integer(required=True)
    second_count = fields.Integer(required=True)


class MergeIn(Schema):
    """Two entries to make one."""

    kept_id = fields.UUID(required=True, metadata={"description": "The entry that goes on."})
    merged_id = fields.UUID(
        required=True, metadata={"description": "The entry that answers with it from now on."}
    )
    reason = fields.String(required=True, validate=validate.Length(4, 500))


class UndoIn(Schema):
    """Why a merge is taken back."""

    reason = fields.String(required=True, validate=validate.Length(4, 500))


class MergeQuery(PageQuery):
    """Which merges."""

    undone = fields.Boolean(load_default=None)
    name = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "A part of the name of either."},
    )


class MergeOut(MergeIn):
    """A merge, and whether it was taken back."""

    id = fields.UUID(required=True)
    merged_at = fields.AwareDateTime(required=True)
    undone_at = fields.AwareDateTime(required=True, allow_none=True)
    undo_reason = fields.String(required=True, allow_none=True)
    kept_name = fields.String(required=True, attribute="kept.name")
    merged_name = fields.String(required=True, attribute="merged.name")
    moved_count = fields.Integer(required=True)
    stayed_count = fields.Integer(
        required=True,
        metadata={"description": "Rows that stay, because the kept entry has the like."},
    )
