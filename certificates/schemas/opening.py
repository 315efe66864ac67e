"""What goes out as open data (开放数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class EditionQuery(Schema):
    """Which published figures."""

    plan = fields.String(load_default=None, validate=validate.Length(1, 40))
    month = fields.Date(load_default=None, metadata={"description": "The first of a month."})


class EditionOut(Schema):
    """The figures of a plan as they were published for a month."""

    plan = fields.String(required=True)
    month = fields.Date(required=True)
    published_at = fields.AwareDateTime(required=True)
    content = fields.Dict(required=True)


class EditionListOut(Schema):
    """Published figures."""

    items = fields.List(fields.Nested(EditionOut), required=True)
