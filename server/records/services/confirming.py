"""Confirming what was taught and assessed: by the assessor, and by the worker (考核双方确认)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select

from server.audit import services as audit
from server.db import db
from server.people.services import people
from server.policy import Identity, Permission
from server.records.entries import RecordKind
from server.records.errors import NothingToConfirm, OwnFile
from server.records.models import Record
from server.records.services import ledger

#: What is confirmed: the law asks that both sign the result of an assessment.
CONFIRMED = (RecordKind.TRAINING, RecordKind.EXAM)


def by_worker(record_id: UUID, *, by: Identity, at: datetime) -> Record:
    """Confirm an entry of one's own file. Sending the same twice is harmless.

    Raises:
        NotFound: one's own file has no such entry.
        NothingToConfirm: it is no training or exam, or was corrected.
    """
    return _confirm(by.person_id, record_id, "worker", by=by, at=at)


def by_assessor(person_id: UUID, record_id: UUID, *, by: Identity, at: datetime) -> Record:
    """Confirm an entry as the one who assessed. Sending the same twice is harmless.

    Raises:
        NotFound: the person is outside the asker's scope, or has no such entry.
        OwnFile: the file is the asker's own.
        NothingToConfirm: it is no training or exam, or was corrected.
    """
    person = people.get(person_id, scope=by.scope(Permission.WRITE_FILES))
    if by.person_id == person.id:
        raise OwnFile
    return _confirm(person.id, record_id, "assessor", by=by, at=at)


def _confirm(person_id: UUID, record_id: UUID, role: str, *, by: Identity, at: datetime) -> Record:
    confirmed = ledger.get(record_id, person_id=person_id)
    confirmation_id = uuid5(record_id, role)
    known = db.session.get(Record, confirmation_id)
    if known is not None:
        return known
    corrected = select(Record.id).where(Record.corrects_id == record_id)
    if confirmed.kind not in CONFIRMED or db.session.execute(corrected).first() is not None:
        raise NothingToConfirm
    made = ledger.add(
        person_id,
        RecordKind.CONFIRMATION,
        record_id=confirmation_id,
        subject_id=record_id,
        happened_at=at,
        content={"confirms": record_id, "as": role, "by_person_id": by.person_id},
        source=confirmed.source,
        by=by,
        at=at,
    )
    audit.append(
        "file_entry_confirmed",
        by=by,
        at=at,
        subject_kind="record",
        subject_id=record_id,
        after={"person_id": person_id, "as": role},
    )
    return made
