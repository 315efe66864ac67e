"""Copies of documents in a file: kept once, sealed, and never shown unseen (证件复印件)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from server.db import db
from server.errors import IdTaken, NotFound
from server.jobs import sealing
from server.organisations import services as organisations
from server.paging import Page, page
from server.people.models import Person
from server.people.services import people
from server.policy import Identity, Permission
from server.records import copies
from server.records.copies import CopyKind
from server.records.entries import RecordKind
from server.records.errors import OwnFile
from server.records.models import FileAccess, FileDocument, Looking
from server.records.services import ledger
from server.scopes import Scope


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A copy in clear, for the one who asked."""

    document: FileDocument
    content: bytes = field(repr=False)


def keep(
    person_id: UUID,
    document_id: UUID,
    kind: CopyKind,
    content: bytes,
    *,
    by: Identity,
    at: datetime,
) -> FileDocument:
    """Keep a copy of a document in a file; the same content is kept once.

    Raises:
        NotFound: the person is outside the asker's scope.
        OwnFile: the file is the asker's own.
        CopyRefused: the bytes are no copy that can be kept.
        IdTaken: another copy stands under this id.
    """
    person = people.get(person_id, scope=by.scope(Permission.WRITE_FILES))
    if by.person_id == person.id:
        raise OwnFile
    sound = copies.read(content)
    known = db.session.get(FileDocument, document_id)
    if known is not None:
        if (known.person_id, known.kind, known.hash) != (person.id, kind, sound.hash):
            raise IdTaken
        return known
    same = select(FileDocument).where(
        FileDocument.person_id == person.id, FileDocument.hash == sound.hash
    )
    found = db.session.execute(same).scalar_one_or_none()
    return found or _store(person, document_id, kind, sound, by=by, at=at)


def _store(
    person: Person,
    document_id: UUID,
    kind: CopyKind,
    sound: copies.Copy,
    *,
    by: Identity,
    at: datetime,
) -> FileDocument:
    made = FileDocument(
        id=document_id,
        person_id=person.id,
        kind=kind,
        hash=sound.hash,
        media_type=sound.media_type,
        size=len(sound.content),
        sealed=sealing.current().seal(sound.content, job_id=document_id, name=sound.hash),
        recorded_at=at,
        recorded_by_id=by.account_id,
    )
    db.session.add(made)
    ledger.add(
        person.id,
        RecordKind.DOCUMENT_COPY,
        subject_id=made.id,
        happened_at=at,
        content={
            "document": kind.value,
            "sha256": sound.hash,
            "media_type": sound.media_type,
            "size": made.size,
        },
        source=organisations.get(person.registered_under_id).name,
        by=by,
        at=at,
    )
    people.tell("document_copy_kept", person, by=by, at=at, after={"hash": made.hash, "kind": kind})
    return made


def listed(person_id: UUID, *, scope: Scope, cursor: str | None, limit: int) -> Page:
    """Return a page of the copies in a file, the oldest first; their content is not in it.

    Raises:
        NotFound: the person is outside the scope.
    """
    person = people.get(person_id, scope=scope)
    statement = select(FileDocument).where(FileDocument.person_id == person.id)
    keys = [FileDocument.recorded_at, FileDocument.id]
    return page(statement, keys, cursor=cursor, limit=limit)


def opened(
    person_id: UUID, document_id: UUID, *, purpose: str, by: Identity, at: datetime
) -> Opened:
    """Return a copy in clear, for a purpose that is written down.

    It shows the whole document number: only who may see that, or the person, may.

    Raises:
        NotFound: the person is outside the asker's scope, or has no such copy.
    """
    own = by.person_id == person_id
    person = people.get(person_id, **({} if own else _where(by)))
    found = db.session.get(FileDocument, document_id, options=[undefer(FileDocument.sealed)])
    if found is None or found.person_id != person.id:
        raise NotFound
    if not own:
        db.session.add(
            FileAccess(
                person_id=person.id,
                account_id=by.account_id,
                looking=Looking.COPY_READ,
                organisation=None,
                purpose=purpose,
                withheld_count=0,
                at=at,
            )
        )
        people.tell("document_copy_read", person, by=by, at=at, reason=purpose)
        db.session.flush()
    content = sealing.current().open(found.sealed, job_id=found.id, name=found.hash)
    return Opened(document=found, content=content)


def _where(by: Identity) -> dict[str, Scope]:
    return {"scope": by.scope(Permission.DISCLOSE_DOCUMENTS)}
