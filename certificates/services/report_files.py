"""An evaluation on paper and as a workbook, from what it said when it was issued (报告文件)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import xlsxwriter

from certificates.models import PlanReport
from server import printing
from server.days import civil_day

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_HEADINGS = (
    ("指标（规划原文）", 60),
    ("目标", 9),
    ("完成", 12),
    ("应", 9),
    ("已", 9),
    ("未", 9),
    ("不计", 9),
    ("差额", 9),
    ("期限", 12),
    ("结论", 10),
)
_VERDICTS = {True: "达到", False: "未达到", None: "—"}


def pdf(report: PlanReport) -> bytes:
    """Return the report as PDF/A; the same report gives the same bytes."""
    template = files("certificates").joinpath("print", "plan_report.typ")
    said = report.content | {
        "fingerprint": report.fingerprint,
        "issued_on": civil_day(report.issued_at).isoformat(),
    }
    return printing.pdf(template, said, at=report.issued_at)


def workbook(report: PlanReport) -> bytes:
    """Return the report as .xlsx with charts of its own; the same report gives the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    # Naive by the form of the file, which means UTC.
    book.set_properties({"created": report.issued_at.astimezone(UTC).replace(tzinfo=None)})
    bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
    said = report.content
    first = book.add_worksheet("总表")
    first.write(0, 0, f"{said['plan']['name_zh']}{said['kind_zh']}", bold)
    first.write(1, 0, f"{said['region']} 数据截至 {said['on']} 校验 {report.fingerprint}")
    for column, (heading, width) in enumerate(_HEADINGS):
        first.write(3, column, heading, bold)
        first.set_column(column, column, width)
    for number, one in enumerate(said["indicators"]):
        _write_row(first, 4 + number, one)
    for number, one in enumerate(said["indicators"], start=1):
        _write_sheet(book, book.add_worksheet(f"指标{number}"), one, bold, share)
    book.close()
    return out.getvalue()


def _write_row(sheet: Worksheet, row: int, one: Mapping[str, Any]) -> None:
    unit = "%" if one["unit"] == "percent" else "人"
    sheet.write_string(row, 0, one["quote"])
    sheet.write_string(row, 1, f"{one['target']}{unit}")
    sheet.write_string(row, 2, one["shown"])
    for column, name in enumerate(("required", "covered", "missing", "excluded", "gap"), start=3):
        if one[name] is not None:
            sheet.write_number(row, column, one[name])
    sheet.write_string(row, 8, one["deadline"] or "")
    sheet.write_string(row, 9, _VERDICTS[one["reached"]])


def _write_sheet(
    book: xlsxwriter.Workbook,
    sheet: Worksheet,
    one: Mapping[str, Any],
    bold: Format,
    share: Format,
) -> None:
    sheet.set_column(0, 0, 24)
    for row, name in enumerate(("quote", "numerator_zh", "denominator_zh", "excluded_zh")):
        sheet.write_string(row, 0, one[name])
    for start, heading, rows in (
        (0, "地区", [(each["name"], each) for each in one["parts"]]),
        (5, "日期", [(each["on"], each) for each in one["trend"]]),
    ):
        for column, word in enumerate((heading, "应", "已", "比例")):
            sheet.write(5, start + column, word, bold)
        for row, (named, each) in enumerate(rows, start=6):
            sheet.write_string(row, start, named)
            sheet.write_number(row, start + 1, each["required"] or 0)
            sheet.write_number(row, start + 2, each["covered"])
            if each["ratio"] is not None:
                sheet.write_number(row, start + 3, float(each["ratio"]), share)
        if rows:
            _chart(book, sheet, start, len(rows))


def _chart(book: xlsxwriter.Workbook, sheet: Worksheet, start: int, count: int) -> None:
    chart = book.add_chart({"type": "bar" if start == 0 else "line"})
    name = sheet.get_name()
    chart.add_series(
        {
            "name": "各地区" if start == 0 else "逐季",
            "categories": [name, 6, start, 5 + count, start],
            "values": [name, 6, start + 3, 5 + count, start + 3],
        }
    )
    axis = "x_axis" if start == 0 else "y_axis"
    getattr(chart, f"set_{axis}")({"min": 0, "max": 1, "num_format": "0%"})
    chart.set_legend({"none": True})
    sheet.insert_chart(5 if start == 0 else 22, 10, chart)
