"""What goes in and out about indicators and targets (指标与目标的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from certificates.coverage_ranking import CONFIDENCE
from certificates.definitions import Basis, Subject
from certificates.models import IndicatorKind
from certificates.schemas.coverage import FigureOut, IndicatorOut
from certificates.services.revising import Draft
from server.paging import DAYS, PageQuery
from server.people.roster import PostRole

_NAME = validate.Regexp(r"^[a-z0-9][a-z0-9_\-]{0,99}\Z")
_WORDS = validate.Length(1, 500)


class PopulationIn(Schema):
    """Who is counted: people in such posts, or organisations, narrowed as far as is said."""

    name = fields.String(required=True, validate=_NAME)
    subject = fields.String(
        load_default=Subject.PERSON.value, validate=validate.OneOf([each.value for each in Subject])
    )
    roles = fields.List(
        fields.String(validate=validate.OneOf([each.value for each in PostRole])),
        load_default=list,
    )
    industry = fields.String(
        load_default=None,
        validate=_NAME,
        metadata={"description": "A branch of high-risk industry, such as `coal_mining`."},
    )
    industries = fields.List(
        fields.String(validate=validate.Regexp(r"^[0-9]{2,4}\Z")),
        load_default=list,
        metadata={"description": "Beginnings of codes of GB/T 4754-2017."},
    )
    high_risk = fields.Boolean(load_default=None, allow_none=True)
    sizes = fields.List(
        fields.String(validate=validate.OneOf(["large", "medium", "small", "micro"])),
        load_default=list,
        metadata={"description": "Enterprise sizes; empty for all."},
    )
    region_ids = fields.List(
        fields.UUID(),
        load_default=list,
        metadata={"description": "Only in these regions, with all beneath them; empty for all."},
    )
    zh = fields.String(required=True, validate=_WORDS)
    en = fields.String(required=True, validate=_WORDS)


class PartOfMeasureIn(Schema):
    """One fact that may be asked for."""

    basis = fields.String(required=True, validate=validate.OneOf([each.value for each in Basis]))
    purposes = fields.List(fields.String(validate=_NAME))
    roles = fields.List(fields.String(validate=_NAME))
    name = fields.String(validate=validate.Length(1, 40))
    within_years = fields.Integer(strict=True, validate=validate.Range(1, 50))
    calendar_year = fields.Boolean()


class MeasureIn(Schema):
    """What counts as covered: of every group, at least one part must hold."""

    all_of = fields.List(
        fields.List(fields.Nested(PartOfMeasureIn), validate=validate.Length(1, 10)),
        required=True,
        validate=validate.Length(1, 5),
    )
    grace = fields.Boolean(required=True)
    zh = fields.String(required=True, validate=_WORDS)
    en = fields.String(required=True, validate=_WORDS)


class IndicatorIn(Schema):
    """What an indicator is to count from some day on."""

    key = fields.String(required=True, validate=_NAME)
    plan = fields.String(required=True, validate=_NAME)
    division_code = fields.String(required=True, validate=validate.Length(6, 12))
    kind = fields.Enum(IndicatorKind, by_value=True, required=True)
    populations = fields.List(
        fields.Nested(PopulationIn), required=True, validate=validate.Length(1, 10)
    )
    measure = fields.Nested(MeasureIn, required=True)
    target = fields.Integer(required=True, strict=True, validate=validate.Range(0, 10_000_000))
    unit = fields.String(required=True, validate=validate.OneOf(["percent", "people"]))
    deadline = fields.Date(load_default=None, allow_none=True)
    quote = fields.String(
        required=True, validate=_WORDS, metadata={"description": "The plan's own words."}
    )
    effective_from = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "Days before it stay as the version before says."},
    )

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> Draft:
        """Return it as the service takes it."""
        populations = [
            {**each, "region_ids": [str(one) for one in each["region_ids"]]}
            for each in values.pop("populations")
        ]
        definition = {"populations": populations, "measure": values.pop("measure")}
        return Draft(definition=definition, **values)


class IndicatorPreviewIn(IndicatorIn):
    """A definition to try, and where."""

    region_id = fields.UUID(required=True)
    on = fields.Date(load_default=None)

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> Any:
        """Return what is tried, where and for which day."""
        region_id, on = values.pop("region_id"), values.pop("on")
        return {"draft": super().as_draft(values), "region_id": region_id, "on": on}


class IndicatorPreviewOut(Schema):
    """What a definition would give."""

    required_count = fields.Integer(required=True)
    covered_count = fields.Integer(required=True)
    missing_count = fields.Integer(required=True)
    excluded_count = fields.Integer(required=True)
    ratio = fields.String(required=True, allow_none=True)
    shown = fields.String(required=True)


class IndicatorVersionOut(IndicatorOut):
    """A version of an indicator, with what it counts."""

    id = fields.UUID(required=True)
    effective_from = fields.Date(required=True, allow_none=True)
    made_at = fields.AwareDateTime(required=True, allow_none=True)


class IndicatorVersionListOut(Schema):
    """Every version of an indicator, the oldest first."""

    items = fields.List(fields.Nested(IndicatorVersionOut), required=True)


class IndicatorQuery(Schema):
    """Which indicators."""

    plan = fields.String(load_default=None, validate=_NAME)
    kind = fields.Enum(IndicatorKind, by_value=True, load_default=None)


class CoverageTargetQuery(PageQuery):
    """Which targets of regions."""

    indicator = fields.String(load_default=None, validate=_NAME)
    region_id = fields.UUID(
        load_default=None, metadata={"description": "Of this region or one beneath it."}
    )
    in_force_on = fields.Date(
        load_default=None,
        validate=DAYS,
        metadata={"description": "Only the one that counts on this day, of each region."},
    )


class CoverageTargetIn(Schema):
    """What a region wants to reach, from some day on."""

    indicator = fields.String(required=True, validate=_NAME)
    region_id = fields.UUID(required=True)
    from_on = fields.Date(required=True)
    target = fields.Integer(required=True, strict=True, validate=validate.Range(0, 10_000_000))
    deadline = fields.Date(load_default=None, allow_none=True)


class CoverageTargetOut(CoverageTargetIn):
    """A target of a region."""

    id = fields.UUID(required=True)
    indicator = fields.String(required=True, attribute="indicator_key")
    deadline = fields.Date(required=True, allow_none=True)


class RankedOut(Schema):
    """A unit in a ranking, and how sure its place is."""

    place = fields.Integer(required=True)
    best_place = fields.Integer(
        required=True,
        metadata={"description": f"No unit certainly better lies before it ({CONFIDENCE})."},
    )
    worst_place = fields.Integer(required=True)
    low = fields.String(required=True, metadata={"description": "Wilson's interval: its low end."})
    high = fields.String(required=True)
    key = fields.String(required=True)
    name = fields.String(required=True)
    figure = fields.Nested(FigureOut, required=True)


class RankingOut(Schema):
    """Units by their share, the best first; those that require nobody are left out."""

    items = fields.List(fields.Nested(RankedOut), required=True)
