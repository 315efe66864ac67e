"""What goes in and out about certificates (证书的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from certificates.models import EventKind
from certificates.services.verification import Standing
from certificates.trust import KeyState
from certificates.validity import Status
from server.paging import PageQuery

REASON = validate.Length(2, 500)


class CertificateIn(Schema):
    """A certificate to issue by hand."""

    person_id = fields.UUID(required=True)
    qualification_id = fields.UUID(required=True)
    issuer_id = fields.UUID(required=True)
    valid_from = fields.Date(required=True)
    attempt_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The passed attempt it rests on, where there is one."},
    )
    reason = fields.String(
        required=True,
        validate=REASON,
        metadata={"description": "On what it is issued: the file, the decision, the exam."},
    )


class ChangeIn(Schema):
    """A change of a certificate."""

    reason = fields.String(required=True, validate=REASON)
    effective_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "The day from which it counts; today where left out."},
    )


class EventOut(Schema):
    """Something that befell a certificate."""

    sequence = fields.Integer(required=True)
    kind = fields.Enum(EventKind, by_value=True, required=True)
    effective_on = fields.Date(required=True)
    reason = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class CertificateOut(Schema):
    """A certificate, and where it stands on a day."""

    id = fields.UUID(attribute="certificate.id", required=True)
    serial = fields.String(attribute="certificate.serial", required=True)
    number = fields.String(attribute="certificate.number", required=True)
    person_id = fields.UUID(attribute="certificate.person_id", required=True)
    qualification_id = fields.UUID(attribute="certificate.qualification_id", required=True)
    issuer_id = fields.UUID(attribute="certificate.issuer_id", required=True)
    valid_from = fields.Date(
        attribute="certificate.valid_from",
        required=True,
        metadata={"description": "First day, included."},
    )
    valid_until = fields.Date(
        attribute="certificate.valid_until",
        required=True,
        metadata={"description": "Last day, included."},
    )
    review_due_on = fields.Date(
        attribute="certificate.review_due_on",
        required=True,
        allow_none=True,
        metadata={"description": "The day by which the next review must be passed; null: none."},
    )
    status = fields.Enum(Status, by_value=True, required=True)
    status_zh = fields.String(required=True)
    status_on = fields.Date(
        attribute="on", required=True, metadata={"description": "The day of the status."}
    )
    attempt_id = fields.UUID(attribute="certificate.attempt_id", required=True, allow_none=True)
    previous_id = fields.UUID(attribute="certificate.previous_id", required=True, allow_none=True)
    content = fields.Dict(
        attribute="certificate.content",
        keys=fields.String(),
        required=True,
        metadata={"description": "What it says, frozen at issue; document numbers masked."},
    )
    content_hash = fields.String(
        attribute="certificate.content_hash",
        required=True,
        metadata={"description": "SHA-256 of the content in canonical form."},
    )
    issued_at = fields.AwareDateTime(attribute="certificate.issued_at", required=True)
    events = fields.List(fields.Nested(EventOut), attribute="certificate.events", required=True)


class CertificateWithTokenOut(CertificateOut):
    """A certificate with the signed content of its QR code."""

    token = fields.String(attribute="certificate.token", required=True)


class CertificateListOut(Schema):
    """Certificates of one person."""

    items = fields.List(fields.Nested(CertificateWithTokenOut), required=True)


class DayQuery(Schema):
    """Which day is asked about."""

    on = fields.Date(
        load_default=None, metadata={"description": "Today where left out; any day else."}
    )


class CertificateQuery(PageQuery):
    """Which certificates to list."""

    person_id = fields.UUID(load_default=None)
    qualification_id = fields.UUID(load_default=None)
    issuer_id = fields.UUID(load_default=None)
    number = fields.String(load_default=None, validate=validate.Length(1, 40))
    on = fields.Date(load_default=None)


class TokenIn(Schema):
    """What was scanned from a QR code."""

    token = fields.String(required=True, validate=validate.Length(1, 2_000))


class VerificationOut(Schema):
    """The answer to somebody outside."""

    serial = fields.String(required=True)
    on = fields.Date(required=True)
    standing = fields.Enum(Standing, by_value=True, required=True)
    standing_zh = fields.String(required=True)
    stands = fields.Boolean(
        required=True, metadata={"description": "Whether one may rely on it on that day."}
    )
    since = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "From when the last change in force counts."},
    )
    number = fields.String(attribute="certificate.number", dump_default=None, allow_none=True)
    content = fields.Dict(
        keys=fields.String(),
        attribute="certificate.content",
        dump_default=None,
        allow_none=True,
        metadata={"description": "What the certificate says; null where none was issued."},
    )
    state_query = fields.Constant(
        "https://cx.mem.gov.cn",
        metadata={"description": "The state's own query, which this is not 国家查询平台."},
    )


class TokenVerificationOut(VerificationOut):
    """The answer about a genuine token."""

    genuine = fields.Constant(
        True, metadata={"description": "The signature is that of the issuer; else a refusal."}
    )


class TrustedKeyOut(Schema):
    """One key of the trust list."""

    issuer = fields.String(required=True)
    issuer_name = fields.String(required=True)
    kid = fields.String(required=True)
    jwk = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    qualifications = fields.List(fields.String(), required=True, allow_none=True)
    not_before = fields.Date(required=True)
    not_after = fields.Date(required=True, allow_none=True)
    state = fields.Enum(KeyState, by_value=True, required=True)
    status_list_uri = fields.String(required=True)


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


class RuleOut(Schema):
    """How long certificates of a role stand, between two days."""

    code = fields.String(required=True)
    kind = fields.String(required=True)
    role = fields.String(required=True)
    years = fields.Integer(required=True)
    review_every_years = fields.Integer(required=True, allow_none=True)
    reviews_end_on = fields.Date(required=True, allow_none=True)
    warn_days = fields.Integer(required=True)
    effective_from = fields.Date(required=True)
    effective_until = fields.Date(required=True, allow_none=True)
    order_zh = fields.String(required=True)
    order_en = fields.String(required=True)


class RuleListOut(Schema):
    """The rules of validity."""

    items = fields.List(fields.Nested(RuleOut), required=True)
