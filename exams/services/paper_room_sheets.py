"""The answer sheets of a room by workbook: each of two people types one, apart (批量录入).

A row is what `exams.services.paper_sheets` makes of a sheet: opened where nobody has yet, read by
who sends the workbook. With the second workbook what both read alike is graded, and what they read
differently is said beside the row and waits for a third. The same workbook again changes nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from exams import paper_rooms
from exams.models import Candidature, Enrolment, PaperSheet
from exams.paper_rooms import SheetRow
from exams.services import booklets, paper_sheets, planning
from exams.services.paper_sheets import SheetDraft
from server.db import db
from server.errors import Message
from server.policy import Identity, Permission
from server.sheets import entering, reading, workbook
from server.sheets.entering import Outcome, RowReport
from server.sheets.reading import Complaint, ReadRow

_DIFFER: Final = "readings_differ"


@dataclass(frozen=True, kw_only=True)
class RoomSat:
    """When the sheets of a workbook were sat, and why on paper."""

    began_at: datetime
    ended_at: datetime
    reason: str


def read(content: bytes) -> Iterator[list[ReadRow[SheetRow]]]:
    """Return the rows of a workbook in batches, each to be entered in a transaction of its own.

    Raises:
        SheetUnreadable: it is no workbook, has no header, or too many rows.
    """
    asked = paper_rooms.form()
    return reading.batches(reading.read(workbook.first_sheet(content), asked), asked)


def enter(
    exam_id: UUID,
    rows: Sequence[ReadRow[SheetRow]],
    sat: RoomSat,
    *,
    store: bool,
    by: Identity,
    at: datetime,
) -> list[RowReport]:
    """Try a batch, and with `store` keep what was read.

    Args:
        exam_id: whose sheets.
        rows: a batch.
        sat: when, and why on paper; a sheet that was opened before keeps its own.
        store: False tries only, and leaves nothing behind.
        by: who read them.
        at: the moment.

    Raises:
        NotFound: there is no such exam within the asker's scope.
    """
    planning.get(exam_id, scope=by.scope(Permission.EXAMINE))

    def entry(number: int, row: SheetRow) -> RowReport:
        place = _place(exam_id, row)
        known = db.session.get(PaperSheet, place.id)
        if known is None:
            draft = SheetDraft(booklet=row.booklet, **vars(sat))
            paper_sheets.open_it(place.id, draft, by=by, at=at)
        elif known.booklet != row.booklet:
            raise entering.refused(
                "booklet",
                "booklet_differs",
                en=f"The sheet was opened with booklet {known.booklet}.",
                zh=f"该考生的答题卡已登记册号 {known.booklet}。",
            )
        count = len(booklets.find(row.booklet, place).order.slots)
        letters = paper_rooms.whole(row.letters, count)
        sheet = paper_sheets.read(place.id, letters, by=by, at=at)
        return RowReport(
            row=number,
            outcome=Outcome.ACCEPTED,
            person_id=place.candidate_id,
            known=True,
            complaints=_differences(sheet),
        )

    return entering.enter(rows, entry, store=store)


def _place(exam_id: UUID, row: SheetRow) -> Enrolment:
    """Return whose sheet it is: by the ticket, or by what stands on their own booklet."""
    standing = select(Enrolment).where(
        Enrolment.exam_id == exam_id, Enrolment.withdrawn_at.is_(None)
    )
    number = (row.ticket or "").partition("-")[0]
    own = row.booklet.partition("-")[2]
    if number.isascii() and number.isdigit():
        found = standing.join(Candidature, Candidature.id == Enrolment.id).where(
            Candidature.number == int(number)
        )
        place = db.session.execute(found).scalar_one_or_none()
        if place is not None:
            return place
    elif own:
        for place in db.session.scalars(standing):
            if place.id.hex.startswith(own):
                return place
    raise entering.refused(
        "ticket" if row.ticket else "booklet",
        "place_unknown",
        en="Nobody in this exam has that ticket or booklet.",
        zh="本场考试没有该准考证号或册号。",
    )


def _differences(sheet: PaperSheet) -> tuple[Complaint, ...]:
    """Return what is said beside a row whose sheet another person read differently."""
    found = sheet.differences
    if not found:
        return ()
    listed = "；".join(
        f"第{one.number}题 {one.first or '空'} / {one.second or '空'}" for one in found
    )
    message = Message(
        en=f"Read differently: {', '.join(str(one.number) for one in found)}.",
        zh=f"两人录入不一致，待第三人核定：{listed}",
    )
    return (Complaint(field=None, code=_DIFFER, message=message),)


def blank(exam_id: UUID, room: str | None, *, by: Identity) -> bytes:
    """Return a workbook with a row for each place of a room, for typing its answer sheets.

    Args:
        exam_id: whose sheets.
        room: the name of one; None for all.
        by: who asks.

    Raises:
        NotFound: there is no such exam within the asker's scope.
    """
    import xlsxwriter  # needed by few

    exam = planning.get(exam_id, scope=by.scope(Permission.EXAMINE))
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        page, bold = book.add_worksheet("答题卡"), book.add_format({"bold": True})
        line = 0
        for booklet in booklets.of_candidates(exam):
            if room is not None and not booklet.seat.startswith(room):
                continue
            if not line:
                count = len(booklet.order.slots)
                numbers = [str(number) for number in range(1, count + 1)]
                page.write_row(0, 0, ["册号", "准考证号", "姓名", *numbers], bold)
            line += 1
            page.write_row(line, 0, [booklet.label, booklet.ticket, booklet.name])
        page.freeze_panes(1, 3)
    return made.getvalue()
