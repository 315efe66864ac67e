"""Options of one cell, as real sheets write them."""

from __future__ import annotations

import pytest

from question_bank.importing.options import split

CASES = [
    # separators and labels of every dress
    ("**A.以人为本**B.发展**C.综合治理", ["以人为本", "发展", "综合治理"], []),
    ("A.甲##B.乙##C.丙", ["甲", "乙", "丙"], []),
    ("**A、正确**B、错误", ["正确", "错误"], []),
    ("**A：正确**B：不正确", ["正确", "不正确"], []),
    ("**Ａ．甲**Ｂ．乙", ["甲", "乙"], []),
    ("**a.甲**b.乙", ["甲", "乙"], []),
    ("**(A)甲**(B)乙", ["甲", "乙"], []),
    ("**A.“+”**B.“*”**C.“±”**D.“-”", ["“+”", "“*”", "“±”", "“-”"], []),
    ("**A: 甲 **B:\u00a0乙 ", ["甲", "乙"], []),
    ("**A:甲***B:乙****C:丙", ["甲", "乙", "丙"], ["separator_irregular"]),
    ("A. foo B. bar C. baz", ["foo", "bar", "baz"], ["separator_irregular"]),
    ("A.甲\nB.乙\nC.丙", ["甲", "乙", "丙"], ["separator_irregular"]),
    ("甲\n乙\n丙", ["甲", "乙", "丙"], ["separator_irregular", "label_missing"]),
    ("甲；乙；丙", ["甲", "乙", "丙"], ["separator_irregular", "label_missing"]),
    # labels without punctuation, missing, doubled, skipped
    ("**A8~11次**B.12~16次", ["8~11次", "12~16次"], ["label_unpunctuated"]),
    ("**A氧**B气**C瓶", ["氧", "气", "瓶"], ["label_unpunctuated"]),
    ("甲**乙**丙", ["甲", "乙", "丙"], ["label_missing"]),
    ("**A相**B相**C相", ["A相", "B相", "C相"], ["label_missing"]),
    ("**Apple**Banana", ["Apple", "Banana"], ["label_missing"]),
    ("甲**B.乙**C.丙", ["甲", "乙", "丙"], ["label_missing"]),
    ("**A.甲**乙**C.丙", ["甲", "乙", "丙"], ["label_missing"]),
    ("**A.L**B.E**C.G**C.V", ["L", "E", "G", "V"], ["label_repeated"]),
    ("**A.甲**B.乙**D.丁", ["甲", "乙", "丁"], ["label_skipped"]),
    # a separator inside an option
    ("**A.30m**A**B.50m**A**C.100m**A", ["30mA", "50mA", "100mA"], ["separator_inside_option"]),
    ("**A.1/2**A**B.2**A", ["1/2A", "2A"], ["separator_inside_option"]),
    ("**A.100 **A**B.50 **A", ["100 A", "50 A"], ["separator_inside_option"]),
    ("**A.R**B.L**C.I**D.**C", ["R", "L", "I", "C"], ["separator_inside_option"]),
    (
        "**A.吹气**B.按压**C.口对鼻**D.**A、**B两种方法",
        ["吹气", "按压", "口对鼻", "A、B两种方法"],
        ["separator_inside_option"],
    ),
    (
        "**A.载流量**A.≥电流**B.容量",
        ["载流量A≥电流", "容量"],
        ["separator_inside_option"],
    ),
    # no separator between two options
    ("**A:3m**B:4m**C:5mD:6m", ["3m", "4m", "5m", "6m"], ["options_run_together"]),
    ("**A.甲B.乙**C.丙", ["甲", "乙", "丙"], ["options_run_together"]),
    ("**A.不得抛掷。B:没有要求", ["不得抛掷。", "没有要求"], ["options_run_together"]),
    ("**A.L1、N**B.L1、PE、C、D", ["L1、N", "L1、PE、C、D"], []),
    # broken lines and what cannot be seen
    ("**A.甲\n**B.乙\n丁", ["甲", "乙丁"], ["lines_joined"]),
    ("**A.甲\u0007**B.乙", ["甲", "乙"], ["characters_removed"]),
    # nothing to choose from
    ("", [], []),
    ("**A、 **B、 **C、", ["", "", ""], []),
    ("只有一个", ["只有一个"], []),
    ("A.只有一个", ["只有一个"], []),
]


@pytest.mark.parametrize(("cell", "texts", "codes"), CASES, ids=[case[0] for case in CASES])
def test_options_are_found(cell: str, texts: list[str], codes: list[str]) -> None:
    found = split(cell)

    assert list(found.texts) == texts
    assert [repair.code for repair in found.repairs] == codes


def test_a_list_of_texts_is_taken_as_it_stands() -> None:
    assert split(["A. 甲", "乙", ""]).texts == ("甲", "乙")


def test_a_table_of_labels_keeps_its_labels() -> None:
    assert split({"B": "乙", "a": "甲", "C": None}).labelled == [
        ("A", "甲"),
        ("B", "乙"),
        ("C", ""),
    ]


def test_no_more_options_are_split_than_there_are_labels() -> None:
    cell = "".join(f"**{letter}.第{letter}项" for letter in "ABCDEFGHIJ")

    assert len(split(cell).texts) == 10


def test_a_list_of_tables_gives_their_texts() -> None:
    cell = [{"label": "A", "text": "甲"}, {"key": "B", "content": "乙"}, {"label": "C"}]

    assert split(cell).texts == ("甲", "乙")
