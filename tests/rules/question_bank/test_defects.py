"""Every defect of real workbooks, each in a workbook that shows it, and what becomes of it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter

from question_bank import reading
from question_bank.importing.columns import Column, Layout
from question_bank.importing.drafts import Outcome, RowReport
from question_bank.importing.sheets import Choices, read_sheets
from question_bank.kinds import Kind
from tests.factories.question_bank import a_workbook

HEAD = ["题型", "题干", "选项", "答案"]
ONE, MANY, TWO = "单选题", "多选题", "判断题"
OPTIONS = "**A.甲**B.乙**C.丙"
OK, MENDED, NO, DOUBLE, SKIPPED = (
    Outcome.IMPORTED,
    Outcome.REPAIRED,
    Outcome.REFUSED,
    Outcome.DUPLICATE,
    Outcome.IGNORED,
)


def rows_of(*sheets: list[list[Any]]) -> list[RowReport]:
    """Return what becomes of the rows of a workbook with these sheets."""
    return list(read_sheets(reading.read(a_workbook(*sheets)).sheets).rows)


def one_row(*cells: Any, head: Sequence[str] = HEAD) -> RowReport:
    """Return what becomes of one row beneath a header."""
    [row] = rows_of([list(head), list(cells)])
    return row


#: Options as they are written; all of them mean 甲, 乙, 丙.
WRITTEN = {
    "two stars": ("**A.甲**B.乙**C.丙", OK),
    "two hashes": ("##A.甲##B.乙##C.丙", OK),
    "three stars": ("***A.甲***B.乙***C.丙", MENDED),
    "none, labels alone": ("A.甲 B.乙 C.丙", MENDED),
    "run together": ("A.甲B.乙C.丙", MENDED),
    "ideographic comma": ("A、甲 B、乙 C、丙", MENDED),
    "colon": ("A:甲 B:乙 C:丙", MENDED),
    "full width": ("Ａ．甲 Ｂ．乙 Ｃ．丙", MENDED),  # the letters of real files
    "a label missing": ("**A.甲**乙**C.丙", MENDED),
    "a label doubled": ("**A.甲**B.乙**B.丙", MENDED),
    "lines": ("A.甲\nB.乙\nC.丙", MENDED),
    "tabs": ("A.甲\tB.乙\tC.丙", MENDED),
    "wide and fixed spaces": ("A.甲\u3000B.乙\u00a0\u00a0C.丙", MENDED),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_options_are_understood_however_they_are_parted(name: str) -> None:
    text, outcome = WRITTEN[name]

    row = one_row(ONE, "选哪个？", text, "B")

    assert row.draft is not None, row.reasons
    assert (row.draft.options, row.draft.key, row.outcome) == (("甲", "乙", "丙"), ("B",), outcome)


def test_stars_inside_a_unit_part_nothing() -> None:
    row = one_row(ONE, "最大电流为？", "**A.10m**A**B.30m**A**C.50m**A", "B")

    assert row.draft is not None
    assert row.draft.options == ("10mA", "30mA", "50mA")
    assert row.outcome is MENDED


@pytest.mark.parametrize("number", ["12.", "12、", "12，", "12．", "12. \t", "\u3000 12、"])  # real
def test_a_running_number_is_no_part_of_the_stem(number: str) -> None:
    row = one_row(ONE, f"{number}选哪个？", OPTIONS, "B")

    assert row.draft is not None
    assert row.draft.stem == "选哪个？"


@pytest.mark.parametrize("blank", ["\t", "\n", "\u3000", "\u00a0", "  "])
def test_blanks_of_every_kind_begin_and_end_nothing(blank: str) -> None:
    row = one_row(ONE, f"{blank}选{blank}哪个？{blank}", OPTIONS, f"{blank}B{blank}")

    assert row.draft is not None
    assert "".join(row.draft.stem.split()) == "选哪个？"
    assert row.draft.key == ("B",)


KINDS = {
    "判断题": (Kind.TRUE_FALSE, "", "错误", ("B",)),
    "是非题": (Kind.TRUE_FALSE, "", "×", ("B",)),
    "判断": (Kind.TRUE_FALSE, "A.正确 B.错误", "F", ("B",)),
    "T/F": (Kind.TRUE_FALSE, "", "T", ("A",)),
    "单选题": (Kind.SINGLE_CHOICE, OPTIONS, "B", ("B",)),
    "单项选择题": (Kind.SINGLE_CHOICE, OPTIONS, "b", ("B",)),
    "多选题": (Kind.MULTIPLE_CHOICE, OPTIONS, "A,C", ("A", "C")),
    "不定项选择题": (Kind.MULTIPLE_CHOICE, OPTIONS, "ac", ("A", "C")),
}


@pytest.mark.parametrize("said", KINDS)
def test_kinds_are_known_by_their_many_names(said: str) -> None:
    kind, options, key, right = KINDS[said]

    row = one_row(said, "对不对，选哪个？", options, key)

    assert row.draft is not None, row.reasons
    assert (row.draft.kind, row.draft.key) == (kind, right)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ((TWO, "对不对？", "", 1), "true_false_is_a_number"),
        ((TWO, "对不对？", "", "0"), "true_false_is_a_number"),
        ((ONE, "选哪个？", OPTIONS, 2), "key_is_a_number"),
        ((1, "选哪个？", OPTIONS, "B"), "kind_is_a_number"),
        ((ONE, "选哪个？", OPTIONS, ""), "key_missing"),
        ((ONE, "选哪个？", OPTIONS, "E"), "key_names_no_option"),
        ((ONE, "选哪个？", OPTIONS, "AB"), "single_choice_with_several_keys"),
        ((ONE, "选哪个？", "", "A"), "options_missing"),
        ((ONE, "选哪个？", "**A.甲**B.**C.丙", "A"), "option_empty"),
        ((ONE, "选哪个？", "**A.甲**B.甲**C.丙", "A"), "options_alike"),
        (("填空题", "间距不小于（ ）米。", "", "2"), "kind_unsupported"),
        ((ONE, "如图1所示，哪处有错？", OPTIONS, "A"), "figure_missing"),
        ((ONE, "", OPTIONS, "A"), "stem_missing"),
    ],
)
def test_what_cannot_be_known_is_refused_with_its_reason(cells: tuple[Any, ...], code: str) -> None:
    row = one_row(*cells)

    assert (row.outcome, row.reasons[-1].code) == (NO, code)


@pytest.mark.parametrize(
    ("kind", "key", "right"),
    [(ONE, "b", ("B",)), (MANY, "ac", ("A", "C")), (ONE, "乙", ("B",)), (MANY, "A、C", ("A", "C"))],
)
def test_keys_in_lower_case_and_in_words_name_their_options(
    kind: str, key: str, right: tuple[str, ...]
) -> None:
    row = one_row(kind, "选哪个？", OPTIONS, key)

    assert row.draft is not None, row.reasons
    assert row.draft.key == right


def test_a_single_choice_among_multiple_ones_is_seen_by_its_key() -> None:
    rows = rows_of(
        [
            HEAD,
            [MANY, "甲？", OPTIONS, "AB"],
            [MANY, "乙？", OPTIONS, "A"],
            [ONE, "丙？", OPTIONS, "C"],
        ]
    )

    kinds = [row.draft.kind for row in rows if row.draft is not None]
    assert kinds == [Kind.MULTIPLE_CHOICE, Kind.SINGLE_CHOICE, Kind.SINGLE_CHOICE]


SHEETS: dict[str, list[list[Any]]] = {
    "no header": [[ONE, "选哪个？", OPTIONS, "B"], [ONE, "又选哪个？", OPTIONS, "C"]],
    "an empty first column": [
        ["", *HEAD],
        ["", ONE, "选哪个？", OPTIONS, "B"],
        ["", ONE, "又选哪个？", OPTIONS, "C"],
    ],
    "extra columns": [
        ["章节", *HEAD, "图片", "备注"],
        ["一", ONE, "选哪个？", OPTIONS, "B", "", "x"],
        ["一", ONE, "又选哪个？", OPTIONS, "C", "", ""],
    ],
    "empty rows": [
        HEAD,
        [],
        [ONE, "选哪个？", OPTIONS, "B"],
        ["", "", "", ""],
        [ONE, "又选哪个？", OPTIONS, "C"],
    ],
}


@pytest.mark.parametrize("name", SHEETS)
def test_sheets_are_understood_however_they_are_laid_out(name: str) -> None:
    rows = [row for row in rows_of(SHEETS[name]) if row.outcome is not SKIPPED]

    stems = [(row.draft.stem, row.draft.key) for row in rows if row.draft is not None]
    assert stems == [("选哪个？", ("B",)), ("又选哪个？", ("C",))]


def test_a_header_that_lies_spoils_nothing_and_is_corrected_by_a_person() -> None:
    content = a_workbook([["题型", "选项", "题干", "答案"], [ONE, "选哪个？", OPTIONS, "B"]])
    places = {Column.KIND: 0, Column.STEM: 1, Column.OPTIONS: 2, Column.KEY: 3}

    [guessed] = read_sheets(reading.read(content).sheets).rows
    said = Choices(layouts={"Sheet1": Layout(places, (), header=0)})
    [told] = read_sheets(reading.read(content).sheets, said).rows

    assert guessed.outcome is NO
    assert told.draft is not None
    assert (told.draft.stem, told.draft.options) == ("选哪个？", ("甲", "乙", "丙"))


def test_a_merged_heading_is_passed_over_and_merged_rows_lose_nothing() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:D1", "2026年低压电工题库")
        sheet.write_row(1, 0, HEAD)
        sheet.merge_range("A3:A4", ONE)
        sheet.write_row(2, 1, ["选哪个？", OPTIONS, "B"])
        sheet.write_row(3, 1, ["又选哪个？", OPTIONS, "C"])

    rows = list(read_sheets(reading.read(target.getvalue()).sheets).rows)

    drafts = [(row.draft.stem, row.draft.kind) for row in rows if row.draft is not None]
    assert drafts == [("选哪个？", Kind.SINGLE_CHOICE), ("又选哪个？", Kind.SINGLE_CHOICE)]


def test_a_sheet_of_staff_notes_is_no_sheet_of_questions() -> None:
    notes = [
        ["日期", "负责人", "事项"],
        ["6月1日", "张工", "核对第三章"],
        ["6月2日", "李工", "打印"],
    ]
    report = read_sheets(
        reading.read(a_workbook([HEAD, [ONE, "选哪个？", OPTIONS, "B"]], notes)).sheets
    )

    assert len([row for row in report.rows if row.outcome is OK]) == 1
    assert [sheet.is_refused for sheet in report.sheets] == [False, True]


def test_a_row_that_stands_twice_becomes_one_question() -> None:
    rows = rows_of([HEAD, [ONE, "1.选哪个？", OPTIONS, "B"], [ONE, "2、选哪个？", OPTIONS, "B"]])

    assert [row.outcome for row in rows] == [OK, DOUBLE]
