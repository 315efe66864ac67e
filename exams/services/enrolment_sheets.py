"""Applications in bulk: a workbook of people who are sent to a sitting (批量报名).

A batch is looked at without keeping anybody from writing, and then written in a short transaction:
each in a few statements, however many its rows are. Every row is answered by itself. The same
workbook again, under whatever id, enrols nobody twice: whoever has applied already is answered as
known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from exams.eligibility import Hindrance
from exams.enrolling import EnrolmentRow, form
from exams.models import Sitting
from exams.services import candidatures, claims, sending, sittings
from exams.services.claims import New
from exams.services.sending import Became, Sheet
from exams.sittings import SittingState
from server.errors import DomainError, Message
from server.people.documents import DocumentType
from server.people.models import Person
from server.people.services import crowds, imports
from server.sheets import entering, reading, workbook
from server.sheets.entering import Outcome, RowRefused, RowReport
from server.sheets.reading import Complaint, ReadRow

#: What is said of somebody who has applied, and something stands in the way.
_HINDERED: Final = "hindered"

#: Rows that are looked at and written together.
BATCH: Final = 200


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A row that names somebody, and what stands in their way."""

    number: int
    new: New
    hindrances: Sequence[Hindrance]


@dataclass(frozen=True, kw_only=True)
class Looked:
    """A batch that was looked at: rows that are answered already, and those that name somebody."""

    answered: Sequence[RowReport]
    named: Sequence[_Row]


def read(
    content: bytes, headings: Mapping[str, str] | None = None
) -> Iterator[list[ReadRow[EnrolmentRow]]]:
    """Return the rows of a workbook in batches, each to be entered in a transaction of its own.

    Args:
        content: the .xlsx workbook.
        headings: which heading of this workbook stands for which column.

    Raises:
        SheetUnreadable: it is no workbook, has no header, or too many rows.
    """
    asked = form(headings or {})
    return batches(reading.read(workbook.first_sheet(content), asked), headings or {})


def batches(
    rows: Sequence[ReadRow[EnrolmentRow]], headings: Mapping[str, str]
) -> Iterator[list[ReadRow[EnrolmentRow]]]:
    """Return rows that were read in batches."""
    return reading.batches(rows, form(headings), BATCH)


def look(rows: Sequence[ReadRow[EnrolmentRow]], sheet: Sheet, *, at: datetime) -> Looked:
    """Look whom the rows of a batch name, and what stands in their way. Writes nothing.

    Raises:
        NotFound: there is no such sitting.
        ExamNotPublished: nobody may apply for it yet.
    """
    known = crowds.by_document({_document(one.row) for one in rows if one.row is not None})
    answered: list[RowReport] = []
    named: dict[int, New] = {}
    for one in rows:
        if one.row is None:
            answered.append(_refused(one.number, one.complaints))
            continue
        try:
            named[one.number] = _named(one.row, known.get(_document(one.row)), sheet)
        except RowRefused as refused:
            answered.append(_refused(one.number, [refused.complaint]))
    against = _against(named.values(), sheet, at=at)
    found = [
        _Row(number=number, new=new, hindrances=against[new.candidate_id])
        for number, new in named.items()
    ]
    return Looked(answered=answered, named=found)


def enter(
    looked: Looked, sheet: Sheet, *, store: bool, before: int = 0, at: datetime
) -> list[RowReport]:
    """Apply for those of a batch who may, and answer every row of it.

    Args:
        looked: the batch.
        sheet: to what they are sent, by whom.
        store: False tries only, and leaves nothing behind.
        before: how many of earlier batches would have a place if it were stored.
        at: the moment.

    Raises:
        NotFound: there is no such sitting.
    """
    sitting = sittings.get(sheet.sitting_id, lock=store)
    if store:
        claims.lock({row.new.candidate_id for row in looked.named})
    rows = [(row.new, bool(row.hindrances)) for row in looked.named]
    judged = sending.judge(rows, sitting, sheet, before=0 if store else before, at=at)
    if store:
        applying = [
            row.new for row, one in zip(looked.named, judged, strict=True) if one is Became.APPLIES
        ]
        sending.write(applying, sitting, sheet, at=at)
    found = [
        _reported(row, one, sitting, shown=store)
        for row, one in zip(looked.named, judged, strict=True)
    ]
    return [*looked.answered, *found]


def taken(reports: Iterable[RowReport]) -> int:
    """Return how many of the rows take a place that they had not."""
    return sum(one.outcome is Outcome.ACCEPTED and not one.known for one in reports)


def _document(row: EnrolmentRow) -> tuple[DocumentType, str]:
    return row.document_type, row.document_number


def _named(row: EnrolmentRow, person: Person | None, sheet: Sheet) -> New:
    """Return whom a row names, as somebody who may apply."""
    imports.check_name(person, row)
    if person is None:
        raise entering.refused(
            "document_number",
            "person_unknown",
            en="Nobody is registered with this document. Enter the roster first.",
            zh="该证件尚未登记，请先导入人员名册。",
        )
    # Whoever was merged is sent as who goes on.
    candidate_id = person.merged_into_id or person.id
    return New(
        enrolment_id=uuid5(sheet.import_id, f"enrolment {candidate_id}"),
        candidate_id=candidate_id,
        waiver=row.waiver,
    )


def _against(
    new: Collection[New], sheet: Sheet, *, at: datetime
) -> Mapping[UUID, Sequence[Hindrance]]:
    sitting = sittings.get(sheet.sitting_id)
    if sitting.state is SittingState.PLANNED or not new:
        return {one.candidate_id: () for one in new}
    return candidatures.against(
        {one.candidate_id for one in new},
        sitting,
        waived={one.candidate_id for one in new if one.waiver is not None},
        at=at,
    )


def _reported(
    row: _Row, became: Became | DomainError, sitting: Sitting, *, shown: bool
) -> RowReport:
    if became is Became.HINDERED:
        return _refused(row.number, [_hindered(row.hindrances, sitting)])
    if isinstance(became, DomainError):
        complaint = Complaint(field=None, code=became.code, message=became.message)
        return _refused(row.number, [complaint])
    known = became is Became.KNOWN
    person_id = row.new.candidate_id if known or shown else None
    return RowReport(row=row.number, outcome=Outcome.ACCEPTED, person_id=person_id, known=known)


def _refused(number: int, complaints: Sequence[Complaint]) -> RowReport:
    return RowReport(row=number, outcome=Outcome.REFUSED, complaints=complaints)


def _hindered(hindrances: Sequence[Hindrance], sitting: Sitting) -> Complaint:
    """Return what is said of a row whose candidate may not sit: every reason, and its article."""
    why = candidatures.reasons_of(hindrances, sitting)
    message = Message(
        en="; ".join(f"{one.hindrance.value} ({one.article})" for one in why),
        zh="；".join(f"{one.text_zh}（{one.article}）" for one in why),
    )
    return Complaint(field=None, code=_HINDERED, message=message)
