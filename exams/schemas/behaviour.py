"""Conduct in an attempt, as phones tell it and as people see it."""

from __future__ import annotations

from marshmallow import Schema, fields, post_load, validate

from exams.behaviour import BY_PHONE, HIGHEST_NUMBER, MOST_EVENTS, Conduct, Told

#: A day in milliseconds: longer than any exam.
_DAY_MS = 86_400_000


class ToldIn(Schema):
    """One event, told by a phone."""

    number = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, HIGHEST_NUMBER),
        metadata={"description": "The phone's own number of the event."},
    )
    kind = fields.Enum(
        Conduct, by_value=True, required=True, validate=validate.OneOf(sorted(BY_PHONE))
    )
    slot = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 10_000)
    )
    at_ms = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(0, _DAY_MS),
        metadata={"description": "Milliseconds since the start, by the phone's steady clock."},
    )
    lasted_ms = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(0, _DAY_MS)
    )

    @post_load
    def _made(self, data: dict[str, object], **_: object) -> Told:
        return Told(**data)  # type: ignore[arg-type]  # the fields above are its fields


class BehaviourIn(Schema):
    """What a phone has to tell of conduct."""

    epoch = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 32_767))
    events = fields.List(
        fields.Nested(ToldIn), required=True, validate=validate.Length(max=MOST_EVENTS)
    )


class BehaviourKept(Schema):
    """How many of the events that were told are held."""

    held_count = fields.Integer(required=True)


class BehaviourEventOut(Schema):
    """One event: evidence for people, without any consequence by itself."""

    epoch = fields.Integer(
        required=True, metadata={"description": "The phone; 0 where the server saw it."}
    )
    number = fields.Integer(required=True)
    kind = fields.Enum(Conduct, by_value=True, required=True)
    slot = fields.Integer(required=True, allow_none=True)
    at_ms = fields.Integer(required=True, allow_none=True)
    lasted_ms = fields.Integer(required=True, allow_none=True)
    detail = fields.String(required=True, allow_none=True)
    received_at = fields.AwareDateTime(required=True)
