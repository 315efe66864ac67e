"""Late responses and what was decided about them, for examiners."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from exams import sync
from server.paging import PageQuery


class DecisionIn(Schema):
    """Whether the late responses of an attempt count, and why."""

    admitted = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class DecisionOut(DecisionIn):
    """What was decided; the original outcome stays in it."""

    id = fields.UUID(required=True)
    attempt_id = fields.UUID(required=True)
    decided_at = fields.AwareDateTime(required=True)
    score_before = fields.String(required=True)
    passed_before = fields.Boolean(required=True)
    score_with = fields.String(
        required=True, metadata={"description": "With the late responses; the better one stands."}
    )
    passed_with = fields.Boolean(required=True)


class LateEntryOut(Schema):
    """One late response."""

    slot = fields.Integer(required=True)
    chosen = fields.Function(
        serialize=lambda entry: sync.options(entry.chosen),
        metadata={"type": "array", "items": {"type": "integer"}},
    )
    sequence = fields.Integer(required=True)
    epoch = fields.Integer(required=True)
    received_at = fields.AwareDateTime(required=True)


class LateQuery(PageQuery):
    """Which attempts with late responses to list."""

    open_only = fields.Boolean(
        load_default=False, metadata={"description": "Only those that nobody decided about."}
    )


class LateAttemptOut(Schema):
    """An attempt with late responses."""

    attempt_id = fields.UUID(required=True, attribute="attempt.id")
    candidate_id = fields.UUID(required=True, attribute="attempt.candidate_id")
    candidate_name = fields.String(required=True, attribute="attempt.candidate.name")
    document_masked = fields.String(required=True, attribute="attempt.candidate.document_masked")
    deadline_at = fields.AwareDateTime(required=True, attribute="attempt.deadline_at")
    submitted_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="attempt.submitted_at"
    )
    entries = fields.List(fields.Nested(LateEntryOut), required=True)
    decision = fields.Nested(
        DecisionOut,
        required=True,
        allow_none=True,
        metadata={"description": "The last one; null where none was taken."},
    )
