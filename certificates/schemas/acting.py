"""What goes in and out about requests to enterprises and the credit list (督办与失信名单格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from certificates.schemas.coverage import FilterQuery
from certificates.schemas.drilling import PartOut
from server.paging import DAYS, PageQuery

_WORDS = validate.Length(1, 2000)


class BelowTargetQuery(FilterQuery):
    """Whose enterprises, and how many of them."""

    limit = fields.Integer(load_default=50, strict=True, validate=validate.Range(1, 200))


class BelowTargetOut(Schema):
    """Enterprises below the target, the widest gap first."""

    items = fields.List(fields.Nested(PartOut), required=True)


class CoverageRequestIn(Schema):
    """What an enterprise is asked for, and by when."""

    indicator = fields.String(
        required=True,
        validate=validate.Length(1, 100),
        metadata={"description": "The key of one; `admission` for the conditions of admission."},
    )
    organisation_id = fields.UUID(required=True)
    due_on = fields.Date(required=True)
    note = fields.String(load_default="", validate=validate.Length(0, 2000))


class CoverageRequestOut(Schema):
    """A request to an enterprise."""

    id = fields.UUID(required=True)
    indicator = fields.String(required=True, attribute="indicator_key")
    organisation_id = fields.UUID(required=True)
    due_on = fields.Date(required=True)
    note = fields.String(required=True)
    missing_count = fields.Integer(
        required=True, metadata={"description": "How many were missing when it was asked."}
    )
    made_at = fields.AwareDateTime(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class FollowedRequestOut(Schema):
    """A request, and how far the enterprise is."""

    request = fields.Nested(CoverageRequestOut, required=True)
    organisation_name = fields.String(required=True)
    quote = fields.String(
        required=True, metadata={"description": "What it is about, in the words of the plan."}
    )
    missing_now = fields.Integer(required=True)
    overdue = fields.Boolean(required=True)


class CoverageRequestQuery(PageQuery):
    """Which requests."""

    open_only = fields.Boolean(load_default=False)
    indicator = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "The key of an indicator, or `admission`."},
    )
    organisation_id = fields.UUID(
        load_default=None, metadata={"description": "To this organisation or one beneath it."}
    )
    region_id = fields.UUID(
        load_default=None, metadata={"description": "To organisations in this region or beneath."}
    )
    due_until = fields.Date(
        load_default=None,
        validate=DAYS,
        metadata={"description": "What is due on this day or earlier."},
    )


class RequestAnswerIn(Schema):
    """What the enterprise does about it."""

    answer = fields.String(required=True, validate=_WORDS)


class CreditListingIn(Schema):
    """Whom to enter on the list, why, and for which days."""

    organisation_id = fields.UUID(load_default=None, allow_none=True)
    person_id = fields.UUID(load_default=None, allow_none=True)
    region_id = fields.UUID(required=True)
    ground = fields.String(required=True, validate=_WORDS)
    from_on = fields.Date(
        required=True, metadata={"description": "The first public day; it lies ahead."}
    )
    until_on = fields.Date(required=True)


class CreditListingOut(CreditListingIn):
    """An entry, for the bureau and those it concerns."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True, allow_none=True)
    person_id = fields.UUID(required=True, allow_none=True)
    appeal = fields.String(required=True, allow_none=True)
    removed = fields.Boolean(required=True, allow_none=True)
    decision = fields.String(required=True, allow_none=True)


class CreditAppealIn(Schema):
    """Why the entry is wrong."""

    appeal = fields.String(required=True, validate=_WORDS)


class CreditDecisionIn(Schema):
    """Whether the entry is taken down, and why."""

    removed = fields.Boolean(required=True)
    decision = fields.String(required=True, validate=_WORDS)


class PublicListingOut(Schema):
    """An entry as everybody may read it."""

    id = fields.UUID(required=True)
    subject = fields.String(required=True, validate=validate.OneOf(["organisation", "person"]))
    name = fields.String(required=True, metadata={"description": "Of people: 王某某."})
    region = fields.String(required=True)
    ground = fields.String(required=True)
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True)
    appealed = fields.Boolean(required=True)
