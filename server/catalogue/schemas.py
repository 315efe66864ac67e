"""What goes in and out about the catalogue (目录的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields


class OnQuery(Schema):
    """As of which day."""

    on = fields.Date(load_default=None, metadata={"description": "Left out: today."})


class OperationItemOut(Schema):
    """An operation item of the catalogue (操作项目)."""

    code = fields.String(required=True)
    slug = fields.String(required=True)
    category_code = fields.String(required=True)
    category_zh = fields.String(required=True)
    category_en = fields.String(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)


class CatalogueOut(Schema):
    """The catalogue that counts on a day."""

    version = fields.String(required=True, allow_none=True)
    from_on = fields.Date(required=True, allow_none=True)
    title_zh = fields.String(required=True, allow_none=True)
    source = fields.String(required=True, allow_none=True)
    items = fields.List(fields.Nested(OperationItemOut), required=True)
