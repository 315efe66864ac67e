"""What goes in and out about coverage (覆盖率的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from certificates.coverage import Reason
from certificates.definitions import SIZES
from certificates.models import IndicatorKind
from certificates.services.counts.walking import Standing
from server.paging import PageQuery
from server.people.roster import PostRole


class UnitQuery(Schema):
    """Which region or organisation, with all beneath it, and which day."""

    region_id = fields.UUID(load_default=None)
    organisation_id = fields.UUID(load_default=None)
    on = fields.Date(
        load_default=None, metadata={"description": "Today where left out; any day else."}
    )


class FilterQuery(UnitQuery):
    """Which posts of a unit are looked at, known when, within which borders."""

    known_at = fields.AwareDateTime(
        load_default=None,
        metadata={"description": "As it was known at this moment; left out: as it is known now."},
    )
    borders_on = fields.Date(
        load_default=None,
        metadata={"description": "The borders of this day for all days; left out: as they were."},
    )
    role = fields.Enum(PostRole, by_value=True, load_default=None)
    item = fields.String(load_default=None, validate=validate.Regexp(r"^[0-9]{1,3}\.[0-9]{1,3}\Z"))
    section = fields.String(
        load_default=None,
        validate=validate.Regexp(r"^[A-T]\Z"),
        metadata={"description": "A section of GB/T 4754."},
    )
    high_risk = fields.Boolean(load_default=None)
    size = fields.String(load_default=None, validate=validate.OneOf(list(SIZES.values())))
    department_id = fields.UUID(
        load_default=None,
        metadata={"description": "An enterprise or department in the unit, with all beneath it."},
    )
    provider_id = fields.UUID(load_default=None, metadata={"description": "Who trained last."})


class CoverageQuery(FilterQuery):
    """Which figures."""

    indicator = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "The key of one indicator; all where left out."},
    )
    plan = fields.String(
        load_default=None,
        validate=validate.Length(1, 40),
        metadata={"description": "The indicators of one plan only."},
    )
    with_parts = fields.Boolean(
        load_default=False,
        metadata={"description": "Whether the regions directly beneath are told, too."},
    )


class MissingQuery(PageQuery, FilterQuery):
    """Whose list of missing people, and which page of it."""

    reason = fields.Enum(Reason, by_value=True, load_default=None)


class BehindQuery(MissingQuery):
    """Which of the people behind a figure, and which page of them."""

    standing = fields.Enum(Standing, by_value=True, load_default=Standing.MISSING)


class IndicatorOut(Schema):
    """An indicator of a plan."""

    key = fields.String(required=True)
    version = fields.Integer(required=True)
    plan = fields.String(required=True)
    division_code = fields.String(required=True)
    kind = fields.Enum(IndicatorKind, by_value=True, required=True)
    populations = fields.List(fields.String(), required=True)
    measure = fields.String(required=True)
    target = fields.Integer(required=True)
    unit = fields.String(required=True)
    deadline = fields.Date(required=True, allow_none=True)
    quote = fields.String(required=True, metadata={"description": "The plan's own words."})


class IndicatorListOut(Schema):
    """The catalogue of indicators."""

    items = fields.List(fields.Nested(IndicatorOut), required=True)


class DefinitionOut(Schema):
    """What a figure means, in words that stand beside it."""

    counting_unit = fields.String(
        required=True,
        metadata={"description": "`person`: each person once; `organisation`: each once."},
    )
    numerator_zh = fields.String(required=True)
    numerator_en = fields.String(required=True)
    denominator_zh = fields.String(required=True)
    denominator_en = fields.String(required=True)
    excluded_zh = fields.String(required=True)
    excluded_en = fields.String(required=True)


class CoverageUnitOut(Schema):
    """The unit a figure speaks of."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["region", "organisation"]))
    name = fields.String(required=True)


class TargetOut(Schema):
    """What is to be reached: the plan's target, or a region's own."""

    target = fields.Integer(required=True)
    deadline = fields.Date(required=True, allow_none=True)
    region_id = fields.UUID(required=True, allow_none=True)


class FigureOut(Schema):
    """One indicator of one unit on one day, with what it means."""

    indicator = fields.Nested(IndicatorOut, required=True)
    unit = fields.Nested(CoverageUnitOut, required=True)
    on = fields.Date(required=True)
    required_count = fields.Integer(required=True, allow_none=True)
    covered_count = fields.Integer(required=True)
    missing_count = fields.Integer(required=True, allow_none=True)
    excluded_count = fields.Integer(required=True)
    ratio = fields.String(
        attribute="ratio_decimal",
        required=True,
        allow_none=True,
        metadata={"description": "A decimal from 0 to 1, cut off; null where nobody is required."},
    )
    shown = fields.String(
        required=True, metadata={"description": "For people: floored; — where nobody is required."}
    )
    gap = fields.Integer(
        required=True, metadata={"description": "How many more are needed to reach the target."}
    )
    pace_per_month = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "How many more per month reach the target by its deadline."},
    )
    reached = fields.Boolean(required=True, allow_none=True)
    items_required_count = fields.Integer(
        required=True, metadata={"description": "By post and required item, not by person."}
    )
    items_covered_count = fields.Integer(required=True)
    items_excluded_count = fields.Integer(required=True)
    scenario = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "`nobody_renews` for a day ahead: a forecast; null otherwise."},
    )
    target = fields.Nested(TargetOut, required=True)
    definition = fields.Nested(DefinitionOut, required=True)


class FigurePartOut(Schema):
    """An indicator of a region directly beneath; what it means stands beside the whole."""

    indicator = fields.String(attribute="figure.indicator.key", required=True)
    key = fields.String(required=True, metadata={"description": "The id of the region."})
    name = fields.String(required=True)
    required_count = fields.Integer(
        attribute="figure.required_count", required=True, allow_none=True
    )
    covered_count = fields.Integer(attribute="figure.covered_count", required=True)
    missing_count = fields.Integer(attribute="figure.missing_count", required=True, allow_none=True)
    excluded_count = fields.Integer(attribute="figure.excluded_count", required=True)
    ratio = fields.String(attribute="figure.ratio_decimal", required=True, allow_none=True)
    shown = fields.String(attribute="figure.shown", required=True)
    gap = fields.Integer(attribute="figure.gap", required=True)
    reached = fields.Boolean(attribute="figure.reached", required=True, allow_none=True)
    target = fields.Integer(attribute="figure.target.target", required=True)


class FreshnessOut(Schema):
    """How far behind the facts the sums are."""

    waiting_count = fields.Integer(required=True)
    waiting_since = fields.AwareDateTime(required=True, allow_none=True)
    known_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={
            "description": "The last moment the figures know of: sent as `known_at`, lists and"
            " parts are those of this very figure. Null where nothing was counted yet."
        },
    )
    checked_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When everybody was last counted in full; null for never."},
    )
    difference_count = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Cells in which that count found another number: 0, or an alarm."},
    )


class CoverageOut(Schema):
    """Figures of one unit on one day."""

    freshness = fields.Nested(FreshnessOut, required=True)

    items = fields.List(fields.Nested(FigureOut), required=True)
    parts = fields.List(
        fields.Nested(FigurePartOut),
        required=True,
        metadata={"description": "Regions directly beneath, where asked for; else empty."},
    )


class MissingOut(Schema):
    """Somebody who must and does not, and why."""

    subject_id = fields.UUID(required=True, metadata={"description": "Person or organisation."})
    name = fields.String(required=True)
    document_masked = fields.String(required=True, allow_none=True)
    reason = fields.Enum(Reason, by_value=True, required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    role = fields.String(required=True, allow_none=True)
    item = fields.String(required=True, allow_none=True)
    since = fields.Date(required=True, allow_none=True)


class BehindOut(MissingOut):
    """Somebody behind a figure: covered, missing and why, or not due yet."""

    standing = fields.Enum(Standing, by_value=True, required=True)
    reason = fields.Enum(Reason, by_value=True, required=True, allow_none=True)


class CoverageCheckOut(Schema):
    """A full count of everybody, and the cells in which the sums differed from it."""

    checked_at = fields.AwareDateTime(required=True)
    seconds = fields.Integer(required=True)
    cell_count = fields.Integer(required=True)
    differences = fields.List(
        fields.Dict(), required=True, metadata={"description": "Empty, or there is an alarm."}
    )
