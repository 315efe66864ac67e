"""What goes in and out about posts (岗位的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.paging import PageQuery
from server.people.drafts import PostDraft
from server.people.roster import PostRole
from server.people.schemas.people import NUMBER


class PostIn(Schema):
    """A post to enter."""

    person_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    role = fields.Enum(PostRole, by_value=True, required=True)
    items = fields.List(
        fields.String(validate=validate.Length(1, 10)),
        load_default=list,
        validate=validate.Length(max=60),
        metadata={"description": "Operation items, for special operations workers only."},
    )
    from_on = fields.Date(required=True, metadata={"description": "The first day it is held."})
    until_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "The first day it is no longer held."},
    )
    document_number = fields.String(
        load_default=None,
        validate=NUMBER,
        metadata={"description": "Needed for somebody whom you do not see yet."},
    )

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand the view what the service asks for."""
        number = values.pop("document_number")
        return {"draft": PostDraft(**values), "document_number": number}


class PostEndIn(Schema):
    """When a post ends."""

    until_on = fields.Date(
        required=True,
        metadata={
            "description": "The first day it is no longer held; its first day for a mistake."
        },
    )
    reason = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 1000),
        metadata={"description": "Why; kept in the audit. No identity number in clear."},
    )


class PostOut(Schema):
    """A post."""

    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    role = fields.Enum(PostRole, by_value=True, required=True)
    items = fields.List(fields.String(), required=True)
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True, allow_none=True)
    person_name = fields.String(required=True, attribute="person.name")
    organisation_name = fields.String(required=True, attribute="organisation.name")
    recorded_at = fields.AwareDateTime(required=True)


class PostQuery(PageQuery):
    """Which posts to list."""

    person_id = fields.UUID(load_default=None)
    organisation_id = fields.UUID(
        load_default=None, metadata={"description": "There or anywhere beneath."}
    )
    role = fields.Enum(PostRole, by_value=True, load_default=None)
    on = fields.Date(
        load_default=None, metadata={"description": "Held on this day; left out: ever."}
    )
