"""A whole file: its sheets, their rows in order, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from question_bank.importing import given, written
from question_bank.importing.columns import Column, Layout, Row, is_header, layout_of
from question_bank.importing.drafts import Draft, Report, RowReport, SheetReport, outcome_of
from question_bank.importing.given import Book
from question_bank.importing.reasons import Reason, reason
from question_bank.importing.rows import Figures, RowReader
from question_bank.importing.texts import cell_text
from question_bank.markup import without_insets

#: Characters of a row that the report repeats.
EXCERPT: Final = 80
#: Rows of a sheet, and characters of their cells, by which a person tells its columns.
SAMPLE_ROWS, SAMPLE_CELL = 6, 40


@dataclass(frozen=True)
class Sheet:
    """One sheet as its format gives it: a name, and rows of cells."""

    name: str
    rows: Sequence[Row]
    #: Number that the file gives to the first row.
    first_row: int = 1
    #: Numbers of the rows, where they do not follow each other (lines of a text).
    numbers: Sequence[int] | None = None
    #: Hashes of the pictures that lie over a row, by its number, with the column of each.
    figures: Mapping[int, Figures] = field(default_factory=dict)
    #: Places of the cells of a row that a formula computes, by its number.
    formulas: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @property
    def numbered(self) -> Iterator[tuple[int, Row]]:
        """The rows with the numbers that a person finds them by."""
        if self.numbers is not None:
            return zip(self.numbers, self.rows, strict=True)
        return enumerate(self.rows, self.first_row)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the person who brings a file said of it."""

    #: By the code of what was asked, see `question_bank.importing.asking`.
    meanings: Mapping[str, str] = field(default_factory=dict)
    #: Where the columns stand, by the name of the sheet, where the person knows better.
    layouts: Mapping[str, Layout] = field(default_factory=dict)


_Seen = dict[str, tuple[str, int]]


def read_sheets(
    sheets: Sequence[Sheet | Book],
    choices: Choices | None = None,
    *,
    images: Mapping[str, object] | None = None,
) -> Report:
    """Return what became of every row of every sheet.

    A question that comes twice in one file is accepted the first time.

    Args:
        sheets: sheets of cells, and books of questions that a program wrote.
        choices: what the person who brings the file said of it.
        images: the images that the file holds, by hash.
    """
    seen: _Seen = {}
    chosen = choices or Choices()
    return Report(
        tuple(
            _read_book(one, seen)
            if isinstance(one, Book)
            else _read_sheet(one, chosen, seen, images or {})
            for one in sheets
        )
    )


def _read_book(book: Book, seen: _Seen) -> SheetReport:
    if not book.questions:
        return SheetReport(name=book.name, reasons=(reason("sheet_empty"),), rows=())
    rows = []
    for one in book.questions:
        draft, said = given.read(one)
        rows.append(
            _reported(book.name, one.number, draft, said, seen, excerpt=_printable(one.stem.text))
        )
    return SheetReport(name=book.name, reasons=(), rows=tuple(rows))


def _read_sheet(
    sheet: Sheet, choices: Choices, seen: _Seen, images: Mapping[str, object]
) -> SheetReport:
    filled = [(number, row) for number, row in sheet.numbered if _is_filled(row)]
    if not filled:
        return SheetReport(name=sheet.name, reasons=(reason("sheet_empty"),), rows=())
    layout = choices.layouts.get(sheet.name) or layout_of([row for _, row in filled])
    sample = tuple(
        tuple(cell_text(cell)[:SAMPLE_CELL] for cell in row) for _, row in filled[:SAMPLE_ROWS]
    )
    if layout is None:
        because = reason("sheet_is_no_question_sheet")
        return SheetReport(name=sheet.name, reasons=(because,), rows=(), sample=sample)
    reader = RowReader(layout, choices.meanings)
    rows = [
        _read_row(sheet, number, row, reader, seen, images)
        for place, (number, row) in enumerate(filled)
        if layout.header is None or place > layout.header
    ]
    return SheetReport(name=sheet.name, reasons=(), rows=tuple(rows), layout=layout, sample=sample)


def _read_row(
    sheet: Sheet,
    number: int,
    row: Row,
    reader: RowReader,
    seen: _Seen,
    images: Mapping[str, object],
) -> RowReport:
    figures = sheet.figures.get(number, ())
    draft, said = _read_cells(row, figures, reader, images)
    if draft is not None and sheet.formulas.get(number, frozenset()) & reader.layout.places:
        draft, said = None, (reason("cell_is_a_formula"),)
    return _reported(sheet.name, number, draft, said, seen, excerpt=_excerpt(row, reader.layout))


def _reported(
    sheet: str,
    number: int,
    draft: Draft | None,
    said: tuple[Reason, ...],
    seen: _Seen,
    *,
    excerpt: str,
) -> RowReport:
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
        excerpt=excerpt,
    )


def _read_cells(
    row: Row, figures: Figures, reader: RowReader, images: Mapping[str, object]
) -> tuple[Draft | None, tuple[Reason, ...]]:
    if is_header(row):
        return None, (reason("row_repeats_header"),)
    if _is_heading(row, reader.layout):
        return None, (reason("row_is_a_heading"),)
    exact = written.read(row, reader.layout, images)
    return reader.read(row, figures) if exact is None else exact


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
    stem = without_insets(layout.text(row, Column.STEM).strip())
    return _printable(stem or " ".join(text for cell in row if (text := cell_text(cell)).strip()))


def _printable(text: str) -> str:
    head = text[: EXCERPT * 2]
    return "".join(char if char.isprintable() else " " for char in head)[:EXCERPT].strip()
