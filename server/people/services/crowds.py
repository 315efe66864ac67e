"""Many people at once: found by their documents, followed where they were merged (批量查人).

One or two statements, however many they are.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from server.db import db
from server.errors import NotFound
from server.people import ciphers, documents
from server.people.documents import DocumentType
from server.people.models import Person
from server.people.services import people

#: A kind of document, and a number as somebody wrote it.
Document = tuple[DocumentType, str]


def by_document(asked: Collection[Document]) -> dict[Document, Person]:
    """Return who is registered with each of these documents; documents of nobody are left out."""
    cipher = ciphers.current()
    index_of = {one: cipher.index(one[0], documents.normalised(one[1])) for one in asked}
    statement = select(Person).where(Person.document_index.in_(set(index_of.values())))
    found = {person.document_index: person for person in db.session.scalars(statement)}
    return {one: found[index] for one, index in index_of.items() if index in found}


def going_on(person_ids: Collection[UUID]) -> dict[UUID, Person]:
    """Return people by the ids asked for; one that was merged answers with who goes on.

    Raises:
        NotFound: one of the ids is nobody's.
    """
    found = people.of(list(person_ids))
    if len(found) < len(set(person_ids)):
        raise NotFound
    merged = {one.merged_into_id for one in found.values() if one.merged_into_id is not None}
    kept = people.of(list(merged)) if merged else {}
    return {
        stated: person if person.merged_into_id is None else kept[person.merged_into_id]
        for stated, person in found.items()
    }
