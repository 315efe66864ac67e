"""What goes in and out about messages (消息的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.messages.models import ChannelKind


class MessageOut(Schema):
    """Something that was told."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    title_zh = fields.String(required=True)
    title_en = fields.String(required=True)
    body_zh = fields.String(required=True)
    body_en = fields.String(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    made_at = fields.AwareDateTime(required=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)


class ChannelIn(Schema):
    """Where messages are sent, too."""

    organisation_id = fields.UUID(required=True)
    kind = fields.Enum(ChannelKind, by_value=True, required=True)
    address = fields.String(required=True, validate=validate.Length(5, 500))


class ChannelOut(ChannelIn):
    """A channel."""

    id = fields.UUID(required=True)
    opened_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class ChannelOpenedOut(Schema):
    """A channel, and once its secret."""

    channel = fields.Nested(ChannelOut, required=True)
    secret = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Signs what a webhook is sent; told once, when it is opened."},
    )
