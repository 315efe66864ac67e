"""Document numbers: closing, opening, finding, and closing them anew with other keys (证件号码)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.db import db
from server.people import ciphers, documents, likeness
from server.people.documents import DocumentType
from server.people.errors import DocumentUnreadable
from server.people.models import Person


def find(kind: DocumentType, number: str) -> Person | None:
    """Return who is registered with this document, or None."""
    index = ciphers.current().index(kind, documents.normalised(number))
    return db.session.execute(
        select(Person).where(Person.document_index == index)
    ).scalar_one_or_none()


def closed(person_id: UUID, kind: DocumentType, number: str) -> dict[str, Any]:
    """Return the columns of a person that hold a number: its cipher, its index, and their keys."""
    cipher = ciphers.current()
    sealed = cipher.seal(number, person_id=person_id)
    return {
        "document_cipher": sealed.cipher,
        "document_key_id": sealed.key_id,
        "document_index": cipher.index(kind, number),
        "document_index_key_id": cipher.index_key_id,
        "number_index": cipher.number_index(likeness.raised(number)),
    }


def opened(person: Person) -> str:
    """Return the person's document number in clear; the caller must log that it was asked for.

    Raises:
        DocumentUnreadable: no key in use opens it, or it was tampered with.
    """
    sealed = ciphers.Sealed(key_id=person.document_key_id, cipher=person.document_cipher)
    return ciphers.current().open(sealed, person_id=person.id)


def number_index_of(person: Person) -> str | None:
    """Return the index by which the person's number is found whatever it is said to be of.

    An entry from before numbers were compared has none yet; one that no key opens gets none.
    """
    if person.number_index is not None:
        return person.number_index
    try:
        return ciphers.current().number_index(likeness.raised(opened(person)))
    except DocumentUnreadable:
        return None


def rekey(*, limit: int) -> int:
    """Close with the keys in use what older keys closed; return how many people it was done for.

    Args:
        limit: people done at most; call again until nobody is left.

    Raises:
        DocumentUnreadable: the key of somebody's number is no longer given.
    """
    cipher = ciphers.current()
    stale = select(Person).where(
        (Person.document_key_id != cipher.key_id)
        | (Person.document_index_key_id != cipher.index_key_id),
        # Nobody's: made up for a drill.
        Person.document_cipher != b"",
    )
    people = db.session.execute(stale.limit(limit)).scalars().all()
    for person in people:
        number = opened(person)
        for name, value in closed(person.id, person.document_type, number).items():
            setattr(person, name, value)
    db.session.flush()
    return len(people)
