"""What lists of the console hand out as CSV, read as a person reads it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.browser.desks import Desk

#: An id anywhere, or alone the beginning by which a page compares two of them.
_ID = re.compile(r".*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}.*|[0-9a-f]{8}", re.DOTALL)

#: How a program says yes, no and nothing; people read words.
_RAW = {"true", "false", "null", "undefined"}

EXPORT = "导出 CSV"


def files(desk: Desk) -> Iterator[tuple[str, list[list[str]]]]:
    """Export each list of a page; return its name and rows, the first one the heads."""
    for button in desk.page.get_by_role("button", name=EXPORT).all():
        with desk.page.expect_download() as coming:
            button.click()
        file = coming.value
        text = Path(file.path()).read_text(encoding="utf-8-sig")
        yield (
            file.suggested_filename.removesuffix(".csv"),
            list(csv.reader(io.StringIO(text, newline=""))),
        )


def unread(rows: list[list[str]]) -> list[tuple[str, ...]]:
    """Return the columns that no person can read, with what they say: ids, words of programs."""
    heads, *rest = rows
    unread: list[tuple[str, ...]] = []
    for head, *cells in zip(heads, *rest, strict=True):
        said = [cell for cell in cells if cell not in ("", "—")]
        if said and all(_ID.fullmatch(cell) or cell in _RAW for cell in said):
            unread.append((head, *said[:2]))
    return unread


def wrong_in(desk: Desk, places: Iterable[str], names: set[str]) -> list[tuple[str, ...]]:
    """Export every list of some pages; return what no person can read, and which are missing.

    Args:
        desk: where somebody sits who may open them.
        places: the pages.
        names: the lists that have rows there, by the names of their files.
    """
    exported: set[str] = set()
    wrong: list[tuple[str, ...]] = []
    for place in places:
        desk.go(place)
        for name, rows in files(desk):
            exported.add(name)
            wrong += [(place, name, *what) for what in unread(rows)]
    return wrong + [("no file", name) for name in sorted(names - exported)]
