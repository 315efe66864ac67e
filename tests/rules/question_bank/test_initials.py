"""First letters of pinyin, and words of the index."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import grams
from question_bank.fingerprint import folded
from question_bank.initials import TABLE, initials
from tests import pinyin_table


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("特种作业操作证", "tzzyczz"),
        ("重庆的重量", "cqdzl"),
        ("长度与增长", "cdyzz"),
        ("用380V电压, 调整。", "y dy tz"),
        ("银行与行车", "yhyxc"),
        ("PVC", ""),
        ("", ""),
    ],
)
def test_a_sign_is_read_as_in_its_phrase(text: str, letters: str) -> None:
    assert initials(folded(text)) == letters


@given(st.text(max_size=60), st.data())
def test_every_part_of_two_signs_or_more_is_asked_for_by_words_of_the_text(
    text: str, data: st.DataObject
) -> None:
    said = folded(text)
    start = data.draw(st.integers(0, max(0, len(said) - 2)))
    end = data.draw(st.integers(min(start + 2, len(said)), len(said)))

    asked = grams.sought(said[start:end], conjunction=" & ", disjunction=" | ")

    known = set(grams.document(said, "").split())
    if end - start < 2:
        assert asked is None
    else:
        assert asked is not None
        assert set(re.split(r" & ", re.sub(r"\) \| .*|[()]", "", asked))) <= known


def test_words_of_the_index_are_letters_and_digits() -> None:
    assert list(grams.grams("≥10Ω,𡠍")) == [
        "g226531",
        "g3130",
        "g30" + f"{ord('Ω'):x}",
        "g" + f"{ord('Ω'):x}2c",
        "g2c2180d",
    ]
    assert grams.sought("czz", conjunction=" & ", disjunction=" | ") == (
        "(g637a & g7a7a) | (p637a & p7a7a)"
    )
    assert grams.sought("压", conjunction=" & ", disjunction=" | ") is None


def test_the_table_says_what_the_dictionary_says() -> None:
    assert TABLE.read_text("utf-8") == pinyin_table.written()
