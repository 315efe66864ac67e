"""What goes in and out about attendance (考勤的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.audit.schemas import WhyIn
from server.training.kinds import Way
from server.training.schemas.learners import ClassRefusalFields
from server.training.services.attendance import SignIn


class SignInCodeOut(Schema):
    """The code that is shown in class now."""

    code = fields.String(required=True, metadata={"description": "To be shown as a QR."})
    svg = fields.String(required=True, metadata={"description": "The QR as a picture."})
    valid_until = fields.AwareDateTime(required=True)


class LessonSignInIn(Schema):
    """The code that was read in class."""

    code = fields.String(required=True, validate=validate.Length(10, 200))


class PresentPerson(Schema):
    """That somebody was there."""

    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    signed_at = fields.AwareDateTime(required=True)


class AttendanceListIn(Schema):
    """Who was there, as a list or a check-in phone has it."""

    way = fields.Enum(
        Way, by_value=True, required=True, validate=validate.OneOf([Way.LIST, Way.CHECK_IN_PHONE])
    )
    device_id = fields.UUID(load_default=None, allow_none=True)
    people = fields.List(
        fields.Nested(PresentPerson), required=True, validate=validate.Length(1, 500)
    )

    @post_load
    def as_sign_ins(self, values: dict[str, Any], **_: Any) -> list[SignIn]:
        """Hand the view what the service asks for."""
        same = {"way": values["way"], "device_id": values["device_id"]}
        return [SignIn(**one, **same) for one in values["people"]]


class LessonAttendanceOut(Schema):
    """That somebody was in a lesson."""

    id = fields.UUID(required=True)
    lesson_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    way = fields.Enum(Way, by_value=True, required=True)
    signed_at = fields.AwareDateTime(required=True)
    received_at = fields.AwareDateTime(required=True)
    flags = fields.List(fields.String(), required=True)
    confirmed = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "Null: counts unless flagged. False: does not count."},
    )


class AttendanceEntered(ClassRefusalFields):
    """What became of one sign-in."""

    id = fields.UUID(required=True)
    attendance = fields.Nested(LessonAttendanceOut, required=True, allow_none=True)


class AttendancesEntered(Schema):
    """What became of a list."""

    items = fields.List(fields.Nested(AttendanceEntered), required=True)


class ClassAttendances(Schema):
    """Who was in a lesson."""

    items = fields.List(fields.Nested(LessonAttendanceOut), required=True)


class AttendanceConfirmationIn(WhyIn):
    """Whether a sign-in is good."""

    good = fields.Boolean(required=True)
