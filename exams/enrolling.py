"""Pure: what a workbook of candidates is (批量报名表)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from server.people import naming
from server.people.naming import Named
from server.sheets import cells as kinds
from server.sheets.reading import Cells, Form

#: The headings under which the columns are known.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    **naming.HEADINGS,
    "waiver": ("免训依据", "职业技能等级证书", "技能等级证书编号"),
}


@dataclass(frozen=True, kw_only=True)
class EnrolmentRow(Named):
    """One candidate who is sent."""

    #: The certificate of vocational skill that stands for training.
    waiver: str | None


def form(headings: Mapping[str, str]) -> Form[EnrolmentRow]:
    """Return what such a workbook is.

    Args:
        headings: headings of one workbook, and the columns that they stand for.
    """
    known = {
        name: (*usual, *(heading for heading, column in headings.items() if column == name))
        for name, usual in HEADINGS.items()
    }
    return Form(
        headings=known,
        needed=naming.NEEDED,
        read=_row,
        same=_document,
        twice=naming.TWICE,
        together=_document,
    )


def _document(row: EnrolmentRow) -> Hashable:
    return row.document


def _row(cells: Cells) -> EnrolmentRow:
    named = naming.read(cells)
    return EnrolmentRow(**vars(named), waiver=cells.take("waiver", kinds.text))
