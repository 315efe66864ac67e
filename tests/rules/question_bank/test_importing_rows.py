"""Rows: each defect of real sheets has its case."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from question_bank.importing.drafts import Draft, Outcome
from question_bank.kinds import Kind
from tests.rules.question_bank.sheet_rows import FULL, THREE, codes, drafted, one, rows


def test_a_plain_row_is_imported() -> None:
    report = one("第一部分", "单选题", "1.谁负责？", THREE, "C")

    assert report.outcome is Outcome.IMPORTED
    assert report.row == 2
    assert drafted(report) == Draft(
        kind=Kind.SINGLE_CHOICE,
        stem="谁负责？",
        options=("甲", "乙", "丙"),
        key=("C",),
        topic="第一部分",
    )


def test_explanation_difficulty_and_law_come_along() -> None:
    report = one("一", "多选题", "选？", THREE, "AC", "因为", "0.35", "安全生产法", header=FULL)

    draft = drafted(report)
    assert (draft.explanation, draft.difficulty, draft.law_citation) == (
        "因为",
        Decimal("0.35"),
        "安全生产法",
    )


@pytest.mark.parametrize(
    ("cell", "difficulty", "said"),
    [
        ("易", Decimal("0.8"), []),
        ("难", Decimal("0.4"), []),
        (0.5, Decimal("0.5"), []),
        ("", None, []),
        ("3星", None, ["difficulty_unreadable"]),
        (5, None, ["difficulty_unreadable"]),
        ("NaN", None, ["difficulty_unreadable"]),
    ],
)
def test_difficulty_is_a_share_or_a_word(
    cell: object, difficulty: Decimal | None, said: list[str]
) -> None:
    report = one("一", "单选题", "选？", THREE, "A", "", cell, "", header=FULL)

    assert drafted(report).difficulty == difficulty
    assert codes(report) == said


@pytest.mark.parametrize(
    ("stem", "text"),
    [
        ("12.题干", "题干"),
        ("12．题干", "题干"),
        ("12、题干", "题干"),
        ("12，题干", "题干"),
        ("12,题干", "题干"),
        ("12 . 题干", "题干"),
        ("（12）题干", "题干"),
        ("12.\u00a0题干", "题干"),
        ("12、36V是安全电压", "36V是安全电压"),
    ],
)
def test_running_numbers_are_stripped(stem: str, text: str) -> None:
    report = one("一", "单选题", stem, THREE, "A")

    assert drafted(report).stem == text
    assert report.outcome is Outcome.IMPORTED


@pytest.mark.parametrize("stem", ["1.5倍的电流", "36V是安全电压", "220V，100W的灯", "2米以上"])
def test_numbers_that_belong_to_the_stem_stay(stem: str) -> None:
    assert drafted(one("一", "单选题", stem, THREE, "A")).stem == stem


def test_neighbours_prove_a_number_without_a_separator() -> None:
    first, second, third = rows(
        ["一", "单选题", "177.甲", THREE, "A"],
        ["一", "单选题", "178关于乙", THREE, "A"],
        ["一", "单选题", "179.1MΩ是多少", THREE, "A"],
    )

    assert [drafted(row).stem for row in (first, second, third)] == ["甲", "关于乙", "1MΩ是多少"]
    assert codes(second) == codes(third) == ["bare_number_removed"]


def test_a_number_typed_over_a_numbered_stem_is_stripped_twice() -> None:
    _, second = rows(
        ["一", "单选题", "53.甲", THREE, "A"], ["一", "单选题", "54.54、乙", THREE, "A"]
    )

    assert drafted(second).stem == "乙"


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ("判断题", Kind.TRUE_FALSE),
        ("是非题", Kind.TRUE_FALSE),
        ("T/F", Kind.TRUE_FALSE),
        ("一、判断题（每题1分）", Kind.TRUE_FALSE),
        ("true_false", Kind.TRUE_FALSE),
    ],
)
def test_true_false_has_many_names(named: str, kind: Kind) -> None:
    assert drafted(one("一", named, "对吗", "**A.正确**B.错误", "A")).kind is kind


@pytest.mark.parametrize(
    ("named", "key", "kind"),
    [
        ("单项选择题", "A", Kind.SINGLE_CHOICE),
        ("single_choice", "A", Kind.SINGLE_CHOICE),
        ("多项选择题", "AB", Kind.MULTIPLE_CHOICE),
        ("不定项选择题", "ABC", Kind.MULTIPLE_CHOICE),
    ],
)
def test_choices_have_many_names(named: str, key: str, kind: Kind) -> None:
    report = one("一", named, "选？", THREE, key)

    assert (drafted(report).kind, codes(report)) == (kind, [])


@pytest.mark.parametrize(
    ("cell", "key", "right", "said"),
    [
        ("**A.正确**B.错误", "A", "A", []),
        ("**A.正确**B.错误", "B", "B", []),
        ("**A.正确**B.错误", "错误", "B", []),
        ("**A：正确**B：不正确", "B", "B", ["true_false_wording"]),
        ("**A.错误**B.正确", "A", "B", ["true_false_wording"]),
        ("对##错", "B", "B", ["label_missing", "true_false_wording"]),
        ("", "正确", "A", []),
        ("", "不正确", "B", []),
        ("", "√", "A", []),
        ("", "×", "B", []),
        ("", "T", "A", []),
        ("", "f", "B", []),
        ("", True, "A", []),
        ("", "A", "A", ["true_false_by_letter"]),
        ("", "b", "B", ["true_false_by_letter"]),
    ],
)
def test_right_and_wrong_are_written_in_many_ways(
    cell: str, key: object, right: str, said: list[str]
) -> None:
    report = one("一", "判断题", "对吗", cell, key)

    assert (drafted(report).options, drafted(report).key) == (("正确", "错误"), (right,))
    assert codes(report) == said


@pytest.mark.parametrize(
    ("named", "cell", "key", "code"),
    [
        ("单选题", THREE, "", "key_missing"),
        ("单选题", THREE, None, "key_missing"),
        ("判断题", "", "  ", "key_missing"),
        ("判断题", "**A.正确**B.错误", "AB", "single_choice_with_several_keys"),
        ("判断题", "", "1", "true_false_is_a_number"),
        ("判断题", "", "C", "key_names_no_option"),
        ("单选题", THREE, "E", "key_names_no_option"),
        ("单选题", THREE, "2", "key_is_a_number"),
        ("单选题", THREE, "AB", "single_choice_with_several_keys"),
        ("单选题", "", "A", "options_missing"),
        ("单选题", "**A.甲", "A", "too_few_options"),
        ("单选题", "**A、 **B、 **C、", "A", "option_empty"),
        ("单选题", "**A.10A**B.10 A**C.5A", "A", "options_alike"),
        ("单选题", "##".join(f"第{n}" for n in range(11)), "A", "too_many_options"),
        ("填空题", "", "36", "kind_unsupported"),
        ("1", THREE, "A", "kind_is_a_number"),
        ("单选题", "甲" * 5000, "A", "cell_too_long"),
        ("单选题", date(2026, 3, 4), "A", "cell_is_a_date"),
        ("单选题", THREE, time(1, 2), "cell_is_a_date"),
    ],
)
def test_a_row_that_is_no_sound_question_is_refused(
    named: str, cell: object, key: object, code: str
) -> None:
    report = one("一", named, "选？", cell, key)

    assert report.outcome is Outcome.REFUSED
    assert report.draft is None
    assert codes(report)[-1] == code


@pytest.mark.parametrize(
    ("stem", "code"),
    [
        ("", "stem_missing"),
        ("12.", "stem_missing"),
        ("12.（ ）", "stem_missing"),
        ("1+1=（ ）", None),
        ("下图的符号表示（）。", "figure_missing"),
        ("如图所示，电流为（）。", "figure_missing"),
        ("图 是()触头。", "figure_missing"),
        ("由图3可知（）。", "figure_missing"),
        ("电气原理图中的元件", None),
        ("下图纸的保管", None),
    ],
)
def test_stems_without_words_or_without_their_figure_are_refused(
    stem: str, code: str | None
) -> None:
    said = codes(one("一", "单选题", stem, THREE, "A"))

    assert [one for one in said if one != "running_number_removed"] == ([code] if code else [])


def test_a_single_choice_among_multiple_choices_becomes_what_it_is() -> None:
    report = one("一", "多选题", "选？", THREE, "B")

    assert drafted(report).kind is Kind.SINGLE_CHOICE
    assert codes(report) == ["kind_corrected"]


def test_a_choice_named_true_false_becomes_what_it_is() -> None:
    report = one("一", "判断题", "电阻（）", "**A.增大**B.减小", "B")

    assert drafted(report).kind is Kind.SINGLE_CHOICE
    assert codes(report) == ["kind_corrected"]


def test_a_true_false_named_a_choice_becomes_what_it_is() -> None:
    report = one("一", "单选题", "对吗", "**A.正确**B.错误", "B")

    assert drafted(report).kind is Kind.TRUE_FALSE
    assert codes(report) == ["kind_corrected"]


@pytest.mark.parametrize(
    ("cell", "key", "kind", "said"),
    [
        (THREE, "A", Kind.SINGLE_CHOICE, ["kind_inferred"]),
        (THREE, "AB", Kind.MULTIPLE_CHOICE, ["kind_inferred"]),
        ("**A.正确**B.错误", "A", Kind.TRUE_FALSE, []),
        ("", "错误", Kind.TRUE_FALSE, []),
    ],
)
def test_a_missing_kind_shows_in_options_and_key(
    cell: str, key: str, kind: Kind, said: list[str]
) -> None:
    for named in ("", "选择题"):
        report = one("一", named, "选？", cell, key)
        assert drafted(report).kind is kind
        assert set(codes(report)) >= set(said)


def test_keys_with_spaces_or_in_lower_case_are_tidied() -> None:
    for key in ("BC  ", "bc", " b,c"):
        report = one("一", "多选题", "选？", THREE, key)
        assert drafted(report).key == ("B", "C")
        assert (report.outcome, codes(report)) == (Outcome.REPAIRED, ["key_tidied"])


def test_broken_lines_are_joined_without_a_space_except_between_latin_words() -> None:
    report = one("一", "单选题", "安全生产\n 中因safety\nfirst（\t）\n\n", THREE, "A")

    assert drafted(report).stem == "安全生产中因safety first（ ）"
    assert codes(report) == ["lines_joined"]


def test_control_characters_and_halves_of_characters_are_removed() -> None:
    report = one("一", "单选题", "安\u0000全\ud800生\u200b产", THREE, "A")

    assert drafted(report).stem == "安全生产"
    assert codes(report) == ["characters_removed"]
