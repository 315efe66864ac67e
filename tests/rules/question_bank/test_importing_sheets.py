"""Sheets: headers, headings, doubles, notes of the staff."""

from __future__ import annotations

import pytest

from question_bank.importing.drafts import Outcome, Report
from question_bank.importing.reasons import REASONS, Weight, reason
from question_bank.importing.sheets import Sheet, read_sheets
from tests.rules.question_bank.sheet_rows import HEADER, THREE, codes, drafted, one, rows


def test_rows_of_spaces_are_no_rows_and_numbers_stay_those_of_the_sheet() -> None:
    reports = rows(["", " ", None, "\u3000", ""], ["一", "单选题", "选？", THREE, "A"])

    assert [report.row for report in reports] == [3]


def test_headings_and_repeated_headers_are_passed_over() -> None:
    reports = rows(
        ["二、单选题（每题1分）", "", "", "", ""],
        ["", "", "三、多选题", "", ""],
        HEADER,
        ["", "", "没有选项的题干", "", ""],
    )

    assert [(report.outcome.value, codes(report)) for report in reports] == [
        ("ignored", ["row_is_a_heading"]),
        ("ignored", ["row_is_a_heading"]),
        ("ignored", ["row_repeats_header"]),
        ("refused", ["key_missing"]),
    ]


def test_the_same_question_twice_in_a_file_is_taken_once() -> None:
    first, second = rows(
        ["一", "单选题", "1.选？", THREE, "A"], ["二", "单选题", "2. 选？", THREE, "A"]
    )

    assert (first.outcome, second.outcome) == (Outcome.IMPORTED, Outcome.DUPLICATE)
    assert second.reasons[-1].zh == "与“题库”第 2 行相同。"


@pytest.mark.parametrize(
    "header",
    [
        ["", "题型", "题干", "选项", "答案"],
        ["序号", "试题类型(判断题、单选题、多选题)", "题目内容 *", "题目选项(##隔开)", "正确答案"],
        ["图片", "category", "title", "choices", "answers"],
    ],
)
def test_headers_are_found_behind_empty_and_strange_columns(header: list[str]) -> None:
    report = one("", "单选题", "选？", THREE, "B", header=header)

    assert (drafted(report).key, drafted(report).topic) == (("B",), None)


def test_titles_above_the_header_are_passed_over() -> None:
    sheet = Sheet("题库", [["2026年题库"], [], HEADER, ["一", "单选题", "选？", THREE, "A"]])

    [report] = read_sheets([sheet]).rows
    assert report.row == 4


def test_options_may_stand_in_columns_of_their_own() -> None:
    header = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案"]

    report = one("单选题", "选？", "A. 10", 20.0, "30", "", "B", header=header)
    short = one("单选题", "选？", "甲", "乙", header=[*header[:1], "题干", "答案", "A", "B"])

    assert drafted(report).options == ("10", "20", "30")
    assert codes(short)[-1] == "too_few_options"


def test_one_column_of_all_options_counts_before_columns_of_letters() -> None:
    header = ["题型", "题干", "选项", "答案", "A"]

    assert drafted(one("单选题", "选？", THREE, "B", "x", header=header)).options[0] == "甲"


def test_without_a_header_the_columns_show_themselves() -> None:
    sheet = Sheet(
        "题库",
        [
            ["", "单选题", f"{number}.第{number}个题干很长很长", THREE, key]
            for number, key in enumerate("ABCABC", 1)
        ],
    )

    report = read_sheets([sheet])

    assert report.counts[Outcome.IMPORTED] == 6
    assert next(report.rows).row == 1


def test_a_sheet_of_staff_notes_is_refused() -> None:
    notes = Sheet("备注", [["姓名", "负责"], ["甲", "录入"], ["乙", "校对"]])

    [sheet] = read_sheets([notes]).sheets

    assert sheet.is_refused
    assert [said.code for said in sheet.reasons] == ["sheet_is_no_question_sheet"]


def test_an_empty_sheet_is_ignored_with_a_word() -> None:
    for empty in (Sheet("Sheet2", []), Sheet("Sheet3", [["", None], [" "]])):
        [sheet] = read_sheets([empty]).sheets
        assert [said.code for said in sheet.reasons] == ["sheet_empty"]
        assert not sheet.is_refused


def test_a_sheet_with_keys_alone_is_no_question_sheet() -> None:
    for cells in ([["A"], ["B"]], [["单选题", "A"]], [["选？", "A"]], [[1, 2]]):
        [sheet] = read_sheets([Sheet("x", cells)]).sheets
        assert sheet.is_refused, cells


def test_every_reason_speaks_both_languages_about_its_facts() -> None:
    facts = dict.fromkeys(
        ("number", "label", "labels", "key", "kind", "value", "column", "most", "sheet", "row"), "x"
    )
    for code, (weight, zh, en) in REASONS.items():
        said = reason(code, **facts)
        assert said.weight is weight
        assert "{" not in said.zh + said.en
        assert zh.isascii() is False
        assert en.isascii() or "“" in en or "…" in en or "正确" in en


def test_a_report_counts_every_outcome() -> None:
    report = read_sheets([Sheet("题库", [HEADER, ["一", "单选题", "选？", THREE, "A"]])])

    assert report.counts == {
        Outcome.IMPORTED: 1,
        Outcome.REPAIRED: 0,
        Outcome.REFUSED: 0,
        Outcome.DUPLICATE: 0,
        Outcome.IGNORED: 0,
    }
    assert Report(()).counts[Outcome.REFUSED] == 0
    assert Weight.TIDIED.value == "tidied"
