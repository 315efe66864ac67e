"""What goes in and out about classes and their timetables (培训班的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.paging import PageQuery
from server.training.kinds import Mode, Subject
from server.training.schemas.hours import Hours
from server.training.schemas.providers import NAME, REASON
from server.training.services.classes import ClassDraft
from server.training.services.lessons import LessonDraft


class ClassIn(Schema):
    """A class to plan."""

    provider_id = fields.UUID(required=True)
    programme_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=NAME)
    mode = fields.Enum(Mode, by_value=True, load_default=Mode.CLASSROOM)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, metadata={"description": "The last day."})
    capacity = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2000))
    run_by_id = fields.UUID(required=True, metadata={"description": "Who runs it (班主任)."})

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> ClassDraft:
        """Hand the view what the service asks for."""
        return ClassDraft(**values)


class ClassOut(Schema):
    """A class."""

    id = fields.UUID(required=True)
    provider_id = fields.UUID(required=True)
    provider_name = fields.String(required=True, attribute="provider.name")
    programme_id = fields.UUID(required=True)
    programme_name = fields.String(required=True, attribute="programme.name")
    name = fields.String(required=True)
    mode = fields.Enum(Mode, by_value=True, required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    capacity = fields.Integer(required=True)
    run_by_id = fields.UUID(required=True)
    run_by_name = fields.String(required=True, attribute="run_by.name")
    planned_at = fields.AwareDateTime(required=True)
    cancelled_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    report = fields.String(required=True, allow_none=True)


class ClassQuery(PageQuery):
    """Which classes to list."""

    provider_id = fields.UUID(load_default=None)
    programme_id = fields.UUID(load_default=None)
    on = fields.Date(load_default=None, metadata={"description": "Running on this day."})


class ClassReasonIn(Schema):
    """Why something is done."""

    reason = fields.String(required=True, validate=REASON)


class ClassReportIn(Schema):
    """What is said of a class at its end."""

    report = fields.String(required=True, validate=validate.Length(4, 5000))


class ClassLessonIn(Schema):
    """A lesson to place."""

    subject = fields.Enum(Subject, by_value=True, required=True)
    title = fields.String(required=True, validate=NAME)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    teacher_id = fields.UUID(required=True)
    room_id = fields.UUID(required=True)
    hours = Hours(required=True, most=24, attribute="tenths")

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> LessonDraft:
        """Hand the view what the service asks for."""
        return LessonDraft(**values)


class ClassLessonOut(Schema):
    """A lesson of a class."""

    id = fields.UUID(required=True)
    class_id = fields.UUID(required=True)
    subject = fields.Enum(Subject, by_value=True, required=True)
    title = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    teacher_id = fields.UUID(required=True)
    room_id = fields.UUID(required=True)
    hours = Hours(required=True, attribute="tenths")
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True)


class PlacedLesson(Schema):
    """A lesson with the names of who teaches it and where."""

    lesson = fields.Nested(ClassLessonOut, required=True)
    teacher_name = fields.String(required=True)
    room_name = fields.String(required=True)


class ClassTimetable(Schema):
    """The timetable of a class."""

    items = fields.List(fields.Nested(PlacedLesson), required=True)
