"""Reading of question files: bytes become sheets, and hostile bytes are refused before parsing.

The format is told by the content, never by the name. Whatever is packed is checked while it is
still packed. `report` does all of it for a file that nobody has looked at yet, and is made to run
in a process of its own (`server.confined`).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from question_bank.errors import FileUnsafe, FormatUnknown
from question_bank.formats import (
    gift,
    moodle,
    packages,
    prose,
    qti,
    tables,
    trees,
    workbooks,
)
from question_bank.formats.files import (
    MOST_BYTES,
    MOST_MEMBERS,
    MOST_QUESTION_FILES,
    Album,
    Format,
    Read,
)
from question_bank.importing import asking
from question_bank.importing.columns import Column, Layout
from question_bank.importing.drafts import Draft, Report, RowReport, SheetReport
from question_bank.importing.sheets import Choices, read_sheets
from question_bank.kinds import LABELS


def read(content: bytes) -> Read:
    """Return what a file holds.

    Raises:
        FileTooLarge: more bytes than an import takes, packed or unpacked.
        TooManyRows: a sheet is longer or wider than a bank can be.
        FormatUnknown: it is of no format that is read, or holds no question.
        FileUnsafe: it carries macros, programs, document types, or names that lead outside.
        FileDamaged: it cannot be read to its end.
    """
    if len(content) > MOST_BYTES:
        packages.refuse_size()
    if content[:4] == b"PK\x03\x04":
        return _packed(content)
    return _plain(text_of(content))


def _packed(content: bytes) -> Read:
    album = Album()
    with packages.opened(content) as package:
        names = set(package.namelist())
        is_qti = "imsmanifest.xml" in names
        packages.check(package, most_members=MOST_QUESTION_FILES if is_qti else MOST_MEMBERS)
    if "xl/workbook.xml" in names:
        return Read(Format.XLSX, [*workbooks.read(content, album)], album)
    if "word/document.xml" in names:
        # The library of Word documents is heavy, and most files are none.
        from question_bank.formats import documents

        return Read(Format.DOCX, [*documents.read(content, album)], album)
    if is_qti:
        return Read(Format.QTI, [qti.read_package(content, album)], album)
    raise FormatUnknown


def text_of(content: bytes) -> str:
    """Return the text that bytes hold: UTF-8, with or without mark, else GB18030.

    Raises:
        FormatUnknown: they hold no text.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # Tables of every encoding, for the rare file that is neither of the two usual ones.
        from charset_normalizer import from_bytes

        found = from_bytes(content).best()
        if found is None:
            raise FormatUnknown
        return str(found).removeprefix("\ufeff")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise FormatUnknown
        return text
    raise FormatUnknown


def _plain(text: str) -> Read:
    album = Album()
    head = text.lstrip()
    if head[:1] in ("[", "{"):
        return Read(Format.JSON, [tables.read_json(text, album)], album)
    if head[:1] == "<":
        return _markup(text, album)
    table = tables.read_csv(text, album)
    if table is not None:
        return Read(Format.CSV, [table], album)
    if gift.looks_like(text):
        return Read(Format.GIFT, [gift.read(text, album)], album)
    found = prose.read(text)
    if found is None:
        raise FormatUnknown
    return Read(Format.TEXT, [found], album)


def _markup(text: str, album: Album) -> Read:
    if packages.has_document_type(text.encode(errors="replace")):
        raise FileUnsafe
    root = trees.tree_of(text.lstrip().encode(errors="replace"))
    if trees.local(root) == "quiz":
        ours = moodle.OURS in text[:500]
        return Read(Format.MOODLE_XML, [moodle.read(root, album, ours=ours)], album)
    if qti.is_item(root):
        return Read(Format.QTI, [qti.read_item(root, album)], album)
    raise FormatUnknown


def report(content: bytes, given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what became of a file as plain values: what it is, its images, its rows.

    Args:
        content: the file.
        given: `meanings` and `layouts`, as `choices_of` reads them.

    Raises:
        FileTooLarge, TooManyRows, FormatUnknown, FileUnsafe, FileDamaged: see `read`.
    """
    found = read(content)
    made = read_sheets(found.sheets, choices_of(given), images=found.album.pictures)
    reasons = [said for row in made.rows for said in row.reasons]
    yield {
        "format": found.format.value,
        "sheets": [_sheet(sheet) for sheet in made.sheets],
        "asked": [one.code for one in asking.open_in(reasons)],
    }
    for picture in _shown(made, found.album):
        yield {
            "image": picture.sha256,
            "media_type": picture.media_type,
            "size": [picture.width, picture.height],
            "content": base64.b64encode(picture.content).decode(),
        }
    for row in made.rows:
        yield _row(row)


def check(content: bytes, _given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the format of a file that can be read to its end.

    Raises:
        FileTooLarge, TooManyRows, FormatUnknown, FileUnsafe, FileDamaged: see `read`.
    """
    yield {"format": read(content).format.value}


def choices_of(given: Mapping[str, Any]) -> Choices:
    """Return what a person said of a file, from plain values."""
    return Choices(
        meanings=given.get("meanings", {}),
        layouts={
            name: Layout(
                {Column(column): place for column, place in one["columns"].items()},
                tuple(one["option_columns"]),
                header=one["header"],
            )
            for name, one in given.get("layouts", {}).items()
        },
    )


def _shown(made: Report, album: Album) -> Iterator[Any]:
    """The images that questions show; others of the file concern nobody."""
    names = {
        name
        for row in made.rows
        if row.draft is not None and row.draft.markup is not None
        for name in row.draft.markup.images
    }
    return (album.pictures[name] for name in sorted(names & album.pictures.keys()))


def _sheet(sheet: SheetReport) -> dict[str, Any]:
    layout = sheet.layout
    return {
        "name": sheet.name,
        "row_count": len(sheet.rows),
        "reasons": [{"code": said.code, "facts": dict(said.facts)} for said in sheet.reasons],
        "refused": sheet.is_refused,
        "layout": None
        if layout is None
        else {
            "columns": {column.value: place for column, place in layout.columns.items()},
            "option_columns": list(layout.option_columns),
            "header": layout.header,
        },
        "sample": [list(row) for row in sheet.sample],
    }


def _row(row: RowReport) -> dict[str, Any]:
    return {
        "sheet": row.sheet,
        "row": row.row,
        "outcome": row.outcome.value,
        "reasons": [{"code": said.code, "facts": dict(said.facts)} for said in row.reasons],
        "excerpt": row.excerpt,
        "draft": None if row.draft is None else draft_values(row.draft),
        "fingerprint": None if row.draft is None else row.draft.fingerprint,
    }


def draft_values(draft: Draft) -> dict[str, Any]:
    """Return a draft as plain values, as the report keeps it."""
    dressed = draft.markup
    options: list[dict[str, str]] = [
        {"label": label, "text": text} for label, text in zip(LABELS, draft.options, strict=False)
    ]
    if dressed is not None:
        options = [
            {**option, "html": markup}
            for option, markup in zip(options, dressed.options, strict=True)
        ]
    return {
        "kind": draft.kind.value,
        "stem": draft.stem,
        "stem_html": None if dressed is None else dressed.stem,
        "options": options,
        "key": list(draft.key),
        "explanation": draft.explanation,
        "explanation_html": None if dressed is None else dressed.explanation,
        "topic": draft.topic,
        "difficulty": None if draft.difficulty is None else f"{draft.difficulty:f}",
        "law_citation": draft.law_citation,
    }
