"""Showing a whole document number: with permission, with a reason, and never unseen (明文查看)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from server.db import db
from server.errors import IdTaken
from server.people.documents import DocumentType
from server.people.models import DocumentDisclosure
from server.people.services import numbers, people
from server.policy import Identity, Permission


@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """A document number in clear, for the one who asked."""

    id: UUID
    person_id: UUID
    document_type: DocumentType
    document_number: str = field(repr=False)
    reason: str
    disclosed_at: datetime


def disclose(
    person_id: UUID, disclosure_id: UUID, *, reason: str, by: Identity, at: datetime
) -> Disclosed:
    """Show a person's document number and write down who saw it and why.

    The same request again shows it again, and is written down again.

    Raises:
        NotFound: the person is outside the asker's scope.
        IdTaken: under this id somebody else, or somebody with another reason, was shown one.
        NumberNotMasked: the reason itself holds an identity number.
        DocumentUnreadable: the number cannot be opened.
    """
    person = people.get(person_id, scope=by.scope(Permission.DISCLOSE_DOCUMENTS))
    known = db.session.get(DocumentDisclosure, disclosure_id)
    if known is None:
        known = DocumentDisclosure(
            id=disclosure_id,
            person_id=person.id,
            account_id=by.account_id,
            reason=reason,
            disclosed_at=at,
        )
        db.session.add(known)
        db.session.flush()
    elif (known.person_id, known.account_id, known.reason) != (person.id, by.account_id, reason):
        raise IdTaken
    people.tell("document_disclosed", person, by=by, at=at, reason=reason)
    return Disclosed(
        id=known.id,
        person_id=person.id,
        document_type=person.document_type,
        document_number=numbers.opened(person),
        reason=reason,
        disclosed_at=known.disclosed_at,
    )
