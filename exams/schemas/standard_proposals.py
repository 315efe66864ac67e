"""New versions of exam standards, as they go in and out."""

from __future__ import annotations

from dataclasses import fields as columns
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from exams.dated_standards import StandardRules
from exams.eligibility import WhatFollows
from exams.schemas.standards import QualificationOut, StandardOut
from exams.services.standard_proposals import ProposalDraft
from server.paging import PageQuery

_TEXT = validate.Length(1, 1000)
_NO_LIMIT = {"description": "Null is without limit."}


def _number(low: int, high: int, **more: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(low, high), required=True, **more)


def _either(low: int, high: int, **more: Any) -> fields.Integer:
    return _number(low, high, allow_none=True, **more)


class StandardRulesSchema(Schema):
    """What a version of an exam standard says, whole: nothing is taken over unseen."""

    minutes = _number(1, 600)
    max_points = _number(10, 1000)
    pass_percent = _number(1, 100)
    partial_credit = fields.Boolean(required=True)
    attempts_allowed = _either(1, 100, metadata=_NO_LIMIT)
    what_follows = fields.Enum(WhatFollows, by_value=True, required=True)
    pass_months = _either(1, 120)
    training_hours = _number(0, 1000)
    training_hours_high_risk = _number(0, 1000)
    minimum_age = _either(14, 80)
    maximum_age = _either(14, 100)
    has_practical = fields.Boolean(required=True)
    practical_attempts = _either(1, 100, metadata=_NO_LIMIT)
    practical_what_follows = fields.Enum(WhatFollows, by_value=True, required=True)
    results_working_days = _number(
        1, 10, metadata={"description": "Ten at most, whatever is proposed."}
    )
    appeal_working_days = _number(1, 60)
    ruling_working_days = _number(1, 60)
    grace_seconds = _number(0, 10)


class StandardProposalIn(Schema):
    """A new version that is proposed."""

    qualification_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 100))
    effective_from = fields.Date(
        required=True, metadata={"description": "Its first day; it lies ahead."}
    )
    rules = fields.Nested(StandardRulesSchema, required=True)
    source = fields.String(
        required=True, validate=_TEXT, metadata={"description": "The regulation, with its number."}
    )
    article = fields.String(required=True, validate=validate.Length(1, 200))
    reason = fields.String(required=True, validate=_TEXT)

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, ProposalDraft]:
        rules = StandardRules(**data.pop("rules"))
        ids = tuple(dict.fromkeys(data.pop("qualification_ids")))
        return {"draft": ProposalDraft(rules=rules, qualification_ids=ids, **data)}


class StandardProposalOut(Schema):
    """A new version that was proposed, and what another person decided."""

    id = fields.UUID(required=True)
    qualification_ids = fields.List(fields.String(), required=True)
    effective_from = fields.Date(required=True)
    rules = fields.Dict(keys=fields.String(), required=True)
    source = fields.String(required=True)
    article = fields.String(required=True)
    reason = fields.String(required=True)
    proposed_at = fields.AwareDateTime(required=True)
    approved = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Null: not decided yet."}
    )
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_because = fields.String(required=True, allow_none=True)


class StandardProposalQuery(PageQuery):
    """Which proposals to list."""

    open_only = fields.Boolean(load_default=False)


class StandardDecisionIn(Schema):
    """What another person says of a proposal."""

    approved = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=_TEXT)


def _changed(change: Any) -> list[dict[str, Any]]:
    order = [one.name for one in columns(StandardRules)]
    return [
        {"field": name, "before": change.changes[name][0], "after": change.changes[name][1]}
        for name in order
        if name in change.changes
    ]


class QualificationChangeOut(Schema):
    """What a proposal changes for one qualification."""

    qualification = fields.Nested(QualificationOut, required=True)
    ends = fields.Nested(
        StandardOut,
        required=True,
        allow_none=True,
        metadata={"description": "The version that ends on the eve."},
    )
    changes = fields.Function(
        _changed,
        metadata={"type": "array", "items": {"type": "object"}},
    )


class TouchedExamOut(Schema):
    """An exam on the first day of the version or later."""

    id = fields.UUID(required=True, attribute="exam.id")
    name = fields.String(required=True, attribute="exam.name")
    opens_at = fields.AwareDateTime(required=True, attribute="exam.opens_at")
    candidate_count = fields.Integer(required=True)
    is_kept = fields.Boolean(
        required=True,
        metadata={"description": "Published: it keeps the version it was published with."},
    )


class StandardPreviewOut(Schema):
    """What a proposal would change, and what it leaves as it is."""

    proposal = fields.Nested(StandardProposalOut, required=True)
    changes = fields.List(fields.Nested(QualificationChangeOut), required=True)
    exams = fields.List(
        fields.Nested(TouchedExamOut), required=True, metadata={"description": "200 at most."}
    )
    kept_exam_count = fields.Integer(required=True)
    kept_candidate_count = fields.Integer(required=True)
    changed_exam_count = fields.Integer(required=True)
    changed_candidate_count = fields.Integer(required=True)
