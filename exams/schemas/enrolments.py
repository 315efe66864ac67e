"""Places in exams, and bars, as they go in and out."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from exams.eligibility import Hindrance
from exams.schemas.packages import PackageOut
from exams.schemas.planning import ExamForCandidate
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


class OwnEnrolmentOut(EnrolmentOut):
    """One's own place, with what the phone shows of its exam."""

    exam = fields.Nested(ExamForCandidate, required=True)
    minutes = fields.Function(
        lambda own: own.exam.standard.minutes if own.exam.standard else None,
        required=True,
        metadata={
            "type": ["integer", "null"],
            "description": "The time allowed, by the exam standard.",
        },
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
    ground = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 100),
        metadata={"description": "The case of the law, see `/v1/bar-grounds`."},
    )
    document = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 200),
        metadata={"description": "The document of the decision (文号)."},
    )


class BarOut(BarIn):
    """A bar that was imposed."""

    id = fields.UUID(required=True)
    imposed_at = fields.AwareDateTime(required=True)
    lifted_on = fields.Date(required=True, allow_none=True)
    lift_reason = fields.String(required=True, allow_none=True)
    lift_document = fields.String(required=True, allow_none=True)


class BarLiftIn(Schema):
    """From when and why a bar holds no more."""

    lifted_on = fields.Date(required=True)
    reason = fields.String(required=True, validate=validate.Length(4, 1000))
    document = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 200))


class BarGroundOut(Schema):
    """On what a bar can rest."""

    code = fields.String(required=True)
    years = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Null: for life."}
    )
    needs_document = fields.Boolean(required=True)
    revokes = fields.Boolean(
        required=True, metadata={"description": "Whether certificates are revoked at once."}
    )
    effective_from = fields.Date(required=True)
    effective_until = fields.Date(required=True, allow_none=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    source_zh = fields.String(required=True)


class BarGroundListOut(Schema):
    """Every ground of a bar."""

    items = fields.List(fields.Nested(BarGroundOut), required=True)
