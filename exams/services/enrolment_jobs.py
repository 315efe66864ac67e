"""Workbooks of thousands of candidates: tried or applied for beside the requests (大批量报名).

What the asker may do is what they might when they asked. Whatever comes between two batches, the
job goes on, or the same workbook is sent again: nobody is applied for twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from exams.enrolling import form
from exams.services import enrolment_sheets, sittings
from server.db import transaction
from server.jobs import services as jobs
from server.jobs.models import Job
from server.jobs.work import Running
from server.policy import ROLES, Grant, Identity, Permission, Role
from server.scopes import Scope
from server.sheets import entering, reading, reporting, workbook
from server.sheets.entering import RowReport

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
        "person_id": str(by.person_id),
        "grants": [_kept(grant) for grant in by.grants if _sends(grant.role)],
    }
    return jobs.ask(job_id, KIND, wanted, by=by, at=at, files={_GIVEN: content})


def run(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Try or apply for the rows, a batch in each transaction; give the same workbook back."""
    content, asked = running.file(_GIVEN), form(wanted["headings"])
    rows = reading.read(workbook.first_sheet(content), asked, most=MOST_ROWS)
    by = Identity(
        account_id=running.asked_by,
        person_id=UUID(wanted["person_id"]),
        grants=tuple(_grant(kept) for kept in wanted["grants"]),
    )
    reports: list[RowReport] = []
    running.told(0, len(rows))
    for batch in reading.batches(rows, asked):
        with transaction():
            reports += enrolment_sheets.enter(
                running.job_id,
                UUID(wanted["sitting_id"]),
                batch,
                sent_by_id=UUID(wanted["sent_by_id"]),
                store=wanted["store"],
                by=by,
                at=running.at(),
            )
        running.told(len(reports), len(rows))
    report = entering.summed_up(reports, stored=wanted["store"])
    running.keep(_ANSWERED, reporting.MEDIA_TYPE, reporting.workbook(content, report))
    return {
        "stored": report.stored,
        "accepted_count": report.accepted_count,
        "refused_count": report.refused_count,
    }


def _sends(role: Role) -> bool:
    return Permission.ENROL_CANDIDATES in ROLES[role]


def _kept(grant: Grant) -> dict[str, Any]:
    return {
        "role": grant.role.value,
        "everywhere": grant.scope.everywhere,
        "organisation_paths": list(grant.scope.organisation_paths),
        "region_paths": list(grant.scope.region_paths),
    }


def _grant(kept: Mapping[str, Any]) -> Grant:
    scope = Scope(
        everywhere=kept["everywhere"],
        organisation_paths=tuple(kept["organisation_paths"]),
        region_paths=tuple(kept["region_paths"]),
    )
    return Grant(role=Role(kept["role"]), scope=scope)
