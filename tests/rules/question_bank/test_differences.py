"""What differs between two contents."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from question_bank import differences
from question_bank.differences import Part, Piece


def a_version(**changes: Any) -> Any:
    values = {
        "kind": "single_choice",
        "stem": "操作证每3年复审1次。",
        "options": [{"label": "A", "text": "甲"}, {"label": "B", "text": "乙"}],
        "key": ["A"],
        "explanation": None,
        "topic": "法规",
        "difficulty": "0.80",
        "law_citation": None,
    }
    return SimpleNamespace(**{**values, **changes})


def test_words_are_chinese_signs_and_whole_numbers() -> None:
    assert differences.words("操作证每3年复审", "操作证每6.5年换证") == (
        Piece(part=Part.SAME, text="操作证每"),
        Piece(part=Part.REMOVED, text="3"),
        Piece(part=Part.ADDED, text="6.5"),
        Piece(part=Part.SAME, text="年"),
        Piece(part=Part.REMOVED, text="复审"),
        Piece(part=Part.ADDED, text="换证"),
    )


@given(st.text(), st.text())
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = differences.words(before, after)

    assert "".join(one.text for one in pieces if one.part is not Part.ADDED) == before
    assert "".join(one.text for one in pieces if one.part is not Part.REMOVED) == after


def test_only_fields_that_differ_are_named_in_the_order_of_reading() -> None:
    changed = a_version(
        key=["B"],
        options=[{"label": "A", "text": "甲"}, {"label": "B", "text": "丙"}],
        explanation="见法规",
    )

    found = differences.between(a_version(), changed)

    assert [(one.field, one.before, one.after) for one in found] == [
        ("options", "A. 甲\nB. 乙", "A. 甲\nB. 丙"),
        ("key", "A", "B"),
        ("explanation", None, "见法规"),
    ]
    assert differences.between(a_version(), a_version()) == []
