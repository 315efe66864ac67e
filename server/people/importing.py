"""Pure: rows of a roster become people and posts, with complaints row by row (名册导入)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from server.errors import Message
from server.people import cells
from server.people.cells import CellRefused
from server.people.documents import DocumentType, Sex, normalised
from server.people.drafts import Education
from server.people.errors import SheetUnreadable
from server.people.roster import PostRole

#: Rows in which the header is looked for.
HEADER_WITHIN = 10

#: Rows of a roster at most.
MOST_ROWS = 2000

#: Rows that are entered in one transaction: nobody else's writing waits long for them.
BATCH = 50

#: The headings under which a column is known, without spaces and remarks in brackets.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("姓名",),
    "document_type": ("证件类型", "证件种类"),
    "document_number": ("证件号码", "证件号", "身份证号", "身份证号码", "身份证"),
    "sex": ("性别",),
    "birth_on": ("出生日期", "出生年月日"),
    "phone": ("手机", "手机号", "手机号码", "联系电话", "电话"),
    "education": ("学历", "文化程度"),
    "department": ("部门", "所属部门", "车间"),
    "role": ("岗位", "岗位类别", "人员类别", "人员类型"),
    "items": ("操作项目", "作业项目", "准操项目"),
    "from_on": ("上岗日期", "入职日期", "任职日期"),
    "until_on": ("离岗日期", "离职日期"),
}

_NEEDED = frozenset({"name", "document_number"})

_MISSING = Message(en="This is needed.", zh="此项必填。")

_TWICE = Message(
    en="The same document and post stand in more than one row.",
    zh="同一证件和岗位在表中出现多次。",
)


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What is wrong with one cell, or with the row as a whole."""

    #: The column, by its name in the API; None for the row as a whole.
    field: str | None
    code: str
    message: Message


@dataclass(frozen=True, kw_only=True)
class RosterRow:
    """One row that could be read."""

    name: str
    document_type: DocumentType
    document_number: str = field(repr=False)
    sex: Sex | None
    birth_on: date | None
    phone: str | None = field(repr=False)
    education: Education | None
    #: The name of a department; None for the organisation itself.
    department: str | None
    #: None enters the person without a post.
    role: PostRole | None
    items: tuple[str, ...]
    from_on: date
    #: The first day on which the post is no longer held.
    until_on: date | None

    @property
    def document(self) -> str:
        """The document, however its number is spelt."""
        return f"{self.document_type}:{normalised(self.document_number)}"


@dataclass(frozen=True, kw_only=True)
class ReadRow:
    """What reading made of one row of the sheet."""

    #: The row as the spreadsheet numbers it.
    number: int
    #: None where there are complaints.
    row: RosterRow | None
    complaints: tuple[Complaint, ...] = ()


def read(
    rows: Sequence[Sequence[object]], *, catalogue: Callable[[date], Mapping[str, str]], on: date
) -> list[ReadRow]:
    """Return what each row beneath the header says.

    Args:
        rows: the sheet, cell by cell.
        catalogue: gives the codes of operation items by name, as of a day.
        on: the day for posts that name none.

    Raises:
        SheetUnreadable: there is no header with a name and a document number, or too many rows.
    """
    header, columns = _header(rows)
    filled = [
        (index + 1, row)
        for index, row in enumerate(rows)
        if index > header and any(cell not in ("", None) for cell in row)
    ]
    if len(filled) > MOST_ROWS:
        raise SheetUnreadable(
            reason=f"it has more than {MOST_ROWS} rows", reason_zh=f"超过 {MOST_ROWS} 行"
        )
    return _without_doubles(
        [_read_row(number, row, columns, catalogue, on) for number, row in filled]
    )


def batches(rows: Iterable[ReadRow], size: int = BATCH) -> Iterator[list[ReadRow]]:
    """Yield the rows in batches; rows about one document are never parted.

    A batch can therefore be tried or entered by itself, and says the same as the whole would.
    """
    together: dict[str, list[ReadRow]] = {}
    for read in rows:
        name = read.row.document if read.row else str(read.number)
        together.setdefault(name, []).append(read)
    batch: list[ReadRow] = []
    for group in together.values():
        batch += group
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _without_doubles(rows: list[ReadRow]) -> list[ReadRow]:
    seen = Counter(_post_of(read.row) for read in rows if read.row)
    twice = Complaint(field="document_number", code="document_twice", message=_TWICE)
    return [
        replace(read, row=None, complaints=(twice,))
        if read.row and seen[_post_of(read.row)] > 1
        else read
        for read in rows
    ]


def _post_of(row: RosterRow) -> tuple[object, ...]:
    return row.document, row.department, row.role, row.items


def _header(rows: Sequence[Sequence[object]]) -> tuple[int, dict[str, int]]:
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(row):
            name = _heading(cell)
            if name is not None:
                columns.setdefault(name, place)
        if columns.keys() >= _NEEDED:
            return index, columns
    raise SheetUnreadable(
        reason="no row has the headings 姓名 and 证件号码",
        reason_zh="未找到“姓名”和“证件号码”列标题",
    )


def _heading(cell: object) -> str | None:
    heading = str(cell).replace(" ", "").replace("（", "(").split("(")[0].strip("*＊\n")
    for name, headings in _HEADINGS.items():
        if heading in headings:
            return name
    return None


def _read_row(
    number: int,
    row: Sequence[object],
    columns: Mapping[str, int],
    catalogue: Callable[[date], Mapping[str, str]],
    on: date,
) -> ReadRow:
    raw = {
        name: row[place] if place < len(row) else None
        for name, place in ((name, columns.get(name, len(row))) for name in _HEADINGS)
    }
    complaints: list[Complaint] = []

    def cell(name: str, reader: Callable[[object], Any]) -> Any:
        try:
            return reader(raw[name])
        except CellRefused as refused:
            complaints.append(Complaint(field=name, code="cell_wrong", message=refused.message))
            return None

    values: dict[str, Any] = {
        "name": cell("name", cells.text),
        "document_type": cell("document_type", lambda c: cells.chosen(c, cells.DOCUMENT_TYPES)),
        "document_number": cell("document_number", cells.number),
        "sex": cell("sex", lambda c: cells.chosen(c, cells.SEXES)),
        "birth_on": cell("birth_on", cells.day),
        "phone": cell("phone", cells.text),
        "education": cell("education", lambda c: cells.chosen(c, cells.EDUCATIONS)),
        "department": cell("department", cells.text),
        "role": cell("role", lambda c: cells.chosen(c, cells.ROLES)),
        "from_on": cell("from_on", cells.day),
        "until_on": cell("until_on", cells.day),
    }
    values["from_on"] = values["from_on"] or on
    names = catalogue(values["from_on"])
    values["items"] = cell("items", lambda c: cells.items(c, names)) or ()
    complaints += _missing(values, complaints)
    if complaints:
        return ReadRow(number=number, row=None, complaints=tuple(complaints))
    kind = values["document_type"] or DocumentType.RESIDENT_IDENTITY_CARD
    if values["items"] and values["role"] is None:
        values["role"] = PostRole.SPECIAL_OPERATIONS_WORKER
    return ReadRow(number=number, row=RosterRow(**{**values, "document_type": kind}))


def _missing(values: Mapping[str, Any], complaints: Iterable[Complaint]) -> list[Complaint]:
    said = {complaint.field for complaint in complaints}
    return [
        Complaint(field=name, code="cell_missing", message=_MISSING)
        for name in sorted(_NEEDED)
        if values[name] is None and name not in said
    ]
