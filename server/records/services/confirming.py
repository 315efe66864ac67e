"""Confirming what was assessed, or objecting to it: assessor and worker (考核双方确认与异议)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select

from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import services as organisations
from server.people.services import people
from server.policy import Identity, Permission
from server.records.entries import RecordKind
from server.records.errors import AlreadyConfirmed, NothingToConfirm, OwnFile
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
        NotFound: the person is outside the asker's scope, or has no such entry; or neither who
            taught nor the employer it was for lies within it.
        OwnFile: the file is the asker's own.
        NothingToConfirm: it is no training or exam, or was corrected.
    """
    scope = by.scope(Permission.WRITE_FILES)
    person = people.get(person_id, scope=scope)
    if by.person_id == person.id:
        raise OwnFile
    assessed = ledger.get(record_id, person_id=person.id)
    if assessed.kind is RecordKind.TRAINING:
        organisations.get(_assessed_for(assessed), scope=scope)
    return _confirm(person.id, record_id, "assessor", by=by, at=at)


def object_to(record_id: UUID, words: str, *, by: Identity, at: datetime) -> Record:
    """Say why one does not confirm an entry of one's own file. The same again is harmless.

    The entry stands until whoever keeps it corrects it; who confirms it afterwards objects no more.

    Raises:
        NotFound: one's own file has no such entry.
        NothingToConfirm: it is no training or exam, or was corrected.
        AlreadyConfirmed: one confirmed it before.
        IdTaken: one objected to it before, in other words.
        NumberNotMasked: an identity number stands in the words in clear.
    """
    disputed = ledger.get(record_id, person_id=by.person_id)
    known = db.session.get(Record, uuid5(record_id, "objection"))
    if known is not None:
        if known.content["words"] != words:
            raise IdTaken
        return known
    _must_stand(disputed)
    if db.session.get(Record, uuid5(record_id, "worker")) is not None:
        raise AlreadyConfirmed
    made = ledger.add(
        by.person_id,
        RecordKind.OBJECTION,
        record_id=uuid5(record_id, "objection"),
        subject_id=record_id,
        happened_at=at,
        content={"objects_to": record_id, "as": "worker", "words": words},
        source=disputed.source,
        by=by,
        at=at,
    )
    audit.append(
        "file_entry_disputed",
        by=by,
        at=at,
        subject_kind="record",
        subject_id=record_id,
        after={"person_id": by.person_id},
        reason=words,
    )
    return made


def _assessed_for(assessed: Record) -> UUID:
    """Return whose assessor signs: the employer it was for, else who taught."""
    found = assessed.content.get("employer_id") or assessed.content.get("provider_id")
    if found is None:
        raise NotFound
    return UUID(str(found))


def _must_stand(entry: Record) -> None:
    corrected = select(Record.id).where(Record.corrects_id == entry.id)
    if entry.kind not in CONFIRMED or db.session.execute(corrected).first() is not None:
        raise NothingToConfirm


def _confirm(person_id: UUID, record_id: UUID, role: str, *, by: Identity, at: datetime) -> Record:
    confirmed = ledger.get(record_id, person_id=person_id)
    confirmation_id = uuid5(record_id, role)
    known = db.session.get(Record, confirmation_id)
    if known is not None:
        return known
    _must_stand(confirmed)
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
