"""What comes out about the quality of training (培训质量的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields

from exams.services.training_quality import By


class TrainingQualityQuery(Schema):
    """Whose training, by classes that ended when."""

    by = fields.Enum(By, by_value=True, load_default=By.PROVIDER)
    since = fields.Date(required=True, metadata={"description": "The first last day of classes."})
    until = fields.Date(required=True)


class RateInterval(Schema):
    """Where a rate lies with 95 % confidence."""

    low = fields.Float(required=True)
    high = fields.Float(required=True)


class TrainingQuality(Schema):
    """How well somebody trains; null where there is nothing to count."""

    subject_id = fields.UUID(required=True)
    rank = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "By the lower end of the interval: ten do not beat a thousand."},
    )
    learner_count = fields.Integer(required=True)
    completed_count = fields.Integer(required=True)
    sat_count = fields.Integer(required=True)
    first_pass_count = fields.Integer(required=True)
    pass_count = fields.Integer(required=True)
    pass_rate = fields.Float(required=True, allow_none=True)
    first_pass_rate = fields.Float(required=True, allow_none=True)
    first_pass_interval = fields.Nested(RateInterval, required=True, allow_none=True)
    average_gain = fields.Float(required=True, allow_none=True)
    average_rating = fields.Float(required=True, allow_none=True)
    violations_per_hundred = fields.Float(required=True, allow_none=True)
    outlier = fields.Boolean(required=True)


class NamedTrainingQuality(Schema):
    """How well somebody trains, and who that is."""

    name = fields.String(required=True)
    quality = fields.Nested(TrainingQuality, required=True)


class TrainingQualityRanking(Schema):
    """Everybody who trained, the best first."""

    items = fields.List(fields.Nested(NamedTrainingQuality), required=True)


class TopicQuality(Schema):
    """How the learners of one did on a topic in their first exam, beside all candidates."""

    topic = fields.String(required=True)
    learner_count = fields.Integer(required=True)
    response_count = fields.Integer(required=True)
    share = fields.Float(
        required=True, metadata={"description": "Of the points of these questions, 0 to 1."}
    )
    expected = fields.Float(
        required=True,
        metadata={"description": "What all candidates earn on the very same questions."},
    )
    difference = fields.Nested(RateInterval, required=True)
    outlier = fields.Boolean(
        required=True, metadata={"description": "By more than chance explains."}
    )


class TrainingTopics(Schema):
    """The topics of one provider, class or teacher, the weakest first."""

    items = fields.List(fields.Nested(TopicQuality), required=True)
