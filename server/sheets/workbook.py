"""Pure: the first sheet of an uploaded workbook, cell by cell (工作簿)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from python_calamine import CalamineError, CalamineWorkbook

from server.sheets.errors import SheetUnreadable

#: Bytes that a workbook may unfold to: a small file can hold gigabytes of zeros.
MOST_UNFOLDED = 200_000_000


def first_sheet(content: bytes) -> Sequence[Sequence[object]]:
    """Return the rows of the first sheet, from the first row of the spreadsheet on.

    Raises:
        SheetUnreadable: it is no .xlsx workbook, or unfolds to more than can be wanted.
    """
    _check_size(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows: Sequence[Sequence[object]] = book.get_sheet_by_index(0).to_python(
            skip_empty_area=False
        )
    except (CalamineError, OSError, ValueError):
        raise _no_workbook() from None
    return rows


def _check_size(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unfolded = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile:
        raise _no_workbook() from None
    if unfolded > MOST_UNFOLDED:
        raise SheetUnreadable(reason="it unfolds to too much", reason_zh="解压后内容过大")


def _no_workbook() -> SheetUnreadable:
    return SheetUnreadable(reason="it is no .xlsx workbook", reason_zh="不是 .xlsx 工作簿")
