"""Workbooks (.xlsx): checked while they are packed, then read row by row.

The extent of the sheets is checked first, for the parser keeps a sheet as a full rectangle, and two
cells in opposite corners would fill the memory. Formulas are never computed: what the spreadsheet
computed last is what the cell says.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from question_bank.errors import FileDamaged, FileUnsafe, TooManyRows
from question_bank.formats import packages, trees
from question_bank.formats.files import MOST_COLUMNS, MOST_ROWS, Album
from question_bank.importing.columns import Row
from question_bank.importing.sheets import Sheet

#: `r="B12"` of a cell and `r="12"` of a row; a reference that hides in an entity is refused.
_PLACE: Final = re.compile(rb"""\br\s*=\s*["']\s*(?:([A-Za-z]{0,3})(\d{1,9})|[^"']*&)""")
#: Rows and cells without a reference follow the one before; enough of them fill the memory, too.
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b")
#: A cell that a formula computes.
_FORMULA: Final = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^>]*>\s*<(?:\w+:)?f[\s>/]"""
)
#: What reaches out of the workbook: links to other files, programs that answer.
_REACHES_OUT: Final = re.compile(
    r"^xl/(?:externalLinks|ctrlProps|activeX|embeddings)/|^xl/connections\.xml$"
)
_RELATIONS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

_Formulas = dict[int, frozenset[int]]
_Figures = dict[int, list[tuple[int, str]]]


def read(content: bytes, album: Album) -> list[Sheet]:
    """Return the sheets of a workbook whose package was checked.

    Raises:
        TooManyRows: a sheet is longer or wider than `MOST_ROWS`, `MOST_COLUMNS`.
        FileUnsafe: a cell hides where it stands.
        FileDamaged: it cannot be read to its end.
    """
    with packages.opened(content) as package:
        formulas: dict[str, _Formulas] = {}
        for member in package.infolist():
            if _REACHES_OUT.search(member.filename):
                raise FileUnsafe
            if member.filename.endswith(".xml"):
                formulas[member.filename] = {}
                _check_extent(packages.chunks(package, member), formulas[member.filename])
        figures = _figures(package, album)
        computed = [formulas.get(path, {}) for path in _sheet_paths(package)]
    return list(_sheets(content, figures, computed))


def _check_extent(chunks: Iterable[bytes], formulas: _Formulas) -> None:
    is_sheet, rows = False, 0
    for chunk in chunks:
        is_sheet = is_sheet or b"sheetData" in chunk
        if is_sheet:
            rows += len(_ROW.findall(chunk))
            _check_places(chunk)
            for letters, digits in _FORMULA.findall(chunk):
                formulas[int(digits)] = formulas.get(int(digits), frozenset()) | {
                    _column(letters) - 1
                }
        if rows > MOST_ROWS * 2:
            raise TooManyRows(rows=MOST_ROWS, columns=MOST_COLUMNS)


def _check_places(chunk: bytes) -> None:
    for found in _PLACE.finditer(chunk):
        letters, digits = found.groups()
        if not digits:
            raise FileUnsafe
        if int(digits) > MOST_ROWS or _column(letters) > MOST_COLUMNS:
            raise TooManyRows(rows=MOST_ROWS, columns=MOST_COLUMNS)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _sheets(
    content: bytes, figures: dict[int, _Figures], formulas: Sequence[_Formulas]
) -> Iterator[Sheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for place, name in enumerate(workbook.sheet_names):
            sheet = workbook.get_sheet_by_name(name)
            rows: Sequence[Row] = sheet.to_python(skip_empty_area=False)
            computed = formulas[place] if place < len(formulas) else {}
            yield Sheet(name, rows, figures=figures.get(place, {}), formulas=computed)
    except (CalamineError, ValueError, OSError):
        raise FileDamaged from None
    except BaseException as failure:
        # A parser written in Rust reports its own mistakes as something that is no Exception.
        if type(failure).__name__ == "PanicException":
            raise FileDamaged from None
        raise


def _figures(package: zipfile.ZipFile, album: Album) -> dict[int, _Figures]:
    """The pictures over the rows of each sheet, by the place of the sheet in the workbook."""
    names = {name for name in package.namelist() if name.startswith("xl/media/")}
    if not names:
        return {}
    found: dict[int, _Figures] = {}
    for place, path in enumerate(_sheet_paths(package)):
        for target in _related(package, path).values():
            if "/drawings/" in target and target.endswith(".xml"):
                found.setdefault(place, {}).update(_anchored(package, target, album))
    return found


def _sheet_paths(package: zipfile.ZipFile) -> list[str]:
    targets = _related(package, "xl/workbook.xml")
    book = trees.tree_of(packages.member(package, "xl/workbook.xml") or b"")
    return [targets.get(one.get(f"{_RELATIONS}id", ""), "") for one in trees.every(book, "sheet")]


def _related(package: zipfile.ZipFile, path: str) -> dict[str, str]:
    """What a part of the package points at, by the id of the relation."""
    folder, name = posixpath.split(path)
    content = packages.member(package, f"{folder}/_rels/{name}.rels")
    if content is None:
        return {}
    return {
        one.get("Id", ""): posixpath.normpath(
            posixpath.join("/" + folder, one.get("Target", ""))
        ).lstrip("/")
        for one in trees.children(trees.tree_of(content), "Relationship")
        if one.get("TargetMode") != "External"
    }


def _anchored(package: zipfile.ZipFile, path: str, album: Album) -> _Figures:
    targets = _related(package, path)
    found: _Figures = {}
    for anchor in trees.tree_of(packages.member(package, path) or b""):
        start = trees.child(anchor, "from")
        blip = next(trees.every(anchor, "blip"), None)
        row, column = trees.child(start, "row"), trees.child(start, "col")
        if blip is None or row is None or column is None:
            continue
        media = packages.member(package, targets.get(blip.get(f"{_RELATIONS}embed", ""), ""))
        name = album.take(media)
        if name is not None:
            place = int(row.text or 0) + 1
            found.setdefault(place, []).append((int(column.text or 0), name))
    return found
