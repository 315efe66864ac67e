"""What goes in and out when somebody outside verifies (查验的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from certificates.moves import STATUS_ZH
from certificates.services.verification import STATE_QUERY, Standing
from certificates.trust import KeyState
from certificates.validity import Status


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
        STATE_QUERY,
        metadata={"description": "The state's own query, which this is not 国家查询平台."},
    )


class PhaseOut(Schema):
    """Days on end on which a certificate stands alike."""

    status = fields.Enum(Status, by_value=True, required=True)
    status_zh = fields.Function(
        lambda phase: STATUS_ZH[phase.status], required=True, metadata={"type": "string"}
    )
    since = fields.Date(
        required=True, allow_none=True, metadata={"description": "The first day; null: always."}
    )
    until = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "The last day, included; null: for ever, as things are."},
    )


class TimelineOut(Schema):
    """The whole life of a certificate: every day lies in exactly one phase."""

    serial = fields.String(required=True)
    phases = fields.List(
        fields.Nested(PhaseOut),
        required=True,
        metadata={"description": "In their order; empty where none was ever issued."},
    )


class NumberIn(Schema):
    """A printed number, and the name of the holder."""

    number = fields.String(required=True, validate=validate.Length(2, 64))
    name = fields.String(required=True, validate=validate.Length(1, 100))


class NumberVerificationOut(Schema):
    """What was issued under a number to somebody of that name; nothing for either unknown."""

    items = fields.List(fields.Nested(VerificationOut), required=True)
    state_query = fields.Constant(STATE_QUERY)


class CredentialIn(Schema):
    """A credential that somebody shows."""

    credential = fields.String(
        required=True,
        validate=validate.Length(1, 20_000),
        metadata={"description": "A VC-JWT, or JSON with a Data Integrity proof."},
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
