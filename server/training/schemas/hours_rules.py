"""What goes in and out about hours that authorities ask for (学时规定的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.paging import DAYS, PageQuery
from server.people.roster import PostRole
from server.records.entries import InductionLevel
from server.training.kinds import TrainingType
from server.training.schemas.hours import Hours
from server.training.schemas.providers import NAME
from server.training.services.hours_rules import HoursRuleDraft


class HoursRuleIn(Schema):
    """Hours that an authority asks for in its region."""

    authority_id = fields.UUID(
        required=True, metadata={"description": "It holds in the region of this authority."}
    )
    type = fields.Enum(TrainingType, by_value=True, required=True)
    roles = fields.List(
        fields.Enum(PostRole, by_value=True), required=True, validate=validate.Length(1, 20)
    )
    high_risk = fields.Boolean(
        load_default=None,
        allow_none=True,
        metadata={"description": "Null: high-risk industries and all others alike."},
    )
    construction = fields.Boolean(load_default=None, allow_none=True)
    level = fields.Enum(InductionLevel, by_value=True, load_default=None, allow_none=True)
    hours = Hours(required=True, attribute="tenths")
    from_on = fields.Date(required=True, validate=DAYS)
    law = fields.String(
        required=True,
        validate=NAME,
        metadata={"description": "The document, with its number (文件名称和文号)."},
    )
    article = fields.String(load_default="", validate=validate.Length(max=100))

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> HoursRuleDraft:
        """Hand the view what the service asks for."""
        return HoursRuleDraft(**values | {"roles": tuple(values["roles"])})


class HoursRuleEndIn(Schema):
    """From when a rule no longer counts, and why."""

    until_on = fields.Date(
        required=True,
        validate=DAYS,
        metadata={
            "description": "The first day on which it no longer counts; its own first day takes "
            "back what was never right."
        },
    )
    reason = fields.String(required=True, validate=validate.Length(4, 500))


class HoursRuleOut(Schema):
    """Hours that an authority asks for."""

    id = fields.UUID(required=True)
    authority_id = fields.UUID(required=True)
    type = fields.Enum(TrainingType, by_value=True, required=True)
    roles = fields.List(fields.String(), required=True)
    high_risk = fields.Boolean(required=True, allow_none=True)
    construction = fields.Boolean(required=True, allow_none=True)
    level = fields.Enum(InductionLevel, by_value=True, required=True, allow_none=True)
    hours = Hours(required=True, attribute="tenths")
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True, allow_none=True)
    law = fields.String(required=True)
    article = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    entered_at = fields.AwareDateTime(required=True)


class HoursRuleQuery(PageQuery):
    """Which rules to list."""

    type = fields.Enum(TrainingType, by_value=True, load_default=None)
    authority_id = fields.UUID(load_default=None)
    on = fields.Date(
        load_default=None, validate=DAYS, metadata={"description": "In force on this day."}
    )
