"""Workbooks of thousands of candidates: tried or applied for beside the requests (大批量报名).

What the asker may do is what they might when they asked. Whatever comes between two batches, the
job goes on, or the same workbook is sent again: nobody is applied for twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from exams.enrolling import EnrolmentRow, form
from exams.services import askers, enrolment_sheets, sittings
from exams.services.sending import Sheet
from server.db import transaction
from server.jobs import services as jobs
from server.jobs.models import Job
from server.jobs.work import Running
from server.policy import Identity, Permission
from server.sheets import entering, reading, reporting, workbook
from server.sheets.entering import RowReport
from server.sheets.reading import ReadRow

#: The name of the job, of the workbook that it reads, and of the one that it gives back.
KIND: Final = "enrolment_import"
_GIVEN, _ANSWERED = "enrolments.xlsx", "report.xlsx"

#: Rows of a workbook at most.
MOST_ROWS: Final = 20_000


@dataclass(frozen=True, kw_only=True)
class Sending:
    """How a workbook is sent: by whom, with which headings, to be stored or only tried."""

    sent_by_id: UUID
    headings: Mapping[str, str]
    store: bool


def ask(
    job_id: UUID, sitting_id: UUID, content: bytes, how: Sending, *, by: Identity, at: datetime
) -> Job:
    """Ask that a workbook is tried, or with `store` applied for. Asking again changes nothing.

    Raises:
        NotFound: there is no such sitting.
        SheetUnreadable: it is no workbook, has no header, or too many rows.
        IdTaken, TooManyJobs: about the job.
    """
    sittings.get(sitting_id)
    asked = form(how.headings)
    reading.read(workbook.first_sheet(content), asked, most=MOST_ROWS)
    wanted = {
        "sitting_id": str(sitting_id),
        "sent_by_id": str(how.sent_by_id),
        "headings": dict(how.headings),
        "store": how.store,
        **askers.kept(by, Permission.ENROL_CANDIDATES),
    }
    return jobs.ask(job_id, KIND, wanted, by=by, at=at, files={_GIVEN: content})


def run(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Try or apply for the rows, a batch in each transaction; give the same workbook back."""
    content, asked = running.file(_GIVEN), form(wanted["headings"])
    rows = reading.read(workbook.first_sheet(content), asked, most=MOST_ROWS)
    by = askers.again(running.asked_by, wanted)
    sheet = Sheet(
        import_id=running.job_id,
        sitting_id=UUID(wanted["sitting_id"]),
        sent_by_id=UUID(wanted["sent_by_id"]),
        by=by,
    )
    reports: list[RowReport] = []
    running.told(0, len(rows))
    for batch in enrolment_sheets.batches(rows, wanted["headings"]):
        reports += enter(batch, sheet, store=wanted["store"], so_far=reports, at=running.at())
        running.told(len(reports), len(rows))
    report = entering.summed_up(reports, stored=wanted["store"])
    running.keep(_ANSWERED, reporting.MEDIA_TYPE, reporting.workbook(content, report))
    return {
        "stored": report.stored,
        "accepted_count": report.accepted_count,
        "refused_count": report.refused_count,
    }


def enter(
    batch: Sequence[ReadRow[EnrolmentRow]],
    sheet: Sheet,
    *,
    store: bool,
    so_far: Sequence[RowReport],
    at: datetime,
) -> list[RowReport]:
    """Try a batch, or with `store` apply for who may: only the writing holds up other writers.

    What was looked at before may change until it is written. Whoever decides looks at it again.
    """
    looked = enrolment_sheets.look(batch, sheet, at=at)
    if not store:
        before = enrolment_sheets.taken(so_far)
        return enrolment_sheets.enter(looked, sheet, store=False, before=before, at=at)
    with transaction():
        return enrolment_sheets.enter(looked, sheet, store=True, at=at)
