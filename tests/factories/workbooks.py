"""Rosters as enterprises send them: workbooks with a title, a header and rows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter

HEADER = (
    "姓名",
    "证件类型",
    "证件号码",
    "性别",
    "手机号",
    "学历",
    "部门",
    "岗位",
    "操作项目",
    "上岗日期",
)


def a_workbook(*rows: Sequence[object], header: Sequence[str] = HEADER) -> bytes:
    """Return a workbook with a title, the header, and these rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write(0, 0, "人员名册")
        for number, row in enumerate([header, *rows], start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                else:
                    sheet.write(number, place, cell)
    return out.getvalue()


def a_row(number: str | float, **cells: object) -> list[object]:
    """Return a row about somebody with this document number, by the names of the header."""
    usual: dict[str, object] = {
        "姓名": "李娜",
        "证件类型": "居民身份证",
        "证件号码": number,
        "手机号": "13800000000",
        "学历": "初中",
        "岗位": "其他从业人员",
    }
    return [(usual | cells).get(name, "") for name in HEADER]
