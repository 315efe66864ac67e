"""Bytes become sheets; hostile bytes are refused before anything parses them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from question_bank import reading
from question_bank.errors import (
    FileDamaged,
    FileTooLarge,
    FileUnsafe,
    FormatUnknown,
    TooManyRows,
)
from question_bank.formats import files
from question_bank.importing.drafts import Outcome
from question_bank.importing.sheets import Sheet, read_sheets
from server.errors import DomainError

#: Real workbooks, where they lie beside the repository.
REAL = Path(__file__).parents[4] / "shared" / "data" / "question_banks"


def a_workbook(rows: list[list[Any]], *more: list[list[Any]]) -> bytes:
    """Return an .xlsx workbook with one sheet for each list of rows."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for cells in (rows, *more):
            sheet = book.add_worksheet()
            for number, row in enumerate(cells):
                sheet.write_row(number, 0, row)
    return target.getvalue()


def repacked(change: Callable[[str, bytes], bytes | None], **extra: bytes) -> bytes:
    """Return a small workbook whose members went through `change`, with others added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_workbook([["题干", "答案"]]))) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                packed.writestr(name, content)
        for name, content in extra.items():
            packed.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def sheets_of(content: bytes) -> list[Sheet]:
    """Return the sheets of cells of a file."""
    return [sheet for sheet in reading.read(content).sheets if isinstance(sheet, Sheet)]


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    """Replace bytes in the sheet of a workbook."""
    return lambda name, content: content.replace(old, new) if "sheet1" in name else content


def same(_name: str, content: bytes) -> bytes:
    """Change nothing."""
    return content


def test_a_workbook_becomes_its_sheets() -> None:
    sheets = sheets_of(a_workbook([["题干", "答案"], ["选？", "A"]], []))

    assert [sheet.name for sheet in sheets] == ["Sheet1", "Sheet2"]
    assert list(sheets[0].rows) == [["题干", "答案"], ["选？", "A"]]


def test_empty_rows_and_columns_at_the_edge_keep_their_places() -> None:
    [sheet] = sheets_of(a_workbook([[], ["", "题干", "答案"]]))

    assert list(sheet.rows)[1] == ["", "题干", "答案"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_json_is_an_array_of_tables(encoding: str) -> None:
    text = json.dumps([{"title": "甲", "answers": "A"}, {"answers": "B"}], ensure_ascii=False)

    [sheet] = sheets_of(text.encode(encoding))

    assert list(sheet.rows) == [["title", "answers"], ["甲", "A"], [None, "B"]]
    assert sheet.first_row == 0


def test_json_may_be_rows_or_wrapped() -> None:
    [rows] = sheets_of(b'[["a", "b"], ["c"]]')
    [wrapped] = sheets_of('{"title": "x", "questions": [{"stem": "甲"}]}'.encode())

    assert (list(rows.rows), rows.first_row) == ([["a", "b"], ["c"]], 1)
    assert list(wrapped.rows) == [["stem"], ["甲"]]


def lied_size(content: bytes) -> bytes:
    """Return a package that says of its members that they are smaller than they are."""
    data = bytearray(content)
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


BOMB = b"<worksheet><sheetData>" + b" " * (files.MOST_UNPACKED + 1) + b"</sheetData></worksheet>"

HOSTILE: dict[str, tuple[Callable[[], bytes], type[DomainError]]] = {
    "too many bytes": (lambda: b"[" * (files.MOST_BYTES + 1), FileTooLarge),
    "a zip bomb": (lambda: repacked(same, **{"xl__worksheets__sheet9.xml": BOMB}), FileTooLarge),
    "too many members": (
        lambda: repacked(same, **{f"xl__m{n}.xml": b"" for n in range(501)}),
        FileTooLarge,
    ),
    "a lie about sizes": (lambda: lied_size(a_workbook([["题干"]])), FileDamaged),
    "a cell in the last corner": (
        lambda: repacked(in_sheet(b'r="B1"', b'r="XFD1048576"')),
        TooManyRows,
    ),
    "a row far below": (lambda: repacked(in_sheet(b'<row r="1"', b'<row r="50001"')), TooManyRows),
    "a cell far right": (lambda: repacked(in_sheet(b'r="B1"', b"r = 'ZZ1'")), TooManyRows),
    "a hidden reference": (lambda: repacked(in_sheet(b'r="B1"', b'r="&#66;1"')), FileUnsafe),
    "an entity": (
        lambda: repacked(in_sheet(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet')),
        FileUnsafe,
    ),
    "a macro": (lambda: repacked(same, **{"xl__vbaProject.bin": b"x"}), FileUnsafe),
    "a program": (lambda: repacked(same, **{"xl__media__run.EXE": b"x"}), FileUnsafe),
    "half a workbook": (lambda: a_workbook([["题干"]])[:-300], FileDamaged),
    "a sheet that is no XML": (
        lambda: repacked(lambda n, c: b"<<<" if "sheet1" in n else c),
        FileDamaged,
    ),
    "a workbook without its sheet": (
        lambda: repacked(lambda n, c: None if "sheet1" in n else c),
        FileDamaged,
    ),
    "another package": (
        lambda: repacked(lambda n, c: None if n == "xl/workbook.xml" else c),
        FormatUnknown,
    ),
    "nothing": (lambda: b"", FormatUnknown),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, FormatUnknown),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\xff" * 99, FormatUnknown),
    "prose": (lambda: "题库见附件".encode(), FormatUnknown),
    "half a JSON": (lambda: b'[{"title": "a"', FileDamaged),
    "nesting": (lambda: b"[" * 100_000, FileDamaged),
    "a doubled name": (lambda: b'[{"a": 1, "a": 2}]', FileDamaged),
    "half a character": (lambda: b'["\\ud800"]', FileDamaged),
    "a table of nothing known": (lambda: b'{"a": 1}', FormatUnknown),
    "a mixed array": (lambda: b'[["a"], {"a": 1}]', FormatUnknown),
    "an array of numbers": (lambda: b"[1, 2]", FormatUnknown),
    "too many objects": (lambda: b"[" + b"{}," * 50_000 + b"{}]", TooManyRows),
    "too many names": (
        lambda: json.dumps([{str(n): n for n in range(201)}]).encode(),
        TooManyRows,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_strange_file_is_refused(name: str) -> None:
    make, refusal = HOSTILE[name]

    with pytest.raises(refusal):
        reading.read(make())


def test_what_looks_like_a_reference_outside_a_sheet_is_no_reference() -> None:
    theme = b'<a:scrgbClr r="100000" g="0" b="0"/>'

    assert sheets_of(repacked(same, **{"xl__theme__theme2.xml": theme}))


#: file: (imported, repaired, refused, duplicate), and the rows refused with their reasons.
EXPECTED: dict[str, tuple[tuple[int, int, int, int], dict[int, str]]] = {
    "principals.xlsx": ((152, 97, 0, 0), {}),
    "safety_managers.xlsx": ((176, 123, 0, 0), {}),
    "low_voltage_provincial.xlsx": ((684, 47, 0, 3), {}),
    "low_voltage_electrician.json": (
        (620, 0, 7, 1),
        {
            243: "option_empty",
            271: "figure_missing",
            316: "option_empty",
            327: "figure_missing",
            342: "option_empty",
            574: "option_empty",
            576: "option_empty",
        },
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_importable_row_of_a_real_file_is_imported(name: str) -> None:
    if not (REAL / name).exists():
        pytest.skip(f"{REAL / name} is not there: the real files are not part of the repository")
    counts, refused = EXPECTED[name]

    report = read_sheets(reading.read((REAL / name).read_bytes()).sheets)

    found = report.counts
    assert found[Outcome.IGNORED] == 0
    assert counts == (
        found[Outcome.IMPORTED],
        found[Outcome.REPAIRED],
        found[Outcome.REFUSED],
        found[Outcome.DUPLICATE],
    )
    assert refused == {
        row.row: row.reasons[-1].code for row in report.rows if row.outcome is Outcome.REFUSED
    }
