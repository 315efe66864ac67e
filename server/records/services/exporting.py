"""Exports of a file: for a purpose, as far as one may read it, sealed, written down (档案导出)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from server.db import db
from server.jobs import services as jobs
from server.jobs.models import Job
from server.people.services import people
from server.policy import Identity, Permission
from server.records import plain_file, xapi
from server.records.models import Looking
from server.records.services import files, looking, sealing
from server.records.services.files import TrainingFile

#: The name of the job.
KIND = "file_export"

#: What goes into the job, sealed.
GIVEN = "file.json"


class Format(StrEnum):
    """How a file leaves."""

    PDF = "pdf"
    JSON = "json"
    XAPI = "xapi"


def ask(
    job_id: UUID,
    person_id: UUID,
    *,
    format: Format,
    purpose: str,
    by: Identity,
    at: datetime,
    on: date,
) -> Job:
    """Ask for a file as a document; it is fetched from the job of the same id.

    The file is that of this moment, whenever the job is done.

    Raises:
        NotFound: the person is outside the asker's scope, and no consent stands.
        IdTaken: another job stands under this id.
        TooManyJobs: the asker has too many unfinished ones.
        NumberNotMasked: an identity number stands in the purpose.
    """
    own = by.person_id == person_id
    wanted = {"person_id": str(person_id), "format": format.value, "purpose": purpose}
    known = db.session.get(Job, job_id)
    if known is not None:
        return jobs.ask(job_id, KIND, wanted, by=by, at=at)
    file = (
        files.read(person_id, at=at, on=on)
        if own
        else looking.look(
            person_id,
            by=by,
            purpose=purpose,
            looking=Looking.EXPORTED,
            permission=Permission.EXPORT_FILES,
            at=at,
            on=on,
        )
    )
    given = _given(file, format, purpose, at)
    _tell(file, format, purpose, given["seal"], by=by, at=at)
    return jobs.ask(job_id, KIND, wanted, by=by, at=at, files={GIVEN: json.dumps(given).encode()})


def _given(file: TrainingFile, format: Format, purpose: str, at: datetime) -> dict[str, Any]:
    told = plain_file.told(people.shown(file.person), file.lines, read_at=file.read_at)
    kept = sealing.seal(
        file.person.id,
        file_hash=plain_file.hash_of(told),
        line_count=len(file.lines),
        at=at,
    )
    return {
        "format": format.value,
        "file": told,
        "statements": xapi.statements(file.person.id, file.lines),
        "seal": {
            "hash": kept.hash,
            "file_hash": kept.file_hash,
            "sequence": kept.sequence,
            "line_count": kept.line_count,
            "withheld": file.withheld_count,
            "purpose": purpose,
        },
    }


def _tell(
    file: TrainingFile,
    format: Format,
    purpose: str,
    seal: Mapping[str, Any],
    *,
    by: Identity,
    at: datetime,
) -> None:
    after = {"format": format, "seal": seal["hash"], "line_count": seal["line_count"]}
    people.tell("file_exported", file.person, by=by, at=at, after=after, reason=purpose)
