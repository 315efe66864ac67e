"""What goes in and out when other systems ask who may work (上岗核验的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from certificates.schemas.on_post import OnPostReasonOut
from certificates.services.looking_up import Question
from server.people.documents import DocumentType
from server.people.roster import PostRole

#: Questions in one request.
MOST = 1_000

_WHO = ("person_id", "serial", "document_number")


class WorkQuery(Schema):
    """Where, and which work."""

    organisation_id = fields.UUID(required=True)
    role = fields.Enum(PostRole, by_value=True, load_default=None)
    item = fields.String(load_default=None, validate=validate.Length(1, 20))


class WorkQuestionIn(WorkQuery):
    """Who, where, and which work. One of `person_id`, `serial`, `document_number` says who."""

    person_id = fields.UUID(load_default=None)
    serial = fields.String(load_default=None, validate=validate.Length(1, 40))
    document_number = fields.String(
        load_default=None, load_only=True, validate=validate.Length(1, 40)
    )
    document_type = fields.Enum(
        DocumentType, by_value=True, load_default=DocumentType.RESIDENT_IDENTITY_CARD
    )

    @validates_schema
    def _one_who(self, values: dict[str, Any], **_: Any) -> None:
        if sum(values.get(name) is not None for name in _WHO) != 1:
            raise ValidationError(f"Exactly one of {', '.join(_WHO)} is asked for.", "person_id")

    @post_load
    def _question(self, values: dict[str, Any], **_: Any) -> Question:
        return Question(**values)


class WorkLookupIn(Schema):
    """Up to a thousand questions."""

    items = fields.List(
        fields.Nested(WorkQuestionIn), required=True, validate=validate.Length(1, MOST)
    )


class WorkAnswerOut(Schema):
    """Whether they may, and what stands in the way."""

    organisation_id = fields.UUID(required=True)
    on = fields.Date(required=True)
    may_work = fields.Boolean(required=True)
    person_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "Null where they hold no such post there, whoever they are."},
    )
    role = fields.String(required=True, allow_none=True)
    items = fields.List(fields.String(), required=True)
    reasons = fields.List(fields.Nested(OnPostReasonOut), required=True)


class WorkLookupOut(Schema):
    """The answers in the order of the questions, and one signature over them."""

    items = fields.List(fields.Nested(WorkAnswerOut), required=True)
    valid_until = fields.AwareDateTime(
        required=True, metadata={"description": "Keep the answers no longer than until then."}
    )
    statement = fields.String(
        required=True,
        metadata={"description": "JWS (ES256), `typ` = `work-permission+jwt`: may be shown on."},
    )
