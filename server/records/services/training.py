"""Training records by the staff of providers (培训登记)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from server import days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.people.services import people
from server.policy import Identity, Permission
from server.records.entries import BY_EMPLOYER, RecordKind, Training
from server.records.errors import (
    AlreadyCorrected,
    NotByEmployer,
    OwnFile,
    TrainingNotFinished,
)
from server.records.models import Record
from server.records.services import ledger


def record(
    person_id: UUID,
    record_id: UUID,
    training: Training,
    *,
    document_number: str | None = None,
    permission: Permission = Permission.RECORD_TRAINING,
    by: Identity,
    at: datetime,
    on: date,
) -> Record:
    """Enter that a person finished a training. The same again changes nothing.

    Args:
        person_id: who was trained.
        record_id: the id the client made.
        training: what was finished.
        document_number: the person's number, for somebody whom the asker does not see.
        permission: by which the asker may; an employer inducts, a provider trains.
        by: who asks: staff of the provider that trained, or of the employer.
        at: the moment.
        on: today.

    Raises:
        NotFound: the provider is outside the asker's scope, or the person is, unproven.
        TrainingNotFinished: it ends in the future or before it begins.
        IdTaken: another entry stands under this id.
        NumberNotMasked: an identity number stands in it in clear.
    """
    provider = _provider(training, by, permission)
    known = db.session.get(Record, record_id)
    if known is not None:
        return _same(known, person_id, training)
    scope = by.scope(permission)
    person = people.get_proven(person_id, document_number, scope=scope)
    return _write(person.id, record_id, training, provider, by=by, at=at, on=on)


def induct(
    person_id: UUID, record_id: UUID, training: Training, *, by: Identity, at: datetime, on: date
) -> Record:
    """Enter what an employer taught its own people: induction, post change, new technology.

    Raises:
        NotByEmployer: it is of a kind that a provider gives.
        OwnFile: the asker would enter their own.
        NotFound, TrainingNotFinished, IdTaken, NumberNotMasked: as for `record`.
    """
    if training.purpose not in BY_EMPLOYER:
        raise NotByEmployer
    if by.person_id == person_id:
        raise OwnFile
    permission = Permission.INDUCT_WORKERS
    return record(person_id, record_id, training, permission=permission, by=by, at=at, on=on)


def correct(
    person_id: UUID,
    correction_id: UUID,
    *,
    corrects_id: UUID,
    reason: str,
    training: Training | None,
    permission: Permission = Permission.RECORD_TRAINING,
    by: Identity,
    at: datetime,
    on: date,
) -> Record:
    """Correct a training record by another entry; without a training, the first is withdrawn.

    Raises:
        NotFound: the person has no such training record by a provider in the asker's scope.
        AlreadyCorrected: it was corrected before.
        TrainingNotFinished, IdTaken, NumberNotMasked: as for `record`.
    """
    wrong = ledger.get(corrects_id, person_id=person_id)
    if wrong.kind is not RecordKind.TRAINING:
        raise NotFound
    scope = by.scope(permission)
    provider = organisations.get(UUID(str(wrong.content["provider_id"])), scope=scope)
    known = db.session.get(Record, correction_id)
    if known is not None:
        if (known.corrects_id, known.reason) != (corrects_id, reason):
            raise IdTaken
        return _same(known, person_id, training)
    corrected = select(Record.id).where(Record.corrects_id == corrects_id)
    if db.session.execute(corrected).first() is not None:
        raise AlreadyCorrected
    if training is not None:
        provider = _provider(training, by, permission)
        return _write(
            person_id,
            correction_id,
            training,
            provider,
            corrects_id=corrects_id,
            reason=reason,
            by=by,
            at=at,
            on=on,
        )
    withdrawn = ledger.add(
        person_id,
        RecordKind.CORRECTION,
        record_id=correction_id,
        subject_id=corrects_id,
        happened_at=at,
        content={},
        source=provider.name,
        corrects_id=corrects_id,
        reason=reason,
        by=by,
        at=at,
    )
    _tell("training_withdrawn", withdrawn, provider, by=by, at=at)
    return withdrawn


def correct_induction(
    person_id: UUID,
    correction_id: UUID,
    *,
    corrects_id: UUID,
    reason: str,
    training: Training | None,
    by: Identity,
    at: datetime,
    on: date,
) -> Record:
    """Correct what an employer taught its own; without a training, the entry is withdrawn.

    Raises:
        NotByEmployer: what was taught, or what takes its place, is of a kind that a provider gives.
        OwnFile: the asker would correct their own.
        NotFound, AlreadyCorrected, TrainingNotFinished, IdTaken, NumberNotMasked: as for `correct`.
    """
    if by.person_id == person_id:
        raise OwnFile
    wrong = ledger.get(corrects_id, person_id=person_id)
    purposes = {wrong.purpose, training.purpose if training else wrong.purpose}
    if wrong.kind is RecordKind.TRAINING and not purposes <= BY_EMPLOYER:
        raise NotByEmployer
    return correct(
        person_id,
        correction_id,
        corrects_id=corrects_id,
        reason=reason,
        training=training,
        permission=Permission.INDUCT_WORKERS,
        by=by,
        at=at,
        on=on,
    )


def _write(
    person_id: UUID,
    record_id: UUID,
    training: Training,
    provider: Organisation,
    *,
    corrects_id: UUID | None = None,
    reason: str | None = None,
    by: Identity,
    at: datetime,
    on: date,
) -> Record:
    if not training.started_on <= training.finished_on <= on:
        raise TrainingNotFinished
    made = ledger.add(
        person_id,
        RecordKind.TRAINING,
        record_id=record_id,
        subject_id=record_id,
        happened_at=days.beginning_of(training.finished_on),
        content=training.as_content(),
        source=provider.name,
        purpose=training.purpose,
        role=training.role,
        item=training.item,
        corrects_id=corrects_id,
        reason=reason,
        by=by,
        at=at,
    )
    action = "training_corrected" if corrects_id else "training_recorded"
    _tell(action, made, provider, by=by, at=at)
    return made


def _provider(training: Training, by: Identity, permission: Permission) -> Organisation:
    return organisations.get(training.provider_id, scope=by.scope(permission))


def _same(known: Record, person_id: UUID, training: Training | None) -> Record:
    content = training.as_content() if training else {}
    if known.person_id != person_id or known.content != content:
        raise IdTaken
    return known


def _tell(action: str, made: Record, provider: Organisation, *, by: Identity, at: datetime) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="record",
        subject_id=made.id,
        after={"person_id": made.person_id, "corrects_id": made.corrects_id, **made.content},
        reason=made.reason,
        organisation_path=provider.path,
        region_path=organisations.region_path_of(provider),
    )
