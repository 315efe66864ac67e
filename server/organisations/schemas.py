"""What goes in and out about organisations (单位的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.audit.schemas import WhyIn
from server.organisations.drafts import Draft, EnterpriseSize, OrganisationKind
from server.paging import PageQuery


class OrganisationIn(Schema):
    """An organisation to register or correct."""

    kind = fields.Enum(OrganisationKind, by_value=True, required=True)
    name = fields.String(required=True, validate=validate.Length(1, 200))
    credit_code = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 40),
        metadata={"description": "Unified social credit code; needed by all but authorities."},
    )
    industry = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(r"^[0-9]{2,4}\Z"),
        metadata={"description": "GB/T 4754-2017: division, group or class, such as `26`."},
    )
    is_high_risk = fields.Boolean(
        load_default=None,
        allow_none=True,
        metadata={"description": "Left out: the industry's mark decides."},
    )
    size = fields.Enum(
        EnterpriseSize,
        by_value=True,
        load_default=None,
        allow_none=True,
        metadata={"description": "Of an enterprise, by the statistical classes of 2017."},
    )
    region_id = fields.UUID(load_default=None, allow_none=True)
    parent_id = fields.UUID(load_default=None, allow_none=True)

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand the view what the service asks for."""
        return {"draft": Draft(**values)}


class MoveIn(WhyIn):
    """Where an organisation is to hang, and why."""

    parent_id = fields.UUID(required=True, allow_none=True)


class OrganisationOut(Schema):
    """An organisation."""

    id = fields.UUID(required=True)
    kind = fields.Enum(OrganisationKind, by_value=True, required=True)
    name = fields.String(required=True)
    credit_code = fields.String(required=True, allow_none=True)
    industry = fields.String(required=True, allow_none=True)
    industry_name_zh = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of the industry or, where only its division is kept, of that."},
    )
    industry_name_en = fields.String(required=True, allow_none=True)
    section = fields.String(required=True, allow_none=True)
    division = fields.String(required=True, allow_none=True)
    is_high_risk = fields.Boolean(required=True)
    size = fields.Enum(EnterpriseSize, by_value=True, required=True, allow_none=True)
    region_id = fields.UUID(required=True)
    parent_id = fields.UUID(required=True, allow_none=True)
    path = fields.String(required=True, metadata={"description": "From the root to itself."})
    registered_at = fields.AwareDateTime(required=True)


class OrganisationQuery(PageQuery):
    """Which organisations to list."""

    kind = fields.Enum(OrganisationKind, by_value=True, load_default=None)
    name = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "A part of the name."},
    )
    credit_code = fields.String(load_default=None, validate=validate.Length(1, 40))
    region_id = fields.UUID(
        load_default=None, metadata={"description": "In this region or beneath it."}
    )
    industry = fields.String(
        load_default=None,
        validate=validate.Regexp(r"^[0-9]{2,4}\Z"),
        metadata={"description": "In this division, group or class of GB/T 4754."},
    )
    is_high_risk = fields.Boolean(load_default=None)
    size = fields.Enum(EnterpriseSize, by_value=True, load_default=None)
    parent_id = fields.UUID(load_default=None, metadata={"description": "Directly under this."})
    under_id = fields.UUID(load_default=None, metadata={"description": "This and all beneath."})
