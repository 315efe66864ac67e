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


class MovingIn(Schema):
    """Under which region another comes to lie, from which day on."""

    parent_id = fields.UUID(required=True)
    on = fields.Date(required=True, metadata={"description": "The first day; today or past."})


class RecodingIn(Schema):
    """Which code and name a region has from some day on."""

    code = fields.String(required=True, validate=validate.Regexp(r"^[1-9][0-9]{5,11}\Z"))
    name = fields.String(required=True, validate=validate.Length(1, 100))
    on = fields.Date(required=True, metadata={"description": "The first day; today or past."})


class AbolitionIn(Schema):
    """From which day on a region is one no longer, and what follows it."""

    successor_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(0, 100))
    on = fields.Date(required=True, metadata={"description": "The first day without it."})


class LayOut(Schema):
    """Where a region lay, from one day up to and without another."""

    from_on = fields.Date(required=True, allow_none=True)
    until_on = fields.Date(required=True, allow_none=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    path = fields.String(required=True)


class RegionHistoryOut(Schema):
    """What became of a region: where it lay and was called, what it follows and what follows it."""

    abolished_on = fields.Date(required=True, allow_none=True)
    former_ids = fields.List(fields.UUID(), required=True)
    successor_ids = fields.List(fields.UUID(), required=True)
    lays = fields.List(fields.Nested(LayOut), required=True)
