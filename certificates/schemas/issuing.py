"""What goes in and out about issuers, kinds and rules (发证机关与规则的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from certificates.numbering import Numbering
from certificates.validity import Turn
from server.paging import DAYS, PageQuery
from server.people.roster import PostRole


class IssuerIn(Schema):
    """An authority to register as an issuer."""

    organisation_id = fields.UUID(required=True)
    code = fields.String(required=True, validate=validate.Regexp(r"^[0-9A-Z]{2,12}\Z"))
    qualifications = fields.List(
        fields.String(validate=validate.Length(1, 64)),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=200),
        metadata={"description": "Codes of what it may certify; null for everything."},
    )


class IssuerOut(Schema):
    """An issuer."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    name = fields.String(attribute="organisation.name", required=True)
    code = fields.String(required=True)
    qualifications = fields.List(fields.String(), required=True, allow_none=True)
    registered_at = fields.AwareDateTime(required=True)


class IssuerQuery(PageQuery):
    """Which issuers to list."""

    text = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "A part of the name, or the code."},
    )


class RuleQuery(Schema):
    """Which rules of validity."""

    role = fields.Enum(PostRole, by_value=True, load_default=None)
    in_force_on = fields.Date(load_default=None, validate=DAYS)


class CertificateRuleIn(Schema):
    """A kind of certificate of an issuer's own, between two days."""

    code = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{2,62}\Z"))
    kind = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{2,62}\Z"))
    kind_zh = fields.String(required=True, validate=validate.Length(2, 100))
    kind_en = fields.String(required=True, validate=validate.Length(2, 200))
    letters = fields.String(required=True, validate=validate.Regexp(r"^[A-Z]{1,3}\Z"))
    role = fields.Enum(PostRole, by_value=True, required=True)
    qualification_code = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(1, 64)
    )
    numbering = fields.Enum(Numbering, by_value=True, load_default=Numbering.RANGE)
    years = fields.Integer(required=True, strict=True, validate=validate.Range(1, 60))
    review_every_years = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 30)
    )
    reviews_end_on = fields.Date(load_default=None, allow_none=True)
    warn_days = fields.Integer(load_default=60, strict=True, validate=validate.Range(0, 1_000))
    renewal_window_days = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 3_000)
    )
    extendable = fields.Boolean(load_default=False)
    two_to_lift = fields.Boolean(load_default=True)
    effective_from = fields.Date(required=True)
    effective_until = fields.Date(load_default=None, allow_none=True)
    order_zh = fields.String(required=True, validate=validate.Length(2, 300))
    order_en = fields.String(required=True, validate=validate.Length(2, 300))


class CertificateRuleOut(CertificateRuleIn):
    """How long certificates of a role stand, between two days."""

    id = fields.UUID(required=True)
    issuer_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "For whose certificates alone it counts; null for all."},
    )


class RuleListOut(Schema):
    """The rules of validity."""

    items = fields.List(fields.Nested(CertificateRuleOut), required=True)


class GroundOut(Schema):
    """For what a certificate is revoked or cancelled, and what follows."""

    code = fields.String(required=True)
    turn = fields.Enum(Turn, by_value=True, required=True)
    role = fields.String(required=True, allow_none=True)
    bar_years = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Years for which the holder may not apply again."},
    )
    effective_from = fields.Date(required=True)
    effective_until = fields.Date(required=True, allow_none=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    source_zh = fields.String(required=True)


class GroundListOut(Schema):
    """The grounds."""

    items = fields.List(fields.Nested(GroundOut), required=True)


class NumberGapsOut(Schema):
    """A number range, and the places that no certificate has: none, unless somebody meddled."""

    issuer_code = fields.String(required=True)
    year = fields.Integer(required=True)
    letters = fields.String(required=True)
    last_place = fields.Integer(required=True)
    missing = fields.List(fields.Integer(), required=True)


class NumberAuditOut(Schema):
    """The number ranges one may see."""

    items = fields.List(fields.Nested(NumberGapsOut), required=True)
