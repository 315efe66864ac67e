"""The schema library speaks both languages."""

from __future__ import annotations

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from server.translations import MOST_ERRORS, flattened, in_both


class Everything(Schema):
    """One field of every kind that the platform reads."""

    text = fields.String(required=True, validate=validate.Length(2, 5))
    short = fields.String(validate=validate.Length(min=3))
    count = fields.Integer(strict=True, validate=validate.Range(1, 9))
    moment = fields.AwareDateTime()
    day = fields.Date()
    one = fields.UUID()
    yes = fields.Boolean()
    many = fields.List(fields.Integer())
    kind = fields.String(validate=validate.OneOf(["a", "b"]))
    inner = fields.Nested(lambda: Everything(only=("count",)))


@pytest.mark.parametrize(
    "thing",
    [
        {},
        {"text": None},
        {"text": 1},
        {"text": "a"},
        {"text": "ab", "short": "a"},
        {"text": "ab", "count": 0},
        {"text": "ab", "count": 1.5},
        {"text": "ab", "moment": "2026-01-01T00:00:00"},
        {"text": "ab", "day": "yesterday"},
        {"text": "ab", "one": "1"},
        {"text": "ab", "yes": "maybe"},
        {"text": "ab", "many": 1},
        {"text": "ab", "kind": "c"},
        {"text": "ab", "surprise": 1},
        {"text": "ab", "inner": {"count": "x"}},
        {"text": "ab", "inner": 5},
        [],
    ],
)
def test_every_complaint_of_the_library_has_a_chinese_sentence(thing):
    with pytest.raises(ValidationError) as caught:
        Everything().load(thing)

    sentences = [m for messages in flattened(caught.value.messages).values() for m in messages]

    assert sentences
    assert all(message.zh != message.en for message in sentences)


def test_values_named_in_a_sentence_stand_in_both_languages():
    message = in_both("Length must be between 2 and 5.")
    assert message.zh == "长度应在 2 到 5 之间。"


def test_a_sentence_nobody_translated_is_shown_as_it_is():
    assert in_both("Peculiar.").zh == "Peculiar."


def test_nested_fields_are_named_by_their_path():
    assert list(flattened({"items": {3: {"key": ["Unknown field."]}}})) == ["items.3.key"]


def test_a_body_of_garbage_does_not_buy_an_endless_reply():
    assert len(flattened({str(n): ["Unknown field."] for n in range(10_000)})) == MOST_ERRORS
