"""Applications in bulk: a workbook of people who are sent to a sitting (批量报名).

Every row is tried by itself. The same workbook again, under whatever id, enrols nobody twice:
whoever has applied already is answered as known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select

from exams.enrolling import EnrolmentRow, form
from exams.models import Candidature, Enrolment
from exams.services import applying, candidatures, sittings
from exams.services.applying import Application
from server.db import db
from server.errors import Message
from server.people.services import imports
from server.policy import Identity
from server.sheets import entering, reading, workbook
from server.sheets.entering import Outcome, RowReport
from server.sheets.reading import Complaint, ReadRow

#: What is said of somebody who has applied, and something stands in the way.
_HINDERED: Final = "hindered"


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
    return reading.batches(reading.read(workbook.first_sheet(content), asked), asked)


def enter(
    import_id: UUID,
    sitting_id: UUID,
    rows: Sequence[ReadRow[EnrolmentRow]],
    *,
    sent_by_id: UUID,
    store: bool,
    by: Identity,
    at: datetime,
) -> list[RowReport]:
    """Try a batch, and with `store` apply for those who may.

    Args:
        import_id: the id the client made for this workbook.
        sitting_id: what they apply for.
        rows: a batch.
        sent_by_id: the employer or provider that sends them.
        store: False tries only, and leaves nothing behind.
        by: who sends them.
        at: the moment.
    """

    def entry(number: int, row: EnrolmentRow) -> RowReport:
        person = imports.known_as(row)
        if person is None:
            raise entering.refused(
                "document_number",
                "person_unknown",
                en="Nobody is registered with this document. Enter the roster first.",
                zh="该证件尚未登记，请先导入人员名册。",
            )
        if _has_applied(sitting_id, person.id):
            return RowReport(row=number, outcome=Outcome.ACCEPTED, person_id=person.id, known=True)
        wanted = Application(
            candidate_id=person.id,
            sent_by_id=sent_by_id,
            waiver=row.waiver,
            document_number=row.document_number,
        )
        made = applying.apply(
            uuid5(import_id, f"enrolment {person.id}"), sitting_id, wanted, by=by, at=at
        )
        if made.enrolment.hindrances:
            raise _hindered(made)
        return RowReport(row=number, outcome=Outcome.ACCEPTED, person_id=person.id)

    return entering.enter(rows, entry, store=store)


def _has_applied(sitting_id: UUID, candidate_id: UUID) -> bool:
    statement = (
        select(Candidature.id)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .where(
            Candidature.sitting_id == sitting_id,
            Candidature.candidate_id == candidate_id,
            Enrolment.withdrawn_at.is_(None),
        )
    )
    return db.session.execute(statement).first() is not None


def _hindered(made: Candidature) -> entering.RowRefused:
    """Return the refusal of a row whose candidate may not sit: every reason, and its article."""
    why = candidatures.reasons(made, sittings.get(made.sitting_id))
    message = Message(
        en="; ".join(f"{one.hindrance.value} ({one.article})" for one in why),
        zh="；".join(f"{one.text_zh}（{one.article}）" for one in why),
    )
    return entering.RowRefused(Complaint(field=None, code=_HINDERED, message=message))
