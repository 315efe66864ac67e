"""Reading of question files: bytes become sheets, and hostile bytes are refused before parsing.

The format is told by the content, never by the name. A workbook is checked while it is still
packed: its unpacked size, its members and the extent of its sheets, for the parser keeps a sheet
as a full rectangle, and two cells in opposite corners would fill the memory.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Final, NoReturn

from python_calamine import CalamineError, CalamineWorkbook

from question_bank.errors import (
    FileDamaged,
    FileTooLarge,
    FileUnsafe,
    FormatUnknown,
    TooManyRows,
)
from question_bank.importing.sheets import Sheet
from server import strict_json
from server.errors import Unreadable

#: Bytes of a file as it is sent: far above the largest bank seen (0.1 MB for 734 questions).
MOST_BYTES: Final = 10_000_000
#: Bytes of all members of a workbook, unpacked.
MOST_UNPACKED: Final = 80_000_000
MOST_MEMBERS: Final = 500
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 200

#: What reading a package that is broken, encrypted or packed in a strange way may raise.
_BROKEN_PACKAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
_CHUNK: Final = 1 << 20
#: Kept from the chunk before, so that nothing is overlooked where two chunks meet.
_OVERLAP: Final = 64
#: `r="B12"` of a cell and `r="12"` of a row; a reference that hides in an entity is refused.
_PLACE: Final = re.compile(rb"""\br\s*=\s*["']\s*(?:([A-Za-z]{0,3})(\d{1,9})|[^"']*&)""")
_UNSAFE_MEMBER: Final = re.compile(r"vbaProject\.bin$|\.(?:exe|dll|js|vbs|ps1|bat)$", re.IGNORECASE)
_NAMES_OF_LISTS: Final = ("questions", "items", "data", "rows")


def read(content: bytes) -> list[Sheet]:
    """Return the sheets of a file.

    Raises:
        FileTooLarge: more bytes than an import takes.
        TooManyRows: a sheet is longer or wider than `MOST_ROWS`, `MOST_COLUMNS`.
        FormatUnknown: neither a workbook nor JSON.
        FileUnsafe: it carries macros or document types.
        FileDamaged: it cannot be read to its end.
    """
    if len(content) > MOST_BYTES:
        _refuse_size()
    if content[:4] == b"PK\x03\x04":
        return _read_workbook(content)
    text = _text(content)
    if text.lstrip()[:1] in ("[", "{"):
        return [_read_json(text)]
    raise FormatUnknown


def _refuse_size() -> NoReturn:
    raise FileTooLarge(limit_bytes=MOST_BYTES, unpacked_bytes=MOST_UNPACKED)


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FormatUnknown


def _read_json(text: str) -> Sheet:
    try:
        thing = strict_json.read(text.encode())
    except Unreadable:
        raise FileDamaged from None
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


def _read_workbook(content: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_package(package)
    except _BROKEN_PACKAGE:
        raise FileDamaged from None
    return _parsed(content)


def _check_package(package: zipfile.ZipFile) -> None:
    members = package.infolist()
    if "xl/workbook.xml" not in package.namelist():
        raise FormatUnknown
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_UNPACKED:
        _refuse_size()
    for member in members:
        if _UNSAFE_MEMBER.search(member.filename):
            raise FileUnsafe
        _check_member(package, member)


def _check_member(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpack one member without keeping it: its size is true, and its extent is bearable."""
    is_sheet = False
    for chunk in _chunks(package, member):
        if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
            raise FileUnsafe
        is_sheet = is_sheet or b"sheetData" in chunk
        if is_sheet:
            _check_extent(chunk)


def _chunks(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(member) as stream:
        kept = b""
        while chunk := stream.read(_CHUNK):
            yield kept + chunk
            kept = chunk[-_OVERLAP:]


def _check_extent(chunk: bytes) -> None:
    for letters, digits in _PLACE.findall(chunk):
        if not digits:
            raise FileUnsafe
        if int(digits) > MOST_ROWS or _column(letters) > MOST_COLUMNS:
            raise TooManyRows(rows=MOST_ROWS, columns=MOST_COLUMNS)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _parsed(content: bytes) -> list[Sheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            Sheet(name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in workbook.sheet_names
        ]
    except (CalamineError, ValueError, OSError):
        raise FileDamaged from None
    except BaseException as failure:
        # A parser written in Rust reports its own mistakes as something that is no Exception.
        if type(failure).__name__ == "PanicException":
            raise FileDamaged from None
        raise
