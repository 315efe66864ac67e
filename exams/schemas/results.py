"""Outcomes as candidates look them up and have them explained; what is overdue."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from exams.schemas.attempts import OutcomeOut
from exams.services.paper_prints import PrintFor
from server.people.documents import DocumentType


class LookupIn(Schema):
    """Whose outcomes are looked up. In a body, never in an address."""

    document_type = fields.Enum(
        DocumentType, by_value=True, load_default=DocumentType.RESIDENT_IDENTITY_CARD
    )
    document_number = fields.String(required=True, validate=validate.Length(1, 40))
    name = fields.String(required=True, validate=validate.Length(1, 100))


class FoundOut(Schema):
    """An outcome that is shown."""

    exam = fields.String(required=True)
    practical = fields.Boolean(required=True)
    held_at = fields.AwareDateTime(required=True)
    score = fields.String(required=True)
    max_score = fields.String(required=True)
    passed = fields.Boolean(required=True)
    released_at = fields.AwareDateTime(required=True)


class LookupOut(Schema):
    """The outcomes found, the newest first."""

    items = fields.List(fields.Nested(FoundOut), required=True)


class OutcomePartOut(Schema):
    """A section or a topic of an outcome."""

    name = fields.String(required=True)
    question_count = fields.Integer(required=True)
    right_count = fields.Integer(required=True)
    score = fields.String(required=True)
    max_score = fields.String(required=True)


class ExplanationOut(Schema):
    """What an outcome is made of: no question and no key."""

    outcome = fields.Nested(OutcomeOut, required=True)
    sections = fields.List(fields.Nested(OutcomePartOut), required=True)
    topics = fields.List(fields.Nested(OutcomePartOut), required=True)


class OverdueOut(Schema):
    """An outcome that should have been shown."""

    kind = fields.String(required=True, metadata={"description": "attempt or practical"})
    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    qualification_id = fields.UUID(required=True)
    held_on = fields.Date(required=True)
    due_on = fields.Date(required=True)
    late_days = fields.Integer(required=True, metadata={"description": "Working days since."})


class OverduesOut(Schema):
    """What is overdue, the oldest first; at most 500."""

    items = fields.List(fields.Nested(OverdueOut), required=True)


class PrintIn(Schema):
    """What is printed for whom, and why."""

    copies_for = fields.Enum(
        PrintFor,
        by_value=True,
        load_default=PrintFor.FORMS,
        metadata={"description": "Each form once, or each candidate in an order of their own."},
    )
    reason = fields.String(required=True, validate=validate.Length(1, 1000))
