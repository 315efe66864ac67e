"""The audit holds plain values, and no identity number in clear."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.audit import masking
from tests.moments import NOON

NUMBER = "110105194912310021"


class Colour(StrEnum):
    """A text enum."""

    RED = "red"


class Level(IntEnum):
    """A number enum."""

    HIGH = 3


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        "11010519491231002X",
        "11010519491231002x",
        f"证件号{NUMBER}有误",
        f"T{NUMBER}",
        "１１０１０５１９４９１２３１００２１",
        f"a {NUMBER}, b",
    ],
)
def test_an_identity_number_is_recognised_wherever_it_stands(text: str):
    assert masking.looks_like_an_id_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "110***********0021",
        "91110000600037341L",
        "12100000400000624D",
        "110105194913310021",
        f"9{NUMBER}",
        f"{NUMBER}7",
        "13912345678",
        "20260615040000000000",
        str(UUID("11010519-4912-4100-8a21-000000000000")),
        "",
    ],
)
def test_what_only_resembles_one_is_let_through(text: str):
    assert not masking.looks_like_an_id_number(text)


@pytest.mark.parametrize(
    "value",
    [
        {"number": NUMBER},
        {NUMBER: "number"},
        {"a": [{"b": [NUMBER]}]},
        {"n": int(NUMBER)},
        NUMBER,
    ],
)
def test_an_identity_number_is_found_anywhere_in_a_value(value: masking.Plain):
    assert masking.holds_an_id_number(value)


def test_a_value_without_one_is_let_through():
    assert not masking.holds_an_id_number({"a": [1, None, True, "x"], "b": {}})


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Colour.RED, "red"),
        (Level.HIGH, 3),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (date(2026, 6, 15), "2026-06-15"),
        (NOON.astimezone(timezone(timedelta(hours=8))), "2026-06-15T04:00:00+00:00"),
        (datetime(2026, 6, 15, 4, tzinfo=NOON.tzinfo), "2026-06-15T04:00:00+00:00"),
        (Decimal("1.50"), "1.50"),
        (Fraction(1, 3), "1/3"),
        (0.5, "0.5"),
        ((1, 2), [1, 2]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({Colour.RED: {1: None}}, {"red": {"1": None}}),
        (True, True),
        ("a\x00b", "a\ufffdb"),
        ("a\ud800b", "a?b"),
    ],
)
def test_a_value_is_kept_in_its_plain_form(value: object, plain: masking.Plain):
    assert masking.plain(value) == plain


@pytest.mark.parametrize("value", [b"bytes", object(), bytearray(b"x")])
def test_what_has_no_plain_form_is_a_mistake_of_the_caller(value: object):
    with pytest.raises(TypeError):
        masking.plain(value)


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.floats(), st.uuids()),
        lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    )
)
def test_a_plain_value_survives_json_unchanged(value: object):
    plain = masking.plain(value)

    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert masking.plain(plain) == plain
