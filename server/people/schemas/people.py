"""What goes in and out about people (人员的数据格式).

No schema that shows a person has the document number: only `DisclosureOut` has.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.paging import PageQuery
from server.people.documents import DocumentType, Sex
from server.people.drafts import Education, PersonDraft

#: What is asked of a number before it is read.
NUMBER = validate.Length(1, 60)


class PersonIn(Schema):
    """A person to register or correct."""

    name = fields.String(required=True, validate=validate.Length(1, 100))
    registered_under_id = fields.UUID(required=True)
    document_type = fields.Enum(DocumentType, by_value=True, required=True)
    document_number = fields.String(
        load_default=None,
        validate=NUMBER,
        metadata={"description": "Needed the first time; left out, it stays as it is."},
    )
    sex = fields.Enum(Sex, by_value=True, load_default=None, allow_none=True)
    birth_on = fields.Date(load_default=None, allow_none=True)
    phone = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(r"^\+?[0-9][0-9 -]{4,19}\Z"),
    )
    education = fields.Enum(Education, by_value=True, load_default=None, allow_none=True)

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> dict[str, PersonDraft]:
        """Hand the view what the service asks for."""
        return {"draft": PersonDraft(**values)}


class PersonOut(Schema):
    """A person, the document number masked."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    sex = fields.Enum(Sex, by_value=True, required=True, allow_none=True)
    birth_on = fields.Date(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    education = fields.Enum(Education, by_value=True, required=True, allow_none=True)
    document_type = fields.Enum(DocumentType, by_value=True, required=True)
    document_masked = fields.String(required=True, metadata={"description": "`110***********1234`"})
    photo_hash = fields.String(required=True, allow_none=True)
    registered_under_id = fields.UUID(required=True)
    registered_at = fields.AwareDateTime(required=True)


class ExtentOut(Schema):
    """What lies at an organisation and beneath it: what moving it takes along."""

    organisation_count = fields.Integer(
        required=True, metadata={"description": "Organisations and departments, with itself."}
    )
    person_count = fields.Integer(required=True, metadata={"description": "Registered there."})
    post_count = fields.Integer(required=True, metadata={"description": "Held today."})


class PersonQuery(PageQuery):
    """Which people to list. Never a document number: addresses are written into logs."""

    name = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "How the name begins."},
    )
    organisation_id = fields.UUID(
        load_default=None,
        metadata={"description": "Registered or ever holding a post there or beneath."},
    )


class DocumentSearchIn(Schema):
    """A document to find its holder by."""

    document_type = fields.Enum(DocumentType, by_value=True, required=True)
    document_number = fields.String(required=True, validate=NUMBER)
    name = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "With it, people beyond your scope are found, too."},
    )


class PersonFound(Schema):
    """Who holds a document, as far as one who knows the number may see."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    document_type = fields.Enum(DocumentType, by_value=True, required=True)
    document_masked = fields.String(required=True)


class DocumentSearchOut(Schema):
    """Whom a search by document found: one person or nobody."""

    items = fields.List(fields.Nested(PersonFound), required=True)


class DisclosureIn(Schema):
    """Why somebody needs to see the whole number."""

    reason = fields.String(required=True, validate=validate.Length(4, 500))


class DisclosureOut(Schema):
    """A document number in clear; that it was shown stands in the audit."""

    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    document_type = fields.Enum(DocumentType, by_value=True, required=True)
    document_number = fields.String(required=True)
    reason = fields.String(required=True)
    disclosed_at = fields.AwareDateTime(required=True)


class PhotoOut(Schema):
    """That a photo is kept."""

    hash = fields.String(required=True, metadata={"description": "SHA-256 of the content."})
    media_type = fields.String(required=True)
