"""Qualifications and the dated rules of their exams, as they go out."""

from __future__ import annotations

from marshmallow import Schema, fields

from exams.eligibility import WhatFollows
from server.paging import PageQuery
from server.people.roster import PostRole


class QualificationOut(Schema):
    """What can be attained."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)
    role = fields.Enum(PostRole, by_value=True, required=True)
    operation_item = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Its number in the catalogue of special operations."},
    )


class QualificationQuery(PageQuery):
    """Which qualifications to list."""

    role = fields.Enum(PostRole, by_value=True, load_default=None)


class StandardOut(Schema):
    """The rules of the exams for a qualification, between two days, both included."""

    id = fields.UUID(required=True)
    effective_from = fields.Date(required=True)
    effective_until = fields.Date(required=True, allow_none=True)
    minutes = fields.Integer(required=True)
    max_points = fields.Integer(required=True)
    pass_percent = fields.Integer(required=True)
    partial_credit = fields.Boolean(required=True)
    attempts_allowed = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Null is without limit."}
    )
    what_follows = fields.Enum(WhatFollows, by_value=True, required=True)
    pass_months = fields.Integer(required=True, allow_none=True)
    training_hours = fields.Integer(required=True)
    training_hours_high_risk = fields.Integer(required=True)
    minimum_age = fields.Integer(required=True, allow_none=True)
    maximum_age = fields.Integer(required=True, allow_none=True)
    has_practical = fields.Boolean(
        required=True,
        metadata={"description": "A practical exam must be passed after the theory."},
    )
    practical_attempts = fields.Integer(required=True, allow_none=True)
    practical_what_follows = fields.Enum(WhatFollows, by_value=True, required=True)
    results_working_days = fields.Integer(required=True)
    appeal_working_days = fields.Integer(required=True)
    ruling_working_days = fields.Integer(required=True)
    grace_seconds = fields.Integer(
        required=True, metadata={"description": "By which the network may delay what was sent."}
    )
    source = fields.String(required=True)


class StandardsOut(Schema):
    """Every standard there ever was for a qualification, the oldest first."""

    items = fields.List(fields.Nested(StandardOut), required=True)
