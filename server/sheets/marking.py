"""The report of an import as a workbook (导入报告): the centre's own, or a list of its rows.

In a workbook every row that was read is coloured, and the first free column says in Chinese what
became of it and why. Nothing else is touched, so that it can be mended and sent again.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

#: Head of the column that a report adds.
HEAD: Final = "导入结果"
#: How each outcome is called, and the colour of its rows (none: left as they are).
OUTCOMES: Final[Mapping[str, tuple[str, str | None]]] = {
    "imported": ("可导入", None),
    "accepted": ("可导入", None),
    "repaired": ("已修正", "FFF2CC"),
    "refused": ("未通过", "F8CBAD"),
    "duplicate": ("重复", "D9D9D9"),
    "ignored": ("已跳过", "EDEDED"),
}
#: Cells of a row that are coloured, at most.
_COLOURED: Final = 30


def marked(content: bytes, given: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the workbook with its report in it; made to run in a process of its own.

    Args:
        content: the workbook, which was read before.
        given: `rows`, each with `sheet` (empty: the first), `row`, `outcome` and the sentences
            `said`.
    """
    from openpyxl import load_workbook  # heavy, and needed by few

    book = load_workbook(io.BytesIO(content))
    for name, rows in _by_sheet(given["rows"]).items():
        if not name:
            _mark(book.worksheets[0], rows)
        elif name in book.sheetnames:
            _mark(book[name], rows)
    target = io.BytesIO()
    book.save(target)
    yield {"content": base64.b64encode(target.getvalue()).decode()}


def _by_sheet(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["sheet"], []).append(row)
    return found


def _mark(sheet: Any, rows: Sequence[dict[str, Any]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    column = _free_column(sheet, rows[0]["row"])
    fills = {
        outcome: PatternFill("solid", fgColor=colour)
        for outcome, (_, colour) in OUTCOMES.items()
        if colour is not None
    }
    if rows[0]["row"] > 1:
        head = sheet.cell(rows[0]["row"] - 1, column, HEAD)
        head.font = Font(bold=True)
    for row in rows:
        name = OUTCOMES[row["outcome"]][0]
        said = sheet.cell(row["row"], column, "：".join(filter(None, (name, row["said"]))))
        said.alignment = Alignment(wrap_text=True, vertical="top")
        fill = fills.get(row["outcome"])
        for place in range(1, min(column, _COLOURED) + 1 if fill is not None else 0):
            sheet.cell(row["row"], place).fill = fill
    sheet.column_dimensions[said.column_letter].width = 60


def _free_column(sheet: Any, first: int) -> int:
    """The column of an earlier report, or the first that is free."""
    for place in range(1, sheet.max_column + 1):
        if sheet.cell(max(first - 1, 1), place).value == HEAD:
            return place
    return int(sheet.max_column) + 1


def listed(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a new workbook that lists what became of the rows of a file that is no workbook."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("导入报告")
        bold = book.add_format({"bold": True})
        wrapped = {
            outcome: book.add_format(
                {"text_wrap": True, "valign": "top"}
                | ({"bg_color": f"#{colour}"} if colour else {})
            )
            for outcome, (_, colour) in OUTCOMES.items()
        }
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 1, 10)
        sheet.set_column(2, 2, 10)
        sheet.set_column(3, 4, 60)
        for place, name in enumerate(("部分", "行号", "结果", "说明", "内容")):
            sheet.write_string(0, place, name, bold)
        for number, row in enumerate(rows, 1):
            shape = wrapped[row["outcome"]]
            sheet.write_string(number, 0, row["sheet"], shape)
            sheet.write_number(number, 1, row["row"], shape)
            sheet.write_string(number, 2, OUTCOMES[row["outcome"]][0], shape)
            sheet.write_string(number, 3, row["said"], shape)
            sheet.write_string(number, 4, row["excerpt"], shape)
    return target.getvalue()
