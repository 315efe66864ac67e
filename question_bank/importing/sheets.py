"""A whole file: its sheets, their rows in order, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from question_bank.importing.columns import Column, Layout, Row, is_header, layout_of
from question_bank.importing.drafts import Draft, Report, RowReport, SheetReport, outcome_of
from question_bank.importing.reasons import Reason, reason
from question_bank.importing.rows import RowReader
from question_bank.importing.texts import cell_text

#: Characters of a row that the report repeats.
EXCERPT: Final = 80


@dataclass(frozen=True)
class Sheet:
    """One sheet as its format gives it: a name, and rows of cells."""

    name: str
    rows: Sequence[Row]
    #: Number that the file gives to the first row.
    first_row: int = 1


def read_sheets(sheets: Sequence[Sheet]) -> Report:
    """Return what became of every row of every sheet.

    A question that comes twice in one file is accepted the first time.
    """
    seen: dict[str, tuple[str, int]] = {}
    return Report(tuple(_read_sheet(sheet, seen) for sheet in sheets))


def _read_sheet(sheet: Sheet, seen: dict[str, tuple[str, int]]) -> SheetReport:
    if not any(_is_filled(row) for row in sheet.rows):
        return SheetReport(name=sheet.name, reasons=(reason("sheet_empty"),), rows=())
    layout = layout_of([row for row in sheet.rows if _is_filled(row)])
    if layout is None:
        because = reason("sheet_is_no_question_sheet")
        return SheetReport(name=sheet.name, reasons=(because,), rows=())
    return SheetReport(name=sheet.name, reasons=(), rows=tuple(_read_rows(sheet, layout, seen)))


def _read_rows(
    sheet: Sheet, layout: Layout, seen: dict[str, tuple[str, int]]
) -> Iterator[RowReport]:
    reader = RowReader(layout)
    filled = ((n, row) for n, row in enumerate(sheet.rows, sheet.first_row) if _is_filled(row))
    for place, (number, row) in enumerate(filled):
        if layout.header is not None and place <= layout.header:
            continue
        yield _read_row(sheet.name, number, row, reader, seen)


def _read_row(
    sheet: str, number: int, row: Row, reader: RowReader, seen: dict[str, tuple[str, int]]
) -> RowReport:
    draft, said = _read_cells(row, reader)
    if draft is not None:
        first = seen.setdefault(draft.fingerprint, (sheet, number))
        if first != (sheet, number):
            said = (*said, reason("repeats_row", sheet=first[0], row=first[1]))
    return RowReport(
        sheet=sheet,
        row=number,
        outcome=outcome_of(said),
        reasons=said,
        draft=draft,
        excerpt=_excerpt(row, reader.layout),
    )


def _read_cells(row: Row, reader: RowReader) -> tuple[Draft | None, tuple[Reason, ...]]:
    if is_header(row):
        return None, (reason("row_repeats_header"),)
    if _is_heading(row, reader.layout):
        return None, (reason("row_is_a_heading"),)
    return reader.read(row)


def _is_filled(row: Row) -> bool:
    return any(cell_text(cell).strip() for cell in row)


def _is_heading(row: Row, layout: Layout) -> bool:
    """Whether only one cell of the row is filled, and it is not the stem of a question.

    “二、单选题（每题1分）” over a block of rows has neither options nor a key.
    """
    filled = [place for place, cell in enumerate(row) if cell_text(cell).strip()]
    return len(filled) == 1 and (
        filled[0] != layout.columns[Column.STEM] or _is_block_title(cell_text(row[filled[0]]))
    )


def _is_block_title(text: str) -> bool:
    return text.strip()[:1] in "一二三四五六七八九十第" and "题" in text[:20]


def _excerpt(row: Row, layout: Layout) -> str:
    stem = layout.text(row, Column.STEM).strip()
    text = stem or " ".join(cell_text(cell) for cell in row if cell_text(cell).strip())
    printable = "".join(char if char.isprintable() else " " for char in text)
    return printable[:EXCERPT].strip()
