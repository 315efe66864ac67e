"""Stems of one cell (题干): running numbers, keys in brackets, figures that are spoken of."""

from __future__ import annotations

import re
from collections.abc import Callable

from question_bank.importing.kind_names import verdict
from question_bank.importing.reasons import RowRefused, reason
from question_bank.importing.texts import bare_numbered, numbered

_NO_WORDS = re.compile(r"[\d\s.．、，,:：()（）]*")
_FIGURE = re.compile(r"(?:如|见|下|上|左|右|该|此|附)图(?![纸形样例])|图\s*\d|图中?所示|^图[\s(（]")
#: `（ B ）`, `(√)`: a key that stands where the candidate is to write.
_BRACKETED = re.compile(
    r"[（(]\s*([A-Ja-jＡ-Ｊ](?:[\s、,，]*[A-Ja-jＡ-Ｊ])*|[√×✓✗✔✘]|对|错|正确|错误)\s*[)）]"
)

#: Says what was done to a row: a code, and its facts.
Say = Callable[..., None]


def without_number(stem: str, last: int | None, say: Say) -> tuple[str, int | None]:
    """Return the stem without its running number, and that number.

    Args:
        stem: the tidied cell.
        last: the running number of the row before.
        say: notes what was done.
    """
    number = numbered(stem)
    due = None if last is None else last + 1
    if number is not None:
        last, stem = number
        say("running_number_removed", number=last)
    elif due is not None and (rest := bare_numbered(stem, due)) is not None:
        last, stem = due, rest
        say("bare_number_removed", number=due)
    again = numbered(stem)
    if again is not None and again[0] == last:
        stem = again[1]  # “54.54、…”: the number was typed over a numbered stem
    return stem, last


def check(stem: str, *, has_figure: bool) -> None:
    """See that a stem asks something, and that what it points at is there.

    Raises:
        RowRefused: it has no words, or speaks of a figure that is not in the file.
    """
    if _NO_WORDS.fullmatch(stem) and not has_figure:
        raise RowRefused(reason("stem_missing"))
    if _FIGURE.search(stem) and not has_figure:
        raise RowRefused(reason("figure_missing"))


def key_within(stem: str) -> tuple[str, str]:
    """Return the stem with empty brackets, and the key that stood in them; "" where none did."""
    found = list(_BRACKETED.finditer(stem))
    if len(found) != 1:
        return stem, ""
    [only] = found
    at_end = only.end() >= len(stem.rstrip("。.？?；; "))
    blank = "" if verdict(only[1]) is not None and at_end else "（ ）"
    return (stem[: only.start()] + blank + stem[only.end() :]).strip(), only[1]
