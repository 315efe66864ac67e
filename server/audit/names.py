"""Names of what entries of the audit speak of, as they are today (审计中的名称)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from server.audit import naming
from server.audit.models import AuditEntry
from server.audit.naming import PERSON
from server.db import db

#: Names by the id of what they name.
Names = dict[UUID, str]


@dataclass(frozen=True, kw_only=True)
class Told:
    """An entry, with the names of who did it and of what it speaks of.

    A name is None where the thing has none, is gone, or was never stored.
    """

    entry: AuditEntry
    person_name: str | None
    subject_name: str | None


def told(entries: Sequence[AuditEntry]) -> list[Told]:
    """Return entries with names, by one statement for each kind of thing among them."""
    people = _of(PERSON, {one.person_id for one in entries if one.person_id is not None})
    kinds = {one.subject_kind for one in entries}
    subjects = {kind: _of(kind, _ids(kind, entries)) for kind in kinds}
    return [
        Told(
            entry=one,
            person_name=None if one.person_id is None else people.get(one.person_id),
            subject_name=subjects[one.subject_kind].get(one.subject_id),
        )
        for one in entries
    ]


def _ids(kind: str, entries: Iterable[AuditEntry]) -> set[UUID]:
    return {one.subject_id for one in entries if one.subject_kind == kind}


def _of(kind: str, ids: Collection[UUID]) -> Names:
    found, people = naming.every().get(kind), naming.every()[PERSON]
    if found is None or not ids:
        return {}
    column = people.column if found.of_person else found.column
    statement = select(found.table.id, column).where(found.table.id.in_(ids))
    if found.of_person:
        statement = statement.join(people.table, people.table.id == found.column)
    return {thing_id: name for thing_id, name in db.session.execute(statement) if name is not None}
