"""Pure: rows of a roster become people and posts (名册导入)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date

from server.errors import Message
from server.people import cells as names
from server.people import naming
from server.people.documents import Sex
from server.people.drafts import Education
from server.people.naming import Named
from server.people.roster import PostRole
from server.sheets import cells as kinds
from server.sheets.reading import Cells, Complaint, Form

#: The codes of operation items by name, as of a day.
Catalogue = Callable[[date], Mapping[str, str]]

#: The headings under which a column is known, without spaces and remarks in brackets.
_HEADINGS: dict[str, tuple[str, ...]] = {
    **naming.HEADINGS,
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

_TWICE = Complaint(
    field="document_number",
    code="document_twice",
    message=Message(
        en="The same document and post stand in more than one row.",
        zh="同一证件和岗位在表中出现多次。",
    ),
)


@dataclass(frozen=True, kw_only=True)
class RosterRow(Named):
    """One row that could be read."""

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


def form(catalogue: Catalogue, *, on: date) -> Form[RosterRow]:
    """Return what a roster is.

    Args:
        catalogue: gives the codes of operation items by name.
        on: the day for posts that name none.
    """
    return Form(
        headings=_HEADINGS,
        needed=naming.NEEDED,
        read=lambda cells: _row(cells, catalogue, on),
        same=_post_of,
        twice=_TWICE,
        together=lambda row: row.document,
    )


def _post_of(row: RosterRow) -> Hashable:
    return row.document, row.department, row.role, row.items


def _row(cells: Cells, catalogue: Catalogue, on: date) -> RosterRow:
    named = naming.read(cells)
    role = cells.take("role", lambda cell: kinds.chosen(cell, names.ROLES))
    from_on = cells.need("from_on", kinds.day, on)
    items = cells.take("items", lambda cell: names.items(cell, catalogue(from_on))) or ()
    return RosterRow(
        name=named.name,
        document_type=named.document_type,
        document_number=named.document_number,
        sex=cells.take("sex", lambda cell: kinds.chosen(cell, names.SEXES)),
        birth_on=cells.take("birth_on", kinds.day),
        phone=cells.take("phone", kinds.text),
        education=cells.take("education", lambda cell: kinds.chosen(cell, names.EDUCATIONS)),
        department=cells.take("department", kinds.text),
        role=PostRole.SPECIAL_OPERATIONS_WORKER if items and role is None else role,
        items=items,
        from_on=from_on,
        until_on=cells.take("until_on", kinds.day),
    )
