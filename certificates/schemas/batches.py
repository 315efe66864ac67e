"""What goes in and out about batches of certificates (批量发证的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from certificates import sampling
from certificates.models import Verdict
from certificates.schemas.certificates import REASON, document
from certificates.services.prints import Form
from server.paging import PageQuery


class BatchIn(Schema):
    """Certificates proposed for many: for people by name, or for who passed an exam."""

    issuer_id = fields.UUID(required=True)
    qualification_id = fields.UUID(required=True)
    valid_from = fields.Date(required=True)
    reason = fields.String(required=True, validate=REASON)
    document = document()
    people = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=sampling.MOST_LINES),
        metadata={"description": "Their ids, in the order of their numbers."},
    )
    exam_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "Instead: all who passed it and have no certificate of it."},
    )

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data.get("people")) is (data.get("exam_id") is not None):
            raise ValidationError("Name people or an exam, and not both.", "people")


class InspectionIn(Schema):
    """What was found at a line that was drawn."""

    sound = fields.Boolean(required=True)
    note = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 500))


class BatchDecisionIn(Schema):
    """Why a batch is approved or rejected."""

    reason = fields.String(required=True, validate=REASON)


class WholePrintIn(Schema):
    """What is printed with the whole document number, and why."""

    form = fields.Enum(
        Form,
        by_value=True,
        required=True,
        validate=validate.OneOf([Form.PAGES, Form.CARDS]),
        metadata={"description": "A signed page, or a card."},
    )
    reason = fields.String(required=True, validate=validate.Length(1, 500))


class BatchPrintIn(Schema):
    """What is printed of a batch."""

    form = fields.Enum(Form, by_value=True, required=True)
    first = fields.Integer(load_default=1, validate=validate.Range(1, sampling.MOST_LINES))
    last = fields.Integer(
        load_default=sampling.MOST_LINES,
        validate=validate.Range(1, sampling.MOST_LINES),
        metadata={
            "description": "At most 500 places as pages, 1,000 as cards; what is over waits."
        },
    )


class BatchQuery(PageQuery):
    """Which batches of one's issuers."""

    issuer_id = fields.UUID(load_default=None)
    qualification_id = fields.UUID(load_default=None)
    decided = fields.Boolean(
        load_default=None, metadata={"description": "False: those that await their approval."}
    )
    verdict = fields.Enum(Verdict, by_value=True, load_default=None)


class BatchLineQuery(PageQuery):
    """Which lines are listed."""

    sampled = fields.Boolean(load_default=None, allow_none=True)
    refused = fields.Boolean(load_default=None, allow_none=True)


class BatchLineOut(Schema):
    """One person of a batch."""

    place = fields.Integer(required=True)
    person_id = fields.UUID(required=True)
    name = fields.String(attribute="person.name", required=True)
    document_masked = fields.String(attribute="person.document_masked", required=True)
    attempt_id = fields.UUID(required=True, allow_none=True)
    certificate_id = fields.UUID(required=True)
    sampled = fields.Boolean(required=True)
    sound = fields.Boolean(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    refusal = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The code of what stands in the way of it, or null."},
    )
    done_at = fields.AwareDateTime(required=True, allow_none=True)


class BatchOut(Schema):
    """A batch, and what became of it."""

    id = fields.UUID(required=True)
    issuer_id = fields.UUID(required=True)
    qualification_id = fields.UUID(required=True)
    exam_id = fields.UUID(required=True, allow_none=True)
    valid_from = fields.Date(required=True)
    reason = fields.String(required=True)
    document = fields.String(required=True, allow_none=True)
    line_count = fields.Integer(required=True)
    proposed_at = fields.AwareDateTime(required=True)
    verdict = fields.Enum(Verdict, by_value=True, required=True, allow_none=True)
    verdict_reason = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    job_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "The job that issues it; whoever approved it may watch it."},
    )


class BatchWithCountsOut(Schema):
    """A batch with what became of its lines."""

    batch = fields.Nested(BatchOut, required=True)
    sampled_count = fields.Integer(required=True)
    inspected_count = fields.Integer(required=True)
    refused_count = fields.Integer(required=True)
    issued_count = fields.Integer(required=True)
