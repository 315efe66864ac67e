"""Tidying of cells: spaces, broken lines, control characters, running numbers of stems."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from question_bank.wording import is_invisible, normalised

#: A line that was broken for the width of a page, not for sense.
_BREAK = re.compile(r"[ \t\u00a0\u3000]*(?:\r\n|\r|\n)[ \t\u00a0\u3000\r\n]*")
_LINE_ENDS = re.compile(r"[\u2028\u2029]")
#: Texts of these alone have nothing to tidy inside.
_ORDINARY = re.compile(r"[ -~\u2010-\u2026\u3001-\u301f\u4e00-\u9fff\uff01-\uff5e]*")
#: `12.` `12．` `12、` `12，` `12)` and their like at the head of a stem.
_NUMBER = re.compile(r"^[（(【]?(\d{1,5})\s*([.．、，,:：)）】])\s*")
_BARE_NUMBER = re.compile(r"^(\d{1,5})\s*")


@dataclass(frozen=True)
class Tidied:
    """A text and what had to be done to it."""

    text: str
    lines_joined: bool = False
    characters_removed: bool = False


def cell_text(cell: object) -> str:
    """Return what a cell says as text: 3.0 is “3”, nothing is “”."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def is_moment(cell: object) -> bool:
    """Say whether the spreadsheet holds a date or a time where a text was meant."""
    return isinstance(cell, date | time | timedelta)


def tidy(text: str) -> Tidied:
    """Return the text with ordinary spaces and unbroken lines, free of control characters.

    Broken lines are joined without a space, except between two Latin words.
    """
    if _ORDINARY.fullmatch(text):
        return Tidied(text=text.strip())
    kept = "".join(char for char in text if char in "\n\r\t" or not is_invisible(char))
    stripped = _LINE_ENDS.sub("\n", kept).strip()
    joined = _BREAK.sub(_bridge, stripped)
    return Tidied(
        text=normalised(joined),
        lines_joined=joined != stripped,
        characters_removed=len(kept) != len(text),
    )


def _bridge(gap: re.Match[str]) -> str:
    before, after = gap.string[gap.start() - 1], gap.string[gap.end() : gap.end() + 1]
    return " " if before.isascii() and after.isascii() and before.isalnum() else ""


def numbered(stem: str) -> tuple[int, str] | None:
    """Return the running number of a stem and the stem without it; None where it has none.

    “220.380V…” is a number; “1.5倍…” is not, for a decimal continues it (see `bare_numbered` for
    what the neighbours then decide).
    """
    found = _NUMBER.match(stem)
    if found is None:
        return None
    rest = stem[found.end() :]
    decimal = found[2] in ".．,:：" and rest[:1].isdigit() and stem[found.end() - 1] == found[2]
    return None if decimal or not rest else (int(found[1]), rest)


def bare_numbered(stem: str, expected: int) -> str | None:
    """Return the stem without a number that its neighbours prove to be a running number.

    Args:
        stem: for instance “178关于…” or “12.380V电网…”.
        expected: the number after that of the row before.
    """
    found = _BARE_NUMBER.match(stem)
    if found is None or int(found[1]) != expected:
        return None
    return stem[found.end() :].lstrip(".．、，,:： ") or None
