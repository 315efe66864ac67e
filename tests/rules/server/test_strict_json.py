"""What a body may not be."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import strict_json
from server.errors import Unreadable

REFUSED = {
    "not UTF-8": b"\xff{}",
    "not JSON": b"{",
    "nothing but space": b"  ",
    "a key twice": b'{"a": 1, "a": 2}',
    "a key twice, deep inside": b'[{"b": {"a": 1, "a": 1}}]',
    "a number beyond all bounds": b"[1e400]",
    "an integer of 5,000 digits": b"[" + b"9" * 5000 + b"]",
    "NaN": b"[NaN]",
    "Infinity": b"[-Infinity]",
    "NUL in a text": b'["a\\u0000b"]',
    "NUL in a key": b'{"a\\u0000b": 1}',
    "half a surrogate pair": b'["\\ud800"]',
    "the other half": b'{"a": ["\\udfff"]}',
    "nesting of 100,000": b"[" * 100_000 + b"]" * 100_000,
    "nesting of objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_what_would_be_lost_doubled_or_dangerous_is_unreadable(body):
    with pytest.raises(Unreadable):
        strict_json.read(body)


def test_a_whole_surrogate_pair_is_one_character():
    assert strict_json.read(b'["\\ud83d\\ude00"]') == ["\U0001f600"]


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
things = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)


@given(things, st.booleans())
def test_every_sound_thing_is_read_as_it_was_written(thing, ascii_only):
    assert strict_json.read(json.dumps(thing, ensure_ascii=ascii_only).encode()) == thing
