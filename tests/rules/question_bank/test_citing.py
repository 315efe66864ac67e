"""What a text cites, and what its words show."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from question_bank import citing
from question_bank.citing import Citation, Phrase
from question_bank.fingerprint import folded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("《安全生产法》第二十五条", Citation(title="安全生产法", articles=(25,))),
        ("《中华人民共和国安全生产法》第 25 条", Citation(title="安全生产法", articles=(25,))),
        ("《中华人民共和国安全生产法》第25条", Citation(title="安全生产法", articles=(25,))),
        (
            "《规定》（令第三十号）第二十一条、第二十三条",
            Citation(title="规定", order="30", articles=(21, 23)),
        ),
        (
            "《办法》（安监〔2013〕104号）第二十八条",
            Citation(title="办法", order="2013-104", articles=(28,)),
        ),
        ("《办法》", Citation(title="办法")),
    ],
)
def test_a_citation_names_title_order_and_articles(text: str, found: Citation) -> None:
    assert list(citing.citations(text)) == [found]


@pytest.mark.parametrize("text", [None, "", "安全生产法第二十五条", "《》第一条"])
def test_without_a_title_nothing_is_cited(text: str | None) -> None:
    assert list(citing.citations(text)) == []


def test_each_title_of_a_text_is_a_citation_of_its_own() -> None:
    cited = citing.citations("《甲法》第一条；《乙规定》（令第19号）第百二条")

    assert [(one.title, one.order, one.articles) for one in cited] == [
        ("甲法", "", (1,)),
        ("乙规定", "19", (102,)),
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [("十", 10), ("十五", 15), ("二十", 20), ("九十九", 99), ("一百零三", 103), ("110", 110)],
)
def test_numerals_are_read_in_both_scripts(text: str, number: int) -> None:
    assert citing.numeral(text) == number


def test_a_phrase_needs_a_word_of_every_group_and_none_that_excludes() -> None:
    phrase = Phrase(all_of=[["操作证", "特种作业"], ["复审"]], none_of=["第19号"])

    assert citing.shows(phrase, "特种作业操作证每年复审1次")
    assert not citing.shows(phrase, "特种作业操作证有效期为6年")
    assert not citing.shows(phrase, "按第19号令,操作证不再复审")


def shipped(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(
        files("question_bank").joinpath("law_library", name).read_text("utf-8")
    )
    return rows


def test_the_words_of_shipped_phrases_can_be_met_by_folded_text() -> None:
    for phrase in shipped("phrases.json"):
        words = [word for group in phrase["all_of"] for word in group] + phrase["none_of"]
        assert [word for word in words if folded(word) != word or not word] == [], phrase["code"]


def test_what_the_shipped_library_names_is_there() -> None:
    laws = {law["code"]: law for law in shipped("laws.json")}

    assert all(law.get("replaced_by", "work_safety_law") in laws for law in laws.values())
    for law in laws.values():
        successors = {one.get("ref") for one in laws.get(law.get("replaced_by"), law)["articles"]}
        named = {one["replaced_by"] for one in law["articles"] if "replaced_by" in one}
        assert named <= successors, law["code"]
        assert all(one["source"] and one["text"] for one in law["articles"])
    for phrase in shipped("phrases.json"):
        numbers = [one["article"] for one in laws[phrase["law"]]["articles"]]
        assert phrase["article"] is None or phrase["article"] in numbers
