"""Rows as tests of the import write them, and their reports as tests read them."""

from __future__ import annotations

from typing import Any

from question_bank.importing.drafts import Draft, RowReport
from question_bank.importing.sheets import Sheet, read_sheets

HEADER = ["作业种类", "试题类型", "题目内容", "题目选项", "题目答案"]
FULL = [*HEADER, "解析", "难度", "依据"]
THREE = "**A.甲**B.乙**C.丙"


def rows(*cells: list[Any], header: list[Any] | None = None) -> list[RowReport]:
    """Return the reports on rows under a header."""
    sheet = Sheet("题库", [header or HEADER, *cells])
    return list(read_sheets([sheet]).rows)


def one(*cells: Any, header: list[Any] | None = None) -> RowReport:
    """Return the report on one row."""
    [report] = rows(list(cells), header=header)
    return report


def codes(report: RowReport) -> list[str]:
    """Return what was said of a row."""
    return [said.code for said in report.reasons]


def drafted(report: RowReport) -> Draft:
    """Return the question that a row becomes."""
    assert report.draft is not None, codes(report)
    return report.draft
