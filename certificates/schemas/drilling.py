"""What goes in and out about parts, trends, changes and what expires (下钻与趋势的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from certificates.schemas.coverage import FigureOut, FilterQuery
from certificates.services.drilling import By, Every
from certificates.services.excluding import Exclusion


class PartsQuery(FilterQuery):
    """What a figure is taken apart by."""

    by = fields.Enum(By, by_value=True, required=True)


class PartOut(Schema):
    """One part of a figure."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    figure = fields.Nested(FigureOut, required=True)


class PartListOut(Schema):
    """The parts of a figure."""

    items = fields.List(fields.Nested(PartOut), required=True)


class ExclusionsQuery(FilterQuery):
    """Whom a figure leaves out."""

    since = fields.Date(
        load_default=None,
        metadata={"description": "Who has left since; a year before `on` where left out."},
    )


class ExcludedOut(Schema):
    """How many a figure leaves out for one reason."""

    why = fields.Enum(Exclusion, by_value=True, required=True)
    people_count = fields.Integer(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class ExcludedListOut(Schema):
    """Whom a figure leaves out, by reason."""

    items = fields.List(fields.Nested(ExcludedOut), required=True)


class TrendQuery(FilterQuery):
    """From which day on, and in which steps; `on` is the last day."""

    from_on = fields.Date(required=True)
    every = fields.Enum(Every, by_value=True, load_default=Every.MONTH)


class PointOut(Schema):
    """One day of a trend."""

    on = fields.Date(required=True)
    required_count = fields.Integer(required=True)
    covered_count = fields.Integer(required=True)
    excluded_count = fields.Integer(required=True)


class TrendOut(Schema):
    """A trend, the oldest day first."""

    items = fields.List(fields.Nested(PointOut), required=True)


class ExpiringQuery(FilterQuery):
    """Until which day."""

    until = fields.Date(required=True)


class ExpiringOut(Schema):
    """What expires in a month if nobody renews."""

    month = fields.Date(required=True)
    region_id = fields.UUID(attribute="ground", required=True)
    item = fields.String(required=True, allow_none=True)
    count = fields.Integer(required=True)


class ExpiringListOut(Schema):
    """What expires, by month, region and item."""

    items = fields.List(fields.Nested(ExpiringOut), required=True)


class CliffMonthOut(Schema):
    """What ends in a month at one place, and the seats for it."""

    month = fields.Date(required=True)
    region_id = fields.UUID(required=True)
    region_name = fields.String(required=True)
    role = fields.String(
        required=True, metadata={"description": "The role of the qualification asked for."}
    )
    item = fields.String(required=True, allow_none=True)
    expiring_count = fields.Integer(required=True)
    seat_count = fields.Integer(
        required=True, metadata={"description": "Of sittings of that month in that region."}
    )
    free_seat_count = fields.Integer(
        required=True, metadata={"description": "Not applied for by people who are new to it."}
    )
    short_count = fields.Integer(
        required=True,
        metadata={"description": "Who has found no seat by the end of the month, all months up."},
    )


class CliffOut(Schema):
    """What ends, month by month, against the seats that are planned."""

    items = fields.List(fields.Nested(CliffMonthOut), required=True)


class ChangeQuery(FilterQuery):
    """Since which day; `on` is the other."""

    from_on = fields.Date(required=True)
    known_from = fields.AwareDateTime(
        load_default=None,
        metadata={
            "description": "The earlier figure as it was known at this moment: what was learned "
            "of that day since is the cause `corrected`."
        },
    )


class CauseOut(Schema):
    """One named cause of a change."""

    cause = fields.String(required=True, validate=validate.Length(1, 40))
    people_count = fields.Integer(required=True)
    required_change = fields.Integer(required=True)
    covered_change = fields.Integer(required=True)


class ChangeOut(Schema):
    """Why a figure changed: the causes together are the change, nothing is left over."""

    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True)
    required_change = fields.Integer(required=True)
    covered_change = fields.Integer(required=True)
    causes = fields.List(fields.Nested(CauseOut), required=True)
