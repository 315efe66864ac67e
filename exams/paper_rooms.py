"""Pure: the workbook in which somebody types the answer sheets of a room (答题卡录入表)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from server.errors import Message
from server.sheets import cells as kinds
from server.sheets.reading import Cells, Complaint, Form

#: Questions that a workbook may have columns for.
MOST_QUESTIONS = 400

#: The headings of what stands before the answers.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "booklet": ("册号", "试卷编号"),
    "ticket": ("准考证号",),
    "name": ("姓名",),
}

_TWICE = Complaint(
    field="booklet",
    code="sheet_twice",
    message=Message(
        en="The same sheet stands in more than one row.", zh="同一答题卡在表中出现多次。"
    ),
)


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """What one person reads from one answer sheet."""

    #: As it stands on the booklet: `3` or `3-1a2b3c4d`.
    booklet: str
    #: Number of the admission ticket; None where the booklet is somebody's own.
    ticket: str | None
    #: Letters by the number of the question; blanks are left out.
    letters: Mapping[str, str]

    @property
    def whose(self) -> Hashable:
        """What no two rows share."""
        return self.ticket or self.booklet


def form() -> Form[SheetRow]:
    """Return what such a workbook is: a row for each sheet, a column for each question."""
    numbers = {
        f"q{number}": (f"{number}", f"{number}.0", f"第{number}题")
        for number in range(1, MOST_QUESTIONS + 1)
    }
    return Form(
        headings={**HEADINGS, **numbers},
        needed=frozenset({"booklet"}),
        read=_row,
        same=lambda row: row.whose,
        twice=_TWICE,
        together=lambda row: row.whose,
    )


def _row(cells: Cells) -> SheetRow:
    letters = {
        str(number): said
        for number in range(1, MOST_QUESTIONS + 1)
        if (said := cells.take(f"q{number}", kinds.text)) is not None
    }
    return SheetRow(
        booklet=cells.need("booklet", _label, ""),
        ticket=cells.take("ticket", kinds.text),
        letters={number: _letters(said) for number, said in letters.items()},
    )


def _label(cell: object) -> str | None:
    said = kinds.text(cell)
    return said.removesuffix(".0") if said else said


def _letters(said: str) -> str:
    """Return letters as a sheet has them: `a、c` is `AC`; a dash is a blank."""
    return "".join(sign for sign in said.upper() if sign not in " ,，、;；-—")


def whole(letters: Mapping[str, str], count: int) -> dict[str, str]:
    """Return letters for every question of a booklet; what is not there was left blank."""
    return {str(number): "" for number in range(1, count + 1)} | dict(letters)
