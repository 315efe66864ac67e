"""What goes in and out about materials and evaluations (课件、评价的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.training.schemas.providers import NAME
from server.training.services.materials import Opinion

_RATING = validate.Range(1, 5)


class ClassMaterialQuery(Schema):
    """How a material is called."""

    title = fields.String(required=True, validate=NAME)


class ClassMaterialOut(Schema):
    """A material of a class."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    hash = fields.String(required=True)
    added_at = fields.AwareDateTime(required=True)


class Materials(Schema):
    """The materials of a class."""

    items = fields.List(fields.Nested(ClassMaterialOut), required=True)


class ClassEvaluationIn(Schema):
    """What a learner thinks of a class."""

    rating = fields.Integer(required=True, strict=True, validate=_RATING)
    teacher_ratings = fields.Dict(
        keys=fields.UUID(),
        values=fields.Integer(strict=True, validate=_RATING),
        load_default=dict,
        validate=validate.Length(max=50),
        metadata={"description": "1 to 5 by the id of the teacher."},
    )
    comment = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 1000))

    @post_load
    def as_opinion(self, values: dict[str, Any], **_: Any) -> Opinion:
        """Hand the view what the service asks for."""
        return Opinion(**values)


class ClassOpinionsOut(Schema):
    """What the learners of a class think of it, without names."""

    count = fields.Integer(required=True)
    average = fields.Float(required=True, allow_none=True)
    by_teacher = fields.Dict(keys=fields.UUID(), values=fields.Float(), required=True)
    comments = fields.List(fields.String(), required=True)
