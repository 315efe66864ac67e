"""Pure: what one cell of a sheet means (单元格).

A spreadsheet turns what looks like a number into one, and loses digits on the way; where that may
have happened the cell is refused, never guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

from server.errors import Message

T = TypeVar("T")

#: Whole numbers beyond this have lost digits in a spreadsheet (IEEE 754 keeps 15 for certain).
SAFE_NUMBER = 10**15

_DAY = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?", re.ASCII)
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+", re.ASCII | re.IGNORECASE)

LOST_DIGITS = Message(
    en="The cell is a number, and the spreadsheet has lost its last digits. "
    "Format the column as text and type the number anew.",
    zh="该单元格为数值格式，末尾数字已被电子表格丢失。请将该列设为文本格式后重新录入。",
)
NOT_A_DAY = Message(en="This is not a day, such as 2026-06-01.", zh="应为日期，例如 2026-06-01。")


class CellRefused(ValueError):
    """A cell that cannot be understood, and why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.en)
        self.message = message


def text(cell: object) -> str | None:
    """Return a cell as text without stray spaces; None where it is empty.

    Raises:
        CellRefused: it is a number that may have lost digits.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if abs(cell) >= SAFE_NUMBER:
            raise CellRefused(LOST_DIGITS)
        return str(int(cell)) if cell == int(cell) else str(cell)
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()[:10]
    return unicodedata.normalize("NFKC", str(cell or "")).strip() or None


def number(cell: object) -> str | None:
    """Return a document number as text; None where the cell is empty.

    Raises:
        CellRefused: a spreadsheet has rounded it.
    """
    typed = text(cell)
    if typed is not None and _SCIENTIFIC.fullmatch(typed):
        raise CellRefused(LOST_DIGITS)
    return typed


def day(cell: object) -> date | None:
    """Return a cell as a day; None where it is empty.

    Raises:
        CellRefused: it is no day.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    typed = text(cell)
    if typed is None:
        return None
    match = _DAY.fullmatch(typed.removesuffix(" 00:00:00"))
    try:
        return date(*map(int, match.groups())) if match else _refuse(NOT_A_DAY)
    except ValueError:
        raise CellRefused(NOT_A_DAY) from None


def chosen(cell: object, names: Mapping[str, T]) -> T | None:
    """Return what a cell names, by a Chinese name or by the value itself; None where empty.

    Raises:
        CellRefused: nothing has that name.
    """
    typed = text(cell)
    if typed is None:
        return None
    plain = typed.replace(" ", "")
    for name, value in names.items():
        if plain in (name, str(value)):
            return value
    shown = "、".join(names)
    raise CellRefused(Message(en=f"Must be one of: {shown}.", zh=f"应为以下之一：{shown}。"))


def _refuse(message: Message) -> date:
    raise CellRefused(message)
