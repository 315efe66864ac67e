"""Places in exams, and bars, as they go in and out."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from exams.eligibility import Hindrance
from exams.schemas.packages import PackageOut
from server.paging import PageQuery


class EnrolmentIn(Schema):
    """A place that is asked for."""

    exam_id = fields.UUID(required=True)
    candidate_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "Null: for oneself."}
    )


class EnrolmentOut(Schema):
    """A candidate's place in an exam, or what stands in its way."""

    id = fields.UUID(required=True)
    exam_id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    accepted = fields.Boolean(
        required=True, metadata={"description": "Whether the candidate has the place."}
    )
    reasons = fields.List(
        fields.Enum(Hindrance, by_value=True),
        required=True,
        metadata={"description": "Everything that stands in the way."},
    )
    enrolled_at = fields.AwareDateTime(required=True)
    checked_at = fields.AwareDateTime(required=True)
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True)
    room = fields.String(
        required=True, metadata={"description": "Empty where the exam has no rooms."}
    )
    package = fields.Nested(
        PackageOut,
        required=True,
        allow_none=True,
        metadata={"description": "The sealed paper, to be fetched before the day."},
    )


class SeatIn(Schema):
    """Where a candidate sits."""

    room = fields.String(required=True, validate=validate.Length(0, 100))


class EnrolmentQuery(PageQuery):
    """Which enrolments to list."""

    exam_id = fields.UUID(load_default=None)


class BarIn(Schema):
    """A bar to impose."""

    person_id = fields.UUID(required=True)
    qualification_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "Null: from everything."}
    )
    from_on = fields.Date(required=True)
    until_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "The last day, included. Null: for life."},
    )
    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class BarOut(BarIn):
    """A bar that was imposed."""

    id = fields.UUID(required=True)
    imposed_at = fields.AwareDateTime(required=True)
