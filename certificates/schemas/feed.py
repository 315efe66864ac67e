"""What goes in and out of the feed for other systems (数据流的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

#: Entries in one reply.
MOST = 1_000


class FeedQuery(Schema):
    """Where to go on."""

    cursor = fields.String(
        load_default=None,
        validate=validate.Length(max=200),
        metadata={"description": "The `next_cursor` of before; from the beginning without it."},
    )
    limit = fields.Integer(load_default=200, strict=True, validate=validate.Range(1, MOST))


class FeedItemOut(Schema):
    """One entry."""

    seq = fields.Integer(
        required=True, metadata={"description": "Grows; those that are not yours are left out."}
    )
    kind = fields.String(
        required=True,
        validate=validate.OneOf(["certificate", "status", "outcome", "coverage", "person"]),
    )
    entered_at = fields.AwareDateTime(required=True)
    content = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "Null where a later entry took its place, or it is not kept."},
    )


class FeedOut(Schema):
    """Some entries in their order, and where to go on."""

    items = fields.List(fields.Nested(FeedItemOut), required=True)
    next_cursor = fields.String(
        required=True, metadata={"description": "Keep it with what you stored: go on from here."}
    )
    more = fields.Boolean(required=True, metadata={"description": "Ask again at once."})


class PackageIn(Schema):
    """How the tables are written."""

    format = fields.String(load_default="jsonl", validate=validate.OneOf(["jsonl", "csv"]))
