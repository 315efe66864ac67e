"""What goes in and out about what is due (到期事项的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from certificates.due import DueKind
from certificates.schemas.on_post import OnPostDayQuery
from certificates.services.enlisting import MOST
from server.paging import PageQuery


class DueQuery(PageQuery, OnPostDayQuery):
    """What is due where, and within how many days."""

    organisation_id = fields.UUID(load_default=None)
    kind = fields.Enum(DueKind, by_value=True, load_default=None)
    within = fields.Integer(load_default=90, strict=True, validate=validate.Range(0, 400))
    booked = fields.Boolean(
        load_default=None, metadata={"description": "Only what is booked, or is not."}
    )


class DueGangIn(Schema):
    """Who of the due list is to have a place in a class."""

    organisation_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "Only from posts there or beneath."},
    )
    kind = fields.Enum(DueKind, by_value=True, load_default=None, allow_none=True)
    within = fields.Integer(load_default=90, strict=True, validate=validate.Range(0, 400))
    person_ids = fields.List(
        fields.UUID(),
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, MOST),
        metadata={"description": "Those chosen; left out: everybody who has not booked yet."},
    )


class DueOut(Schema):
    """What is due of somebody at a post."""

    post_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    employer_id = fields.UUID(
        required=True, metadata={"description": "The topmost organisation, which answers for it."}
    )
    role = fields.String(required=True)
    kind = fields.Enum(DueKind, by_value=True, required=True)
    item = fields.String(required=True, allow_none=True)
    due_on = fields.Date(required=True)
    overdue = fields.Boolean(required=True)
    booked = fields.Boolean(
        required=True, metadata={"description": "A class or exam is booked: reminders have ended."}
    )
    stage = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "90, 60, 30 or 7 days before; 0 when overdue."},
    )
