"""The content of a question as a person writes it."""

from __future__ import annotations

from typing import Any

import pytest

from question_bank.content import Content, sound
from question_bank.errors import QuestionUnsound
from question_bank.fingerprint import fingerprint
from question_bank.kinds import Kind


def a_content(**changes: Any) -> Content:
    values: dict[str, Any] = {
        "kind": Kind.SINGLE_CHOICE,
        "stem": "触电急救首先应当（）。",
        "options": ("切断电源", "拨打电话", "心肺复苏"),
        "key": ("A",),
    }
    return Content(**{**values, **changes})


def test_a_sound_question_is_brought_into_its_usual_form() -> None:
    written = a_content(
        kind=Kind.MULTIPLE_CHOICE, stem=" 题 ", options=(" 甲", "乙 "), key=("B", "A", "B")
    )

    content = sound(written)

    assert (content.stem, content.options, content.key) == ("题", ("甲", "乙"), ("A", "B"))


def test_a_true_false_question_has_its_two_options_by_itself() -> None:
    content = sound(a_content(kind=Kind.TRUE_FALSE, options=(), key=("B",)))

    assert content.options == ("正确", "错误")


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("stem", {"stem": " 　"}),
        ("options", {"options": ("甲",)}),
        ("options", {"options": tuple(str(n) for n in range(11))}),
        ("options", {"options": ("10 A", "10A")}),
        ("options", {"options": ("甲", " ")}),
        ("options", {"kind": Kind.TRUE_FALSE, "options": ("对", "错")}),
        ("key", {"key": ()}),
        ("key", {"key": ("D",)}),
        ("key", {"key": ("A", "B")}),
    ],
)
def test_an_unsound_question_is_refused_where_it_is_unsound(
    field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(QuestionUnsound) as refused:
        sound(a_content(**changes))

    assert list(refused.value.errors) == [field]


def test_what_people_do_not_see_makes_no_other_question() -> None:
    wide = a_content(stem="触电急救　首先应当（）。", options=("切断 电源", "拨打电话", "心肺复苏"))

    assert wide.fingerprint == a_content().fingerprint


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": Kind.MULTIPLE_CHOICE},
        {"stem": "触电急救其次应当（）。"},
        {"options": ("拨打电话", "切断电源", "心肺复苏")},
        {"key": ("B",)},
    ],
)
def test_another_content_is_another_question(changes: dict[str, Any]) -> None:
    assert a_content(**changes).fingerprint != a_content().fingerprint


def test_texts_cannot_flow_into_each_other() -> None:
    assert fingerprint(Kind.SINGLE_CHOICE, "甲", ["乙丙", "丁"], "A") != fingerprint(
        Kind.SINGLE_CHOICE, "甲", ["乙", "丙丁"], "A"
    )
