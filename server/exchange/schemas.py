"""What goes in and out about other systems (对接的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.exchange.services.agreements import Terms
from server.exchange.services.stores import Place
from server.exchange.terms import Ability, PersonField, Purpose
from server.people.documents import DocumentType
from server.records.schemas.entering import TrainingFields

_NAME = validate.Length(1, 200)


class AgreementIn(Schema):
    """What is agreed with the keeper of another system."""

    organisation_id = fields.UUID(required=True, metadata={"description": "Whose system it is."})
    region_id = fields.UUID(
        required=True, metadata={"description": "It may know of what lies there or beneath."}
    )
    name = fields.String(required=True, validate=_NAME)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    abilities = fields.List(
        fields.Enum(Ability, by_value=True), required=True, validate=validate.Length(1, 20)
    )
    fields_ = fields.List(
        fields.Enum(PersonField, by_value=True),
        required=True,
        data_key="fields",
        attribute="fields",
        validate=validate.Length(0, 20),
        metadata={"description": "What of a person leaves beside the platform's own id."},
    )
    daily_quota = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10_000_000))
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True, metadata={"description": "The last day, included."})
    document = fields.String(
        required=True, validate=_NAME, metadata={"description": "What it rests on (文号)."}
    )
    contact = fields.String(required=True, validate=_NAME)

    @post_load
    def _terms(self, values: dict[str, Any], **_: Any) -> dict[str, Terms]:
        return {"agreed": Terms(**values)}


class AgreementOut(Schema):
    """An agreement; its id is the `client_id`."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    region_id = fields.UUID(required=True)
    name = fields.String(required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    abilities = fields.List(fields.String(), required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields", attribute="fields")
    daily_quota = fields.Integer(required=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True)
    document = fields.String(required=True)
    contact = fields.String(required=True)
    concluded_at = fields.AwareDateTime(required=True)
    ended_on = fields.Date(required=True, allow_none=True)


class AgreementEndIn(Schema):
    """Why an agreement ends before its time."""

    reason = fields.String(required=True, validate=validate.Length(1, 500))


class SecretOut(Schema):
    """A secret as the keeper sees it: when it was made and last used, never what it is."""

    id = fields.UUID(required=True)
    made_at = fields.AwareDateTime(required=True)
    used_at = fields.AwareDateTime(required=True, allow_none=True)
    ends_at = fields.AwareDateTime(required=True, allow_none=True)


class SecretListOut(Schema):
    """The secrets of a system."""

    items = fields.List(fields.Nested(SecretOut), required=True)


class SecretMadeOut(Schema):
    """A secret, told once."""

    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True)
    client_secret = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Told once; null where it was asked for again."},
    )
    made_at = fields.AwareDateTime(required=True)


class UsageQuery(Schema):
    """Since when."""

    since = fields.Date(
        load_default=None, metadata={"description": "Thirty days ago where left out."}
    )


class UsageOut(Schema):
    """What was used of an ability in a day."""

    day = fields.Date(required=True)
    ability = fields.String(required=True)
    units = fields.Integer(required=True)
    refused_count = fields.Integer(required=True)


class UsageListOut(Schema):
    """What was used, day by day."""

    daily_quota = fields.Integer(required=True)
    items = fields.List(fields.Nested(UsageOut), required=True)


class SystemDisclosureOut(Schema):
    """That a system was told of somebody on a day."""

    day = fields.Date(required=True)
    agreement_id = fields.UUID(required=True)
    name = fields.String(required=True, metadata={"description": "What the system is called."})
    organisation_id = fields.UUID(required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    ability = fields.String(required=True)
    times = fields.Integer(required=True)


class HookIn(Schema):
    """Where to tell that the feed has moved."""

    address = fields.String(required=True, validate=validate.Length(5, 500))


class HookOut(Schema):
    """A hook, and how far it was told."""

    id = fields.UUID(required=True)
    address = fields.String(required=True)
    position = fields.Integer(
        required=True, metadata={"description": "The last entry it was told of."}
    )
    tries = fields.Integer(required=True)
    next_at = fields.AwareDateTime(required=True)
    failure = fields.String(required=True, allow_none=True)
    opened_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class HookOpenedOut(Schema):
    """A hook, and once its secret."""

    hook = fields.Nested(HookOut, required=True)
    secret = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "`whsec_…` of Standard Webhooks; told once."},
    )


class DeadLetterOut(Schema):
    """A webhook that was given up; the entries it spoke of are in the feed all the same."""

    id = fields.UUID(required=True)
    hook_id = fields.UUID(required=True)
    from_seq = fields.Integer(required=True)
    until_seq = fields.Integer(required=True)
    failure = fields.String(required=True)
    given_up_at = fields.AwareDateTime(required=True)
    sent_at = fields.AwareDateTime(required=True, allow_none=True)


class RecordStoreIn(Schema):
    """Where a learning record store is, and how it knows us."""

    endpoint = fields.String(
        required=True,
        validate=validate.Length(5, 500),
        metadata={"description": "Where its `statements` lie, as `https://lrs.example/xapi`."},
    )
    key = fields.String(required=True, validate=_NAME)
    secret = fields.String(required=True, load_only=True, validate=validate.Length(1, 500))

    @post_load
    def _place(self, values: dict[str, Any], **_: Any) -> dict[str, Place]:
        return {"place": Place(**values)}


class RecordStoreOut(Schema):
    """A learning record store, and how far it was sent what it is owed."""

    id = fields.UUID(required=True)
    agreement_id = fields.UUID(required=True)
    endpoint = fields.String(required=True)
    key = fields.String(required=True)
    position = fields.Integer(
        required=True, metadata={"description": "The last entry of the feed it was sent."}
    )
    tries = fields.Integer(required=True)
    next_at = fields.AwareDateTime(required=True)
    failure = fields.String(required=True, allow_none=True)
    opened_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class RefusedStatementOut(Schema):
    """An entry of the feed whose statements were refused."""

    id = fields.UUID(required=True)
    seq = fields.Integer(required=True)
    failure = fields.String(required=True)
    refused_at = fields.AwareDateTime(required=True)


class TrainingRowIn(TrainingFields):
    """One row of a file of trainings; the organisation that trained is that of the agreement."""

    class Meta:
        """Left out of what is read."""

        exclude = ("provider_id", "topics", "trainers")

    record_id = fields.UUID(required=True)
    document_type = fields.Enum(
        DocumentType, by_value=True, load_default=DocumentType.RESIDENT_IDENTITY_CARD
    )
    document_number = fields.String(required=True, load_only=True, validate=validate.Length(1, 60))
    name = fields.String(required=True, validate=validate.Length(1, 100))

    @post_load
    def _role(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**values, "role": values["role"].value if values["role"] else None}


def training_columns() -> list[str]:
    """Return the columns of a file of trainings."""
    return sorted(TrainingRowIn().load_fields)


class FileQuery(Schema):
    """How many rows the file has."""

    row_count = fields.Integer(required=True, strict=True, validate=validate.Range(1, 20_000))


class SystemTokenIn(Schema):
    """What a system sends for a token, beside its id and secret in the header or here."""

    grant_type = fields.String(required=True, validate=validate.Equal("client_credentials"))
    scope = fields.String(
        metadata={"description": "Abilities by spaces; all that are agreed where left out."}
    )
    client_id = fields.String()
    client_secret = fields.String(load_only=True)


class SystemTokenOut(Schema):
    """The token of a system (RFC 6749 section 5.1)."""

    token_type = fields.String(required=True)
    access_token = fields.String(required=True)
    expires_in = fields.Integer(required=True)
    scope = fields.String(required=True)
