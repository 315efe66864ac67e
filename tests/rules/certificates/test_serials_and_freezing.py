"""Serials people type, and content that is frozen."""

from __future__ import annotations

import pytest

from certificates import freezing, serials

CHANCE = bytes(range(100, 110))


def test_a_serial_has_sixteen_characters_that_look_like_no_other():
    made = serials.serial(CHANCE)

    assert len(made) == 16
    assert not set(made) & set("ILOU")
    assert serials.read(made) == made


def test_different_chance_makes_different_serials():
    assert serials.serial(bytes(10)) == "0" * 16
    assert serials.serial(b"\xff" * 10) == "Z" * 16


@pytest.mark.parametrize("chance", [b"", bytes(9), bytes(11)])
def test_too_little_or_too_much_chance_is_refused(chance):
    with pytest.raises(ValueError, match="10 bytes"):
        serials.serial(chance)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("7k3m-9q2x-w8zt-4b6n", "7K3M9Q2XW8ZT4B6N"),
        ("oil0 0000 0000 0000", "0110000000000000"),
        ("7K3M", None),
        ("7K3M9Q2XW8ZT4B6U", None),
        ("王" * 16, None),
        ("", None),
    ],
)
def test_what_people_type_is_read_as_they_meant_it(typed, read):
    assert serials.read(typed) == read


def test_the_hash_does_not_depend_on_the_order_of_fields():
    one = {"holder": {"name": "王", "sex": None}, "number": "1"}
    other = {"number": "1", "holder": {"sex": None, "name": "王"}}

    assert freezing.content_hash(one) == freezing.content_hash(other)
    assert freezing.canonical(one).decode() == '{"holder":{"name":"王","sex":null},"number":"1"}'


def test_any_change_changes_the_hash():
    assert freezing.content_hash({"a": "1"}) != freezing.content_hash({"a": 1})
