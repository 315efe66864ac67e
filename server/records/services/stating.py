"""What enterprises and authorities state in a file: violations, health, notes (档案登记)."""

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
from server.records.entries import STATED, RecordKind, Statement
from server.records.errors import AlreadyCorrected, OwnFile, StatementAhead
from server.records.models import Record
from server.records.services import ledger


def state(
    person_id: UUID, entry_id: UUID, statement: Statement, *, by: Identity, at: datetime, on: date
) -> Record:
    """Enter something into a person's file. The same again changes nothing.

    Args:
        person_id: whose file.
        entry_id: the id the client made.
        statement: what is stated.
        by: who asks, for the organisation that states it.
        at: the moment.
        on: today.

    Raises:
        NotFound: the person or the organisation lies outside the asker's scope.
        OwnFile: the file is the asker's own.
        StatementAhead: its day has not come.
        IdTaken: another entry stands under this id.
        NumberNotMasked: an identity number stands in it in clear.
    """
    place = _place(person_id, statement, by)
    known = db.session.get(Record, entry_id)
    if known is not None:
        return _same(known, person_id, statement)
    return _write(person_id, entry_id, statement, place, by=by, at=at, on=on)


def correct(
    person_id: UUID,
    correction_id: UUID,
    *,
    corrects_id: UUID,
    reason: str,
    statement: Statement | None,
    by: Identity,
    at: datetime,
    on: date,
) -> Record:
    """Correct an entry by another; without a statement, the first is withdrawn. Both stay.

    Raises:
        NotFound: the person has no such entry, stated by an organisation in the asker's scope.
        AlreadyCorrected: it was corrected before.
        OwnFile, StatementAhead, IdTaken, NumberNotMasked: as for `state`.
    """
    place = _place(person_id, _wrong(person_id, corrects_id), by)
    known = db.session.get(Record, correction_id)
    if known is not None:
        if (known.corrects_id, known.reason) != (corrects_id, reason):
            raise IdTaken
        return _same(known, person_id, statement)
    corrected = select(Record.id).where(Record.corrects_id == corrects_id)
    if db.session.execute(corrected).first() is not None:
        raise AlreadyCorrected
    if statement is not None:
        place = _place(person_id, statement, by)
    return _write(
        person_id,
        correction_id,
        statement,
        place,
        corrects_id=corrects_id,
        reason=reason,
        by=by,
        at=at,
        on=on,
    )


def _wrong(person_id: UUID, corrects_id: UUID) -> Statement:
    """Return what the entry to be corrected states."""
    wrong = ledger.get(corrects_id, person_id=person_id)
    if wrong.kind not in STATED or "organisation_id" not in wrong.content:
        raise NotFound
    return Statement(
        kind=wrong.kind,
        happened_on=wrong.happened_on,
        organisation_id=UUID(str(wrong.content["organisation_id"])),
        summary=str(wrong.content["summary"]),
    )


def _place(person_id: UUID, statement: Statement, by: Identity) -> Organisation:
    """Return the organisation that states it, once the asker may speak for it of this person."""
    if by.person_id == person_id:
        raise OwnFile
    scope = by.scope(Permission.WRITE_FILES)
    people.get(person_id, scope=scope)
    return organisations.get(statement.organisation_id, scope=scope)


def _write(
    person_id: UUID,
    entry_id: UUID,
    statement: Statement | None,
    place: Organisation,
    *,
    corrects_id: UUID | None = None,
    reason: str | None = None,
    by: Identity,
    at: datetime,
    on: date,
) -> Record:
    if statement is not None and statement.happened_on > on:
        raise StatementAhead
    made = ledger.add(
        person_id,
        statement.kind if statement else RecordKind.CORRECTION,
        record_id=entry_id,
        subject_id=entry_id if statement or corrects_id is None else corrects_id,
        happened_at=days.beginning_of(statement.happened_on) if statement else at,
        content=statement.as_content() if statement else {},
        source=place.name,
        corrects_id=corrects_id,
        reason=reason,
        by=by,
        at=at,
    )
    audit.append(
        "file_entry_corrected" if corrects_id else "file_entry_made",
        by=by,
        at=at,
        subject_kind="record",
        subject_id=made.id,
        after={"person_id": person_id, "corrects_id": corrects_id, "kind": made.kind.value},
        reason=reason,
        organisation_path=place.path,
        region_path=organisations.region_path_of(place),
    )
    return made


def _same(known: Record, person_id: UUID, statement: Statement | None) -> Record:
    stated: tuple[object, ...] = (known.person_id, known.content)
    wanted: tuple[object, ...] = (person_id, statement.as_content() if statement else {})
    if statement is not None:
        stated += (known.kind, known.happened_on)
        wanted += (statement.kind, statement.happened_on)
    if stated != wanted:
        raise IdTaken
    return known
