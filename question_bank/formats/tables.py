"""Tables without a workbook: .csv in any encoding that is met, and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, Final

from question_bank import pictures
from question_bank.errors import FileDamaged, FormatUnknown, TooManyRows
from question_bank.formats.files import MOST_COLUMNS, MOST_ROWS, Album
from question_bank.importing.columns import Row, layout_of
from question_bank.importing.given import Book, Given
from question_bank.importing.reasons import reason
from question_bank.importing.sheets import Sheet
from question_bank.kinds import LABELS, Kind
from question_bank.markup import IMAGE, Passage, passage, worded
from server import strict_json
from server.errors import Unreadable

#: How our own JSON says that it is ours.
OWN_FORMAT: Final = "question-bank/1"

_DELIMITERS: Final = (",", "\t", ";", "，")
_NAMES_OF_LISTS: Final = ("questions", "items", "data", "rows")


def read_csv(text: str, album: Album) -> Sheet | None:
    """Return the table of a text; None where it is no table of questions.

    Raises:
        TooManyRows: it is longer or wider than a bank can be.
    """
    for delimiter in _DELIMITERS:
        if delimiter not in text:
            continue
        rows = _rows(text, delimiter)
        if rows is not None and layout_of([row for row in rows if any(row)]) is not None:
            _take_images(text, album)
            return Sheet("CSV", rows)
    return None


def _rows(text: str, delimiter: str) -> list[Row] | None:
    rows: list[Row] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(rows) >= MOST_ROWS or len(row) > MOST_COLUMNS:
                raise TooManyRows(rows=MOST_ROWS, columns=MOST_COLUMNS)
            rows.append([_without_guard(cell) for cell in row])
    except csv.Error:
        return None
    return rows


def _without_guard(cell: str) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from computing it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@'\t\r") else cell


def _take_images(text: str, album: Album) -> None:
    for found in pictures.addresses_in(text):
        album.take(pictures.in_address(found))


def read_json(text: str, album: Album) -> Sheet | Book:
    """Return the table or the questions of a JSON text.

    Raises:
        FileDamaged: it is no JSON, or lies about itself.
        FormatUnknown: it holds no array of objects or rows.
        TooManyRows: it is longer or wider than a bank can be.
    """
    try:
        thing = strict_json.read(text.encode(errors="surrogatepass"))
    except Unreadable:
        raise FileDamaged from None
    if isinstance(thing, dict) and thing.get("format") == OWN_FORMAT:
        return _own(thing, album)
    if isinstance(thing, dict):
        thing = next((thing[name] for name in _NAMES_OF_LISTS if name in thing), None)
    if not isinstance(thing, list):
        raise FormatUnknown
    if len(thing) > MOST_ROWS:
        raise TooManyRows(rows=MOST_ROWS, columns=MOST_COLUMNS)
    lists: list[Sequence[object]] = [row for row in thing if isinstance(row, list)]
    tables: list[dict[str, Any]] = [row for row in thing if isinstance(row, dict)]
    if len(lists) == len(thing):
        return Sheet("JSON", lists)
    if len(tables) == len(thing):
        return _as_table(tables)
    raise FormatUnknown


def _as_table(things: Sequence[dict[str, Any]]) -> Sheet:
    names = list(dict.fromkeys(name for thing in things for name in thing))
    if len(names) > MOST_COLUMNS:
        raise TooManyRows(rows=MOST_ROWS, columns=MOST_COLUMNS)
    rows: list[Sequence[object]] = [
        names,
        *([thing.get(name) for name in names] for thing in things),
    ]
    return Sheet("JSON", rows, first_row=0)


def _own(thing: dict[str, Any], album: Album) -> Book:
    questions, images = thing.get("questions"), thing.get("images", {})
    if not isinstance(questions, list) or not isinstance(images, dict):
        raise FileDamaged
    if len(questions) > MOST_ROWS:
        raise TooManyRows(rows=MOST_ROWS, columns=MOST_COLUMNS)
    for address in images.values():
        album.take(pictures.in_address(str(address)))
    try:
        return Book("JSON", [_own_question(n, one, album) for n, one in enumerate(questions, 1)])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise FileDamaged from None


def _own_question(number: int, one: dict[str, Any], album: Album) -> Given:
    dressed = one.get("format") == "html"

    def said(text: str) -> Passage:
        return passage(str(text)) if dressed else worded(str(text))

    explanation = one.get("explanation")
    texts = [str(text) for text in one.get("options", [])]
    whole = " ".join([str(one["stem"]), *texts, str(explanation)])
    missing = dressed and any(name not in album.pictures for name in IMAGE.findall(whole))
    return Given(
        number=number,
        kind=Kind(one["kind"]),
        stem=said(one["stem"]),
        options=tuple(map(said, texts)),
        right=tuple(LABELS.find(str(label)) for label in one.get("key", [])),
        explanation=None if explanation is None else said(explanation),
        topic=one.get("topic"),
        difficulty=one.get("difficulty"),
        law_citation=one.get("law_citation"),
        ours=True,
        refused=reason("image_refused") if missing else None,
    )
