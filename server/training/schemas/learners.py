"""What goes in and out about learners (学员的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from server.people.schemas.people import NUMBER
from server.problems import language
from server.training.kinds import Presence
from server.training.schemas.hours import Hours
from server.training.services.learner_lists import Wanted

_POINTS = validate.Range(0, 100)


class ClassRefusalFields(Schema):
    """Why something was not done; null where it was."""

    refusal = fields.Method("code_of", required=True, metadata={"type": "string"})
    detail = fields.Method("in_words", required=True, metadata={"type": "string"})

    def code_of(self, one: Any) -> str | None:
        """Return the code of the refusal."""
        return None if one.refusal is None else one.refusal.code

    def in_words(self, one: Any) -> str | None:
        """Return the refusal in the language asked for."""
        return None if one.refusal is None else one.refusal.message.in_language(language())


class ClassLearnerIn(Schema):
    """Somebody who is to have a place."""

    employer_id = fields.UUID(load_default=None, allow_none=True)
    document_number = fields.String(
        load_default=None,
        validate=NUMBER,
        metadata={"description": "Needed for somebody whom you do not see."},
    )


class GangIn(Schema):
    """People who are to have places together."""

    person_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 500))
    employer_id = fields.UUID(load_default=None, allow_none=True)


class ClassLearnerOut(Schema):
    """A place of somebody in a class."""

    id = fields.UUID(required=True)
    class_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    employer_id = fields.UUID(required=True, allow_none=True)
    added_at = fields.AwareDateTime(required=True)
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    pre_score = fields.Integer(required=True, allow_none=True)
    post_score = fields.Integer(required=True, allow_none=True)
    hours_done = Hours(required=True, attribute="tenths_done", allow_none=True)
    completed = fields.Boolean(required=True, allow_none=True)
    record_id = fields.UUID(required=True, allow_none=True)


class LearnerListed(Schema):
    """A learner with the name."""

    learner = fields.Nested(ClassLearnerOut, required=True)
    name = fields.String(required=True)
    document_masked = fields.String(required=True)
    employer_name = fields.String(required=True, allow_none=True)


class LearnersQuery(Schema):
    """Which learners of a class to list."""

    employer_id = fields.UUID(load_default=None)
    completed = fields.Boolean(load_default=None)
    lesson_id = fields.UUID(
        load_default=None, metadata={"description": "The lesson that `presence` is about."}
    )
    presence = fields.Enum(Presence, by_value=True, load_default=None)

    @validates_schema
    def _of_a_lesson(self, data: dict[str, Any], **_: object) -> None:
        if data["presence"] is not None and data["lesson_id"] is None:
            raise ValidationError("Of which lesson?", "lesson_id")

    @post_load
    def as_wanted(self, values: dict[str, Any], **_: Any) -> Wanted:
        """Hand the view what the service asks for."""
        return Wanted(**values)


class Learners(Schema):
    """The learners of a class."""

    items = fields.List(fields.Nested(LearnerListed), required=True)


class PlacingOut(ClassRefusalFields):
    """What became of one person of a gang."""

    person_id = fields.UUID(required=True)
    learner_id = fields.UUID(required=True, allow_none=True)


class Placings(Schema):
    """What became of a gang."""

    items = fields.List(fields.Nested(PlacingOut), required=True)


class ClassScoresIn(Schema):
    """What a learner had before and after the class, of a hundred."""

    pre_score = fields.Integer(required=True, allow_none=True, strict=True, validate=_POINTS)
    post_score = fields.Integer(required=True, allow_none=True, strict=True, validate=_POINTS)


class ClassResultOut(Schema):
    """What a learner has done of what a class asks, so far."""

    learner = fields.Nested(ClassLearnerOut, required=True)
    hours_in_class = Hours(required=True, attribute="tenths_in_class")
    hours_online = Hours(required=True, attribute="tenths_online")
    hours_due = Hours(required=True, attribute="tenths_due")


class ClassResults(Schema):
    """What every learner of a class has done so far."""

    items = fields.List(fields.Nested(ClassResultOut), required=True)
