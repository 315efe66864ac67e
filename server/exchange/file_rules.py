"""Pure: whether a file that was handed in is whole, and its rows (报送文件规则)."""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import hmac
import io
from collections.abc import Iterator, Sequence
from typing import Any

from server import strict_json
from server.errors import DomainError
from server.exchange.errors import DigestMissing, DigestWrong, FileIncomplete, FileUnreadable

#: Rows of one file.
MOST_ROWS = 20_000

_ALGORITHM = "sha-256=:"


def check_digest(content: bytes, header: str) -> None:
    """Make sure that what came is what was sent (RFC 9530 `Content-Digest`).

    Raises:
        DigestMissing: there is no SHA-256 to compare with.
        DigestWrong: it is another: the file was changed, or is a part of one.
    """
    fields = [each.strip() for each in header.split(",")]
    stated = [each for each in fields if each.startswith(_ALGORITHM) and each.endswith(":")]
    if not stated:
        raise DigestMissing
    try:
        digest = base64.b64decode(stated[0].removeprefix(_ALGORITHM)[:-1], validate=True)
    except (ValueError, binascii.Error):
        raise DigestMissing from None
    if not hmac.compare_digest(digest, hashlib.sha256(content).digest()):
        raise DigestWrong


def rows_of(
    content: bytes, media_type: str, columns: Sequence[str], *, row_count: int
) -> list[dict[str, Any]]:
    """Return the rows of a file; an empty cell of CSV is left out.

    Raises:
        FileUnreadable: it is no such file, or its columns are others.
        FileIncomplete: it has more or fewer rows than its sender says.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileUnreadable(line=1) from None
    read = _of_csv(text, columns) if media_type == "text/csv" else _of_lines(text, columns)
    rows: list[dict[str, Any]] = []
    for row in read:
        rows.append(row)
        if len(rows) > min(row_count, MOST_ROWS):
            break
    if len(rows) != row_count:
        raise FileIncomplete(stated=row_count)
    return rows


def _of_csv(text: str, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = next(reader, [])
        if not names or set(names) - set(columns) or len(set(names)) != len(names):
            raise FileUnreadable(line=1)
        for cells in reader:
            if len(cells) != len(names):
                raise FileUnreadable(line=reader.line_num)
            yield {name: cell for name, cell in zip(names, cells, strict=True) if cell != ""}
    except csv.Error:
        raise FileUnreadable(line=reader.line_num) from None


def _of_lines(text: str, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        try:
            row = strict_json.read(line.encode())
        except DomainError:
            raise FileUnreadable(line=number) from None
        if not isinstance(row, dict) or set(row) - set(columns):
            raise FileUnreadable(line=number)
        yield row
