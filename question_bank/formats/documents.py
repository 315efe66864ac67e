"""Word documents (.docx): paragraphs become lines, tables become sheets, pictures stay in place."""

from __future__ import annotations

import html
import io
from collections.abc import Iterator
from typing import Final

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from question_bank.errors import FileDamaged, FormatUnknown, TooManyRows
from question_bank.formats import prose
from question_bank.formats.files import MOST_COLUMNS, MOST_ROWS, Album
from question_bank.importing.columns import Row
from question_bank.importing.kind_names import is_kind_name
from question_bank.importing.sheets import Sheet
from question_bank.kinds import LABELS
from question_bank.markup import inset

#: What python-docx may raise of a document that is broken.
_BROKEN: Final = (OpcError, KeyError, ValueError, AttributeError, IndexError, SyntaxError)
_EMBED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"


def read(content: bytes, album: Album) -> list[Sheet]:
    """Return the questions of a document whose package was checked.

    Raises:
        FormatUnknown: neither its text nor a table holds questions.
        FileDamaged: it cannot be read to its end.
        TooManyRows: it is longer than a bank can be.
    """
    try:
        document = docx.Document(io.BytesIO(content))
        lines = _lines(document, album)
        tables = [_sheet(place, table) for place, table in enumerate(document.tables, 1)]
    except _BROKEN:
        raise FileDamaged from None
    text = prose.of_lines(lines, name="正文")
    sheets = ([text] if text is not None else []) + tables
    if not sheets:
        raise FormatUnknown
    return sheets


def _sheet(place: int, table: Table) -> Sheet:
    if len(table.rows) > MOST_ROWS or len(table.columns) > MOST_COLUMNS:
        raise TooManyRows(rows=MOST_ROWS, columns=MOST_COLUMNS)
    rows: list[Row] = [[cell.text for cell in row.cells] for row in table.rows]
    return Sheet(f"表格{place}", rows)


def _lines(document: Document, album: Album) -> list[tuple[int, str]]:
    """The lines of the document; automatic numbers, which no text shows, are written out."""
    lines: list[tuple[int, str]] = []
    number, option = 0, 0
    for place, paragraph in enumerate(document.paragraphs, 1):
        text = _text(paragraph, album)
        level = _list_level(paragraph)
        if level == 0 and not is_kind_name(text):
            number, option = number + 1, 0
            text = f"{number}. {text}"
        elif level is not None and level > 0 and option < len(LABELS):
            text, option = f"{LABELS[option]}. {text}", option + 1
        elif is_kind_name(text):
            number = 0
        lines += [(place, line) for line in text.splitlines()]
        if len(lines) > MOST_ROWS * 10:
            raise TooManyRows(rows=MOST_ROWS, columns=MOST_COLUMNS)
    return lines


def _list_level(paragraph: Paragraph) -> int | None:
    """The level of an automatic list, from 0; None for other paragraphs."""
    properties = paragraph._p.pPr
    levels = [] if properties is None else properties.xpath("./w:numPr/w:ilvl/@w:val")
    if levels:
        return int(levels[0])
    return 0 if properties is not None and properties.xpath("./w:numPr") else None


def _text(paragraph: Paragraph, album: Album) -> str:
    return "".join(_run(run, album) for run in paragraph.runs)


def _run(run: Run, album: Album) -> str:
    shown = run.text
    raised = "sup" if run.font.superscript else "sub" if run.font.subscript else None
    if raised is None or not shown.strip():
        return shown + "".join(_pictures(run, album))
    return inset(f"<{raised}>{html.escape(shown, quote=False)}</{raised}>")


def _pictures(run: Run, album: Album) -> Iterator[str]:
    element: BaseOxmlElement = run._r
    for blip in element.iter(qn("a:blip")):
        part = run.part.related_parts.get(blip.get(_EMBED, ""))
        name = album.take(part.blob) if part is not None else None
        if name is not None:
            yield inset(f'<img src="image:{name}">')
