"""What goes in and out about programmes and lessons online (培训方案的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.paging import PageQuery
from server.people.roster import PostRole
from server.records.entries import InductionLevel
from server.training.kinds import LessonKind, Subject, TrainingType
from server.training.schemas.hours import Hours
from server.training.schemas.providers import ITEM, NAME
from server.training.services.programmes import ProgrammeDraft, SubjectDraft
from server.training.services.studying import LessonDraft


class ProgrammeSubjectIn(Schema):
    """One subject of a programme."""

    subject = fields.Enum(Subject, by_value=True, required=True)
    title = fields.String(required=True, validate=NAME)
    hours = Hours(required=True, attribute="tenths")


class ProgrammeIn(Schema):
    """A programme to enter."""

    owner_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=NAME)
    type = fields.Enum(TrainingType, by_value=True, required=True)
    role = fields.Enum(PostRole, by_value=True, load_default=None, allow_none=True)
    item = fields.String(load_default=None, allow_none=True, validate=ITEM)
    level = fields.Enum(InductionLevel, by_value=True, load_default=None, allow_none=True)
    high_risk = fields.Boolean(load_default=False)
    construction = fields.Boolean(load_default=False)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(load_default=None, allow_none=True)
    subjects = fields.List(
        fields.Nested(ProgrammeSubjectIn), required=True, validate=validate.Length(1, 50)
    )

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> ProgrammeDraft:
        """Hand the view what the service asks for."""
        subjects = tuple(SubjectDraft(**one) for one in values.pop("subjects"))
        return ProgrammeDraft(**values, subjects=subjects)


class ProgrammeSubjectOut(Schema):
    """One subject of a programme."""

    subject = fields.Enum(Subject, by_value=True, required=True)
    title = fields.String(required=True)
    hours = Hours(required=True, attribute="tenths")


class ProgrammeOut(Schema):
    """A programme."""

    id = fields.UUID(required=True)
    owner_id = fields.UUID(required=True)
    name = fields.String(required=True)
    type = fields.Enum(TrainingType, by_value=True, required=True)
    role = fields.Enum(PostRole, by_value=True, required=True, allow_none=True)
    item = fields.String(required=True, allow_none=True)
    level = fields.Enum(InductionLevel, by_value=True, required=True, allow_none=True)
    high_risk = fields.Boolean(required=True)
    construction = fields.Boolean(required=True)
    hours = Hours(required=True, attribute="tenths")
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True, allow_none=True)


class ProgrammeShown(Schema):
    """A programme with its subjects."""

    programme = fields.Nested(ProgrammeOut, required=True)
    subjects = fields.List(fields.Nested(ProgrammeSubjectOut), required=True)


class ProgrammeQuery(PageQuery):
    """Which programmes to list."""

    owner_id = fields.UUID(load_default=None)
    type = fields.Enum(TrainingType, by_value=True, load_default=None)
    role = fields.Enum(PostRole, by_value=True, load_default=None)
    on = fields.Date(load_default=None, metadata={"description": "In force on this day."})


class RequiredHoursQuery(Schema):
    """Of whom the law asks hours, and on which day."""

    type = fields.Enum(TrainingType, by_value=True, required=True)
    role = fields.Enum(PostRole, by_value=True, required=True)
    high_risk = fields.Boolean(load_default=False)
    construction = fields.Boolean(load_default=False)
    level = fields.Enum(InductionLevel, by_value=True, load_default=None)
    on = fields.Date(load_default=None, metadata={"description": "Left out: today."})
    region_id = fields.UUID(
        load_default=None,
        metadata={"description": "Where: rules of its authorities, and of those above, count."},
    )


class RequiredHoursOut(Schema):
    """What the law asks for; all null where it names no number of hours."""

    hours = fields.Decimal(required=True, as_string=True, allow_none=True)
    law = fields.String(required=True, allow_none=True)
    article = fields.String(required=True, allow_none=True)
    from_on = fields.Date(required=True, allow_none=True)
    rule_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "The rule of an authority; null for the law as shipped."},
    )


class TestQuestion(Schema):
    """One question of a lesson test, with its key: never shown to learners."""

    stem = fields.String(required=True, validate=validate.Length(1, 1000))
    options = fields.List(
        fields.String(validate=validate.Length(1, 500)),
        required=True,
        validate=validate.Length(2, 10),
    )
    key = fields.List(
        fields.Integer(strict=True, validate=validate.Range(0, 9)),
        required=True,
        validate=validate.Length(1, 10),
    )


class TestQuestionForLearner(Schema):
    """One question of a lesson test, without its key."""

    stem = fields.String(required=True)
    options = fields.List(fields.String(), required=True)


class LessonContent(Schema):
    """What a lesson consists of: its text, the texts of its slides, or where its video lies."""

    text = fields.String(validate=validate.Length(1, 200_000))
    slides = fields.List(
        fields.String(validate=validate.Length(1, 20_000)), validate=validate.Length(1, 500)
    )
    video_url = fields.Url(schemes={"https"}, validate=validate.Length(max=2000))


class OnlineLessonIn(Schema):
    """A lesson online to add."""

    place = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1000))
    title = fields.String(required=True, validate=NAME)
    kind = fields.Enum(LessonKind, by_value=True, required=True)
    content = fields.Nested(LessonContent, required=True)
    hours = Hours(required=True, most=100, attribute="tenths")
    test = fields.List(
        fields.Nested(TestQuestion), load_default=list, validate=validate.Length(max=100)
    )
    pass_percent = fields.Integer(load_default=80, strict=True, validate=validate.Range(1, 100))

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> LessonDraft:
        """Hand the view what the service asks for."""
        return LessonDraft(**values)


class OnlineLessonOut(Schema):
    """A lesson online, as who teaches sees it."""

    id = fields.UUID(required=True)
    programme_id = fields.UUID(required=True)
    place = fields.Integer(required=True)
    title = fields.String(required=True)
    kind = fields.Enum(LessonKind, by_value=True, required=True)
    content = fields.Dict(required=True)
    hours = Hours(required=True, attribute="tenths")
    test = fields.List(fields.Nested(TestQuestion), required=True)
    pass_percent = fields.Integer(required=True)
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True)


class OnlineLessonListed(Schema):
    """A lesson online in a list, and how many it concerns."""

    id = fields.UUID(required=True, attribute="lesson.id")
    place = fields.Integer(required=True, attribute="lesson.place")
    title = fields.String(required=True, attribute="lesson.title")
    kind = fields.Enum(LessonKind, by_value=True, required=True, attribute="lesson.kind")
    hours = Hours(required=True, attribute="lesson.tenths")
    question_count = fields.Integer(
        required=True, metadata={"description": "Of its test; 0 where there is none."}
    )
    written_at = fields.AwareDateTime(required=True, attribute="lesson.written_at")
    withdrawn_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="lesson.withdrawn_at"
    )
    learner_count = fields.Integer(
        required=True, metadata={"description": "Who may study it in a class that is not over."}
    )
    studied_count = fields.Integer(
        required=True, metadata={"description": "Who of anybody ever studied it."}
    )


class OnlineLessonList(Schema):
    """The lessons online of a programme."""

    items = fields.List(fields.Nested(OnlineLessonListed), required=True)


class OnlineLessonQuery(Schema):
    """Which lessons online to list."""

    kind = fields.Enum(LessonKind, by_value=True, load_default=None)
    withdrawn = fields.Boolean(load_default=None)


class LessonForLearner(Schema):
    """A lesson online, as a learner sees it: no key."""

    id = fields.UUID(required=True)
    place = fields.Integer(required=True)
    title = fields.String(required=True)
    kind = fields.Enum(LessonKind, by_value=True, required=True)
    content = fields.Dict(required=True)
    hours = Hours(required=True, attribute="tenths")
    test = fields.List(fields.Nested(TestQuestionForLearner), required=True)
    pass_percent = fields.Integer(required=True)


class LessonsForLearner(Schema):
    """The lessons online of a class."""

    items = fields.List(fields.Nested(LessonForLearner), required=True)
