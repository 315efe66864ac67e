"""Appeals, viewings and rulings, as they go in and out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from exams.models.appeals import Effect, Ground
from exams.regrading import Remedy
from exams.schemas.corrections import KEY, REASON
from exams.schemas.named import CandidateNamed
from exams.schemas.score_sheets import EXACT
from exams.services.appeals import Ruling
from exams.services.viewings import Hours
from question_bank.kinds import Kind
from server.paging import PageQuery


class AppealIn(Schema):
    """What one appeals against, and why."""

    attempt_id = fields.UUID(load_default=None, allow_none=True)
    practical_id = fields.UUID(load_default=None, allow_none=True)
    ground = fields.Enum(Ground, by_value=True, required=True)
    statement = fields.String(required=True, validate=validate.Length(1, 4000))

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: object) -> None:
        if (data["attempt_id"] is None) is (data["practical_id"] is None):
            raise ValidationError("Either an attempt or a practical.", "attempt_id")


class ViewingOut(Schema):
    """An hour in which the paper may be seen, beside a supervisor."""

    id = fields.UUID(required=True)
    place = fields.String(required=True)
    from_at = fields.AwareDateTime(required=True)
    until_at = fields.AwareDateTime(required=True)
    supervisor_id = fields.UUID(required=True)
    opened_at = fields.AwareDateTime(required=True, allow_none=True)


class AppealOut(Schema):
    """An appeal."""

    id = fields.UUID(required=True)
    attempt_id = fields.UUID(required=True, allow_none=True)
    practical_id = fields.UUID(required=True, allow_none=True)
    ground = fields.Enum(Ground, by_value=True, required=True)
    statement = fields.String(required=True)
    filed_at = fields.AwareDateTime(required=True)
    due_on = fields.Date(required=True, metadata={"description": "Last day for the ruling."})
    upheld = fields.Boolean(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    effect = fields.Enum(Effect, by_value=True, required=True, allow_none=True)
    ruled_at = fields.AwareDateTime(required=True, allow_none=True)
    viewings = fields.List(fields.Nested(ViewingOut), required=True)


class AppealForExaminer(CandidateNamed, AppealOut):
    """An appeal, as who may rule on it sees it."""

    candidate_id = fields.UUID(required=True)
    effect_id = fields.UUID(required=True, allow_none=True)
    ruled_by_id = fields.UUID(required=True, allow_none=True)


class AppealQuery(PageQuery):
    """Which appeals to list."""

    open_only = fields.Boolean(load_default=False)
    ground = fields.Enum(Ground, by_value=True, load_default=None)


class AppealRulingIn(Schema):
    """What is decided about an appeal, and what it sets going."""

    upheld = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=REASON)
    effect = fields.Enum(Effect, by_value=True, load_default=Effect.NOTHING)
    effect_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "Id of the regrade or correction that it proposes."},
    )
    version_id = fields.UUID(load_default=None, allow_none=True)
    remedy = fields.Enum(Remedy, by_value=True, load_default=None, allow_none=True)
    key = KEY
    score = fields.String(load_default=None, allow_none=True, validate=EXACT)

    @validates_schema
    def _says_what_it_sets_going(self, data: dict[str, Any], **_: object) -> None:
        needed = {
            Effect.NOTHING: (),
            Effect.REGRADE: ("effect_id", "version_id", "remedy"),
            Effect.CORRECTION: ("effect_id", "score"),
        }[data["effect"]]
        for name in needed:
            if data[name] is None:
                raise ValidationError("This effect needs it.", name)

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, Ruling]:
        score = None if data["score"] is None else Fraction(data["score"])
        return {"ruling": Ruling(**{**data, "key": tuple(data["key"]), "score": score})}


class ViewingIn(Schema):
    """When and where the paper may be seen, and who stands beside."""

    supervisor_id = fields.UUID(required=True)
    place = fields.String(required=True, validate=validate.Length(1, 200))
    from_at = fields.AwareDateTime(required=True)
    until_at = fields.AwareDateTime(required=True)

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> dict[str, Hours]:
        return {"hours": Hours(**data)}


class ViewedQuestionOut(Schema):
    """A question as it was asked, what was chosen, and what it earned. Never the key."""

    slot = fields.Integer(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    stem = fields.String(required=True)
    options = fields.List(fields.String(), required=True)
    chosen = fields.List(fields.Integer(), required=True)
    points = fields.Integer(required=True)
    earned = fields.String(required=True, metadata={"description": "An exact fraction."})


class ViewedPaperOut(Schema):
    """One's own paper in a supervised viewing."""

    attempt_id = fields.UUID(required=True)
    until_at = fields.AwareDateTime(required=True)
    questions = fields.List(fields.Nested(ViewedQuestionOut), required=True)
