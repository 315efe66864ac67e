"""What goes in and out about applications for certificates (证书申请的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from certificates.applying import Purpose, State, Step
from certificates.schemas.certificates import REASON, document
from server.paging import PageQuery


class ApplicationIn(Schema):
    """What one applies for."""

    issuer_id = fields.UUID(required=True)
    qualification_id = fields.UUID(required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    certificate_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The certificate it is about; none for a first one."},
    )
    attempt_id = fields.UUID(load_default=None, allow_none=True)
    documents = fields.List(
        fields.String(validate=validate.Length(1, 200)),
        load_default=list,
        validate=validate.Length(max=20),
        metadata={"description": "What is handed in, such as 健康证明."},
    )


class ApplicationQuery(PageQuery):
    """Which applications of one's issuers."""

    name = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "A part of the applicant's name."},
    )
    purpose = fields.Enum(Purpose, by_value=True, load_default=None)
    qualification_id = fields.UUID(load_default=None)
    issuer_id = fields.UUID(load_default=None)
    state = fields.Enum(
        State,
        by_value=True,
        load_default=None,
        metadata={"description": "Where it stands today; silence may have accepted it."},
    )


class ApplicationStepIn(Schema):
    """What is said of an application."""

    reason = fields.String(required=True, validate=REASON)
    document = document()


class ApplicationGrantIn(ApplicationStepIn):
    """That it is granted."""

    certificate_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The id of the certificate that is issued, made by who asks."},
    )


class ApplicationStepOut(Schema):
    """Something that was done about an application."""

    sequence = fields.Integer(required=True)
    step = fields.Enum(Step, by_value=True, required=True)
    reason = fields.String(required=True)
    document = fields.String(required=True, allow_none=True)
    certificate_id = fields.UUID(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)


class CertificateApplicationReachOut(Schema):
    """What an applicant has besides what is applied for."""

    certificate_count = fields.Integer(
        required=True,
        metadata={"description": "Certificates of the qualification that hold today."},
    )
    certified_until = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "The last day of the one that ends last."},
    )
    open_application_count = fields.Integer(
        required=True, metadata={"description": "Other applications that are still open."}
    )


class ApplicationOut(Schema):
    """An application, where it stands, and by when what is due."""

    id = fields.UUID(attribute="application.id", required=True)
    person_id = fields.UUID(attribute="application.person_id", required=True)
    name = fields.String(attribute="application.person.name", required=True)
    issuer_id = fields.UUID(attribute="application.issuer_id", required=True)
    qualification_id = fields.UUID(attribute="application.qualification_id", required=True)
    purpose = fields.Enum(Purpose, by_value=True, attribute="application.purpose", required=True)
    certificate_id = fields.UUID(
        attribute="application.certificate_id", required=True, allow_none=True
    )
    documents = fields.List(fields.String(), attribute="application.documents", required=True)
    submitted_at = fields.AwareDateTime(attribute="application.submitted_at", required=True)
    state = fields.Enum(State, by_value=True, required=True)
    state_zh = fields.String(required=True)
    accept_by = fields.Date(
        required=True,
        metadata={"description": "After this day, silence has accepted it."},
    )
    accepted_on = fields.Date(required=True, allow_none=True)
    decide_by = fields.Date(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)
    steps = fields.List(
        fields.Nested(ApplicationStepOut), attribute="application.steps", required=True
    )
