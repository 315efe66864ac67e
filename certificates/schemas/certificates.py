"""What goes in and out about certificates (证书的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from certificates import moves
from certificates.models import EventKind
from certificates.services.continuing import Cause
from certificates.validity import Status
from server.paging import PageQuery

#: What befell a certificate, as its holder reads it.
EVENT_ZH = {EventKind.ISSUED: "签发"} | {
    EventKind(turn.value): words for turn, words in moves.TURN_ZH.items()
}

REASON = validate.Length(2, 500)


def document() -> fields.String:
    """Return the field of the document that a decision is written down in."""
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 200),
        metadata={"description": "The document of the decision (文号)."},
    )


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
    document = document()


class ChangeIn(Schema):
    """A change of a certificate."""

    reason = fields.String(required=True, validate=REASON)
    document = document()
    effective_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "The day from which it counts; today where left out."},
    )


class GroundedIn(ChangeIn):
    """A revocation or cancellation, on a ground that the law names."""

    ground = fields.String(
        required=True,
        validate=validate.Length(1, 64),
        metadata={"description": "One of `/v1/certificate-grounds`, by its code."},
    )


class CertificateVoidingIn(Schema):
    """That a certificate was issued by mistake."""

    reason = fields.String(required=True, validate=REASON)
    document = document()


class FollowingIn(Schema):
    """A certificate that continues another."""

    certificate_id = fields.UUID(
        required=True, metadata={"description": "The id of the new one, made by who asks."}
    )
    attempt_id = fields.UUID(load_default=None, allow_none=True)
    reason = fields.String(required=True, validate=REASON)
    document = document()


class ReplacementIn(Schema):
    """A certificate that is issued again under its number."""

    certificate_id = fields.UUID(
        required=True, metadata={"description": "The id of the new one, made by who asks."}
    )
    cause = fields.Enum(Cause, by_value=True, required=True)
    reason = fields.String(required=True, validate=REASON)
    document = document()


class EventOut(Schema):
    """Something that befell a certificate."""

    sequence = fields.Integer(required=True)
    kind = fields.Enum(EventKind, by_value=True, required=True)
    effective_on = fields.Date(required=True)
    reason = fields.String(required=True)
    ground = fields.String(required=True, allow_none=True)
    document = fields.String(required=True, allow_none=True)
    by_platform = fields.Function(
        lambda event: event.by_id is None,
        required=True,
        metadata={"type": "boolean", "description": "Nobody decided it yet: a person will."},
    )
    at = fields.AwareDateTime(required=True)


class CertificateOut(Schema):
    """A certificate, and where it stands on a day."""

    id = fields.UUID(attribute="certificate.id", required=True)
    serial = fields.String(attribute="certificate.serial", required=True)
    number = fields.String(
        attribute="certificate.number",
        required=True,
        metadata={"description": "The number of its range; what is printed stands in `content`."},
    )
    edition = fields.Integer(
        attribute="certificate.edition",
        required=True,
        metadata={"description": "1 for the first under its number; a re-issue is the next."},
    )
    remark = fields.String(attribute="certificate.remark", required=True, allow_none=True)
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
    name = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "A part of the holder's name."},
    )
    ends_from = fields.Date(
        load_default=None, metadata={"description": "Whose last day is this or later."}
    )
    ends_until = fields.Date(
        load_default=None, metadata={"description": "Whose last day is this or earlier."}
    )
    on = fields.Date(load_default=None)


class UndecidedQuery(PageQuery):
    """Which of the certificates that the platform has suspended."""

    number = fields.String(load_default=None, validate=validate.Length(1, 40))
    qualification_id = fields.UUID(load_default=None)
    issuer_id = fields.UUID(load_default=None)


class CertificateNoticeOut(Schema):
    """What befell one of one's own certificates."""

    id = fields.UUID(required=True)
    certificate_id = fields.UUID(required=True)
    number = fields.String(attribute="certificate.number", required=True)
    qualification_zh = fields.Function(
        lambda event: event.certificate.content["qualification"]["name_zh"],
        required=True,
        metadata={"type": "string"},
    )
    kind = fields.Enum(EventKind, by_value=True, required=True)
    what_zh = fields.Function(
        lambda event: EVENT_ZH[event.kind], required=True, metadata={"type": "string"}
    )
    effective_on = fields.Date(required=True)
    reason = fields.String(required=True)
    document = fields.String(required=True, allow_none=True)
    by_platform = fields.Function(
        lambda event: event.by_id is None,
        required=True,
        metadata={"type": "boolean", "description": "A person still has to decide, or it was due."},
    )
    at = fields.AwareDateTime(required=True)
