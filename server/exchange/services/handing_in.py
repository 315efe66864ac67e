"""Trainings that another system hands in, entered as its organisation would (批量报送)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.days import civil_day
from server.db import db
from server.errors import NotFound
from server.exchange.models import ExchangeAgreement
from server.exchange.services.asking import identity_of
from server.jobs import services as jobs
from server.jobs.models import Job
from server.people.documents import DocumentType
from server.people.drafts import name_of
from server.people.services import numbers
from server.policy import Role
from server.records.entries import Training
from server.records.models import Record
from server.records.services import training as trainings

#: The job, the file that goes in, and the one that comes out.
JOB, GIVEN, RESULT = "exchange_trainings", "trainings", "result.jsonl"


def ask(
    file_id: UUID,
    agreement: ExchangeAgreement,
    content: bytes,
    *,
    media_type: str,
    row_count: int,
    at: datetime,
) -> Job:
    """Take a file in; the same under the same id again changes nothing.

    Raises:
        IdTaken: another file came under this id.
        TooManyJobs: too many are unfinished.
    """
    wanted = {
        "agreement_id": str(agreement.id),
        "media_type": media_type,
        "row_count": row_count,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    by = identity_of(agreement)
    return jobs.ask(file_id, JOB, wanted, by=by, at=at, files={GIVEN: content})


def enter(agreement: ExchangeAgreement, row: Mapping[str, Any], *, at: datetime) -> str:
    """Enter one training; return what became of it: `entered`, or `known` where it was before.

    Raises:
        NotFound: nobody of this name has this document.
        TrainingNotFinished, IdTaken, NumberNotMasked: as for a training that somebody enters.
    """
    values = dict(row)
    record_id: UUID = values.pop("record_id")
    kind: DocumentType = values.pop("document_type")
    number: str = values.pop("document_number")
    name: str = values.pop("name")
    person = numbers.find(kind, number)
    if person is None or name_of(name) != person.name:
        raise NotFound
    known = db.session.execute(select(Record.id).where(Record.id == record_id)).first()
    training = Training(provider_id=agreement.organisation_id, **values)
    by = identity_of(agreement, Role.PROVIDER_STAFF)
    trainings.record(
        person.id,
        record_id,
        training,
        document_number=number,
        by=by,
        at=at,
        on=civil_day(at),
    )
    return "known" if known else "entered"
