"""Pure: the rows of a sheet become what they mean, with complaints cell by cell (表格读取)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from server.errors import Message
from server.sheets.cells import CellRefused
from server.sheets.errors import SheetUnreadable

Row = TypeVar("Row")
T = TypeVar("T")

#: Rows in which the header is looked for.
HEADER_WITHIN = 10

#: Rows of a sheet at most.
MOST_ROWS = 2000

#: Rows that are entered in one transaction: nobody else's writing waits long for them.
BATCH = 50

_MISSING = Message(en="This is needed.", zh="此项必填。")


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What is wrong with one cell, or with the row as a whole."""

    #: The column, by its name in the API; None for the row as a whole.
    field: str | None
    code: str
    message: Message


class Cells:
    """The cells of one row by the names of their columns; remembers what is wrong with them."""

    def __init__(self, raw: Mapping[str, object], needed: frozenset[str]) -> None:
        self._raw = raw
        self._needed = needed
        self.complaints: list[Complaint] = []

    def take(self, name: str, reader: Callable[[object], T | None]) -> T | None:
        """Return what a cell means; None where it is empty, or wrong, which is remembered."""
        try:
            value = reader(self._raw.get(name))
        except CellRefused as refused:
            self._complain(name, "cell_wrong", refused.message)
            return None
        if value is None and name in self._needed:
            self._complain(name, "cell_missing", _MISSING)
        return value

    def need(self, name: str, reader: Callable[[object], T | None], instead: T) -> T:
        """Return what a cell means, and `instead` where it means nothing: then the row is lost."""
        value = self.take(name, reader)
        return instead if value is None else value

    def _complain(self, name: str, code: str, message: Message) -> None:
        self.complaints.append(Complaint(field=name, code=code, message=message))


@dataclass(frozen=True, kw_only=True)
class Form(Generic[Row]):
    """What one kind of sheet is: its columns, and what a row of them means."""

    #: The headings under which each column is known, without spaces and remarks in brackets.
    headings: Mapping[str, tuple[str, ...]]
    #: Columns without which it is no such sheet; their cells may not be empty.
    needed: frozenset[str]
    #: Reads one row; what is wrong with its cells is remembered by them.
    read: Callable[[Cells], Row]
    #: What two rows may not share, and what is complained of then.
    same: Callable[[Row], Hashable]
    twice: Complaint
    #: Rows that share this are never parted into two batches.
    together: Callable[[Row], Hashable]


@dataclass(frozen=True, kw_only=True)
class ReadRow(Generic[Row]):
    """What reading made of one row of the sheet."""

    #: The row as the spreadsheet numbers it.
    number: int
    #: None where there are complaints.
    row: Row | None
    complaints: tuple[Complaint, ...] = ()


def read(
    rows: Sequence[Sequence[object]], form: Form[Row], *, most: int = MOST_ROWS
) -> list[ReadRow[Row]]:
    """Return what each row beneath the header says.

    Args:
        rows: the sheet, cell by cell.
        form: what kind of sheet it is.
        most: rows that it may have.

    Raises:
        SheetUnreadable: no row has the headings that are needed, or there are too many rows.
    """
    header, columns = _header(rows, form)
    filled = [
        (index + 1, row)
        for index, row in enumerate(rows)
        if index > header and any(cell not in ("", None) for cell in row)
    ]
    if len(filled) > most:
        raise SheetUnreadable(reason=f"it has more than {most} rows", reason_zh=f"超过 {most} 行")
    return _without_doubles([_row(number, row, columns, form) for number, row in filled], form)


def batches(
    rows: Iterable[ReadRow[Row]], form: Form[Row], size: int = BATCH
) -> Iterator[list[ReadRow[Row]]]:
    """Yield the rows in batches; rows that belong together are never parted.

    A batch can therefore be tried or entered by itself, and says the same as the whole would.
    """
    groups: dict[Hashable, list[ReadRow[Row]]] = {}
    for one in rows:
        name = ("row", one.number) if one.row is None else ("same", form.together(one.row))
        groups.setdefault(name, []).append(one)
    batch: list[ReadRow[Row]] = []
    for group in groups.values():
        batch += group
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _row(
    number: int, row: Sequence[object], columns: Mapping[str, int], form: Form[Row]
) -> ReadRow[Row]:
    raw = {name: row[place] for name, place in columns.items() if place < len(row)}
    cells = Cells(raw, form.needed)
    meant = form.read(cells)
    if cells.complaints:
        return ReadRow(number=number, row=None, complaints=tuple(cells.complaints))
    return ReadRow(number=number, row=meant)


def _without_doubles(rows: list[ReadRow[Row]], form: Form[Row]) -> list[ReadRow[Row]]:
    seen = Counter(form.same(one.row) for one in rows if one.row is not None)
    return [
        replace(one, row=None, complaints=(form.twice,))
        if one.row is not None and seen[form.same(one.row)] > 1
        else one
        for one in rows
    ]


def _header(rows: Sequence[Sequence[object]], form: Form[Row]) -> tuple[int, dict[str, int]]:
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(row):
            name = _heading(cell, form)
            if name is not None:
                columns.setdefault(name, place)
        if columns.keys() >= form.needed:
            return index, columns
    wanted = [form.headings[name][0] for name in form.headings if name in form.needed]
    raise SheetUnreadable(
        reason=f"no row has the headings {' and '.join(wanted)}",
        reason_zh=f"未找到{'和'.join(f'“{name}”' for name in wanted)}列标题",
    )


def _heading(cell: object, form: Form[Row]) -> str | None:
    heading = str(cell).replace(" ", "").replace("（", "(").split("(")[0].strip("*＊\n")
    for name, headings in form.headings.items():
        if heading in headings:
            return name
    return None
