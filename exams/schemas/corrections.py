"""Regrades, corrections and the history of outcomes, as they go in and out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from exams.regrading import Cause, RegradeState, Remedy
from exams.schemas.score_sheets import EXACT
from exams.services.regrades import RegradeDraft
from question_bank.kinds import Kind
from server.paging import PageQuery

REASON = validate.Length(1, 1000)
KEY = fields.List(
    fields.String(validate=validate.Length(1, 2)),
    load_default=list,
    validate=validate.Length(max=20),
    metadata={"description": "Labels as the version was written; empty unless corrected."},
)


class RegradeIn(Schema):
    """What is to be done about a question that was asked with a wrong key."""

    version_id = fields.UUID(required=True, metadata={"description": "The version asked."})
    remedy = fields.Enum(Remedy, by_value=True, required=True)
    key = KEY
    reason = fields.String(required=True, validate=REASON)

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, RegradeDraft]:
        return {"draft": RegradeDraft(**{**data, "key": tuple(data["key"])})}


class RegradeSumsOut(Schema):
    """What a regrade would change, in numbers."""

    attempts = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    to_pass = fields.Integer(required=True)
    to_fail = fields.Integer(required=True)
    left = fields.Integer(
        required=True, metadata={"description": "Set by people before: left alone."}
    )


class RegradeApprovalOut(Schema):
    """One person's word."""

    person_id = fields.UUID(required=True)
    approved = fields.Boolean(required=True)
    reason = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class RegradeOut(Schema):
    """A regrade."""

    id = fields.UUID(required=True)
    version_id = fields.UUID(required=True)
    remedy = fields.Enum(Remedy, by_value=True, required=True)
    key = fields.List(fields.String(), required=True)
    reason = fields.String(required=True)
    appeal_id = fields.UUID(required=True, allow_none=True)
    proposed_by_id = fields.UUID(required=True)
    proposed_at = fields.AwareDateTime(required=True)
    state = fields.Enum(RegradeState, by_value=True, required=True)
    preview = fields.Nested(RegradeSumsOut, required=True, allow_none=True)
    previewed_at = fields.AwareDateTime(required=True, allow_none=True)
    applied_at = fields.AwareDateTime(required=True, allow_none=True)
    approvals = fields.List(fields.Nested(RegradeApprovalOut), required=True)


class RegradeQuery(PageQuery):
    """Which regrades to list."""

    state = fields.Enum(RegradeState, by_value=True, load_default=None)


class AskedQuestionQuery(PageQuery):
    """Which questions that were asked to list."""

    words = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "A part of the stem."},
    )
    version_id = fields.UUID(load_default=None)
    exam_id = fields.UUID(load_default=None)
    attempt_id = fields.UUID(load_default=None)


class AskedOptionOut(Schema):
    """An option as the version was written."""

    label = fields.String(required=True)
    text = fields.String(required=True)


class AskedQuestionOut(Schema):
    """A version of a question that was asked in an exam. Never its key."""

    id = fields.UUID(required=True, metadata={"description": "Of the version."})
    number = fields.Integer(required=True, metadata={"description": "Of the version, from 1."})
    kind = fields.Enum(Kind, by_value=True, required=True)
    stem = fields.String(required=True)
    options = fields.List(fields.Nested(AskedOptionOut), required=True)
    topic = fields.String(required=True, allow_none=True)


class RegradeEffectOut(Schema):
    """What would become of one attempt."""

    attempt_id = fields.UUID(required=True)
    candidate_name = fields.String(required=True, attribute="attempt.candidate.name")
    document_masked = fields.String(required=True, attribute="attempt.candidate.document_masked")
    score_before = fields.String(required=True)
    score_after = fields.String(required=True)
    max_before = fields.String(required=True)
    max_after = fields.String(required=True)
    passed_before = fields.Boolean(required=True)
    passed_after = fields.Boolean(required=True)


class RegradeEffectQuery(PageQuery):
    """Which effects of a regrade to list."""

    flips = fields.Boolean(
        load_default=None,
        metadata={"description": "Whether passed becomes failed, or failed passed."},
    )


class RegradeDecisionIn(Schema):
    """Approve or reject; with the second approval the job is asked for under `job_id`."""

    approved = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=REASON)
    job_id = fields.UUID(required=True)


class ScoreCorrectionIn(Schema):
    """A score that should be another."""

    attempt_id = fields.UUID(load_default=None, allow_none=True)
    practical_id = fields.UUID(load_default=None, allow_none=True)
    score = fields.String(required=True, validate=EXACT)
    reason = fields.String(required=True, validate=REASON)

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: object) -> None:
        if (data["attempt_id"] is None) is (data["practical_id"] is None):
            raise ValidationError("Either an attempt or a practical.", "attempt_id")

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return {**data, "score": Fraction(data["score"])}


class ScoreCorrectionOut(Schema):
    """A correction, and what the second person said."""

    id = fields.UUID(required=True)
    attempt_id = fields.UUID(required=True, allow_none=True)
    practical_id = fields.UUID(required=True, allow_none=True)
    score = fields.String(required=True)
    reason = fields.String(required=True)
    proposed_by_id = fields.UUID(required=True)
    proposed_at = fields.AwareDateTime(required=True)
    decided_by_id = fields.UUID(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    approved = fields.Boolean(required=True, allow_none=True)
    decision_reason = fields.String(required=True, allow_none=True)


class ScoreDecisionIn(Schema):
    """Whether the second person agrees, and why."""

    approved = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=REASON)


class OutcomeChangeOut(Schema):
    """An outcome as it was, and as it became."""

    id = fields.UUID(required=True, metadata={"description": "Of the correction and its letter."})
    cause = fields.Enum(Cause, by_value=True, required=True)
    score_before = fields.String(required=True)
    score_after = fields.String(required=True)
    max_before = fields.String(required=True)
    max_after = fields.String(required=True)
    passed_before = fields.Boolean(required=True)
    passed_after = fields.Boolean(required=True)
    reason = fields.String(required=True)
    corrected_at = fields.AwareDateTime(required=True)


class OutcomeHistoryOut(Schema):
    """Everything that ever changed an outcome, the first one first."""

    items = fields.List(fields.Nested(OutcomeChangeOut), required=True)
