"""What goes in and out about regions (区划的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.paging import PageQuery


class RegionIn(Schema):
    """A township or village to add, or to name better."""

    code = fields.String(
        required=True,
        validate=validate.Regexp(r"^[0-9]{9}(?:[0-9]{3})?\Z"),
        metadata={"description": "9 digits on level 4, 12 on level 5, after the parent's code."},
    )
    name = fields.String(required=True, validate=validate.Length(1, 100))
    level = fields.Integer(required=True, strict=True, validate=validate.Range(1, 5))
    parent_id = fields.UUID(required=True)


class RegionOut(Schema):
    """A region."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.Integer(required=True, metadata={"description": "1 province … 5 village."})
    parent_id = fields.UUID(required=True, allow_none=True)
    path = fields.String(
        required=True, metadata={"description": "`/<id>/<id>/`: from the province to itself."}
    )
    is_grouping = fields.Boolean(
        required=True,
        metadata={"description": "A heading without a government of its own, such as 市辖区."},
    )


class RegionQuery(PageQuery):
    """Which regions to list."""

    parent_id = fields.UUID(load_default=None, metadata={"description": "Children of this one."})
    under_id = fields.UUID(
        load_default=None, metadata={"description": "This one and all beneath it."}
    )
    level = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, 5))
