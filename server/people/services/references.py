"""Every column that names a person, read from the tables themselves (人员引用).

Whatever part adds a table that names a person needs do nothing for merging: a column with a
foreign key to `person`, or whose name ends in `person_id`, is moved. What must stay is named here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Table, func, select, update
from sqlalchemy.exc import IntegrityError

from server.db import Base, db

#: Columns that stay as they are, each with its reason.
STAYS = {
    # The chain of the audit is never rewritten; it says under which entry somebody acted.
    "audit_entry.person_id",
    # These speak of the two entries themselves.
    "person_merge.kept_id",
    "person_merge.merged_id",
    "suspected_double.first_id",
    "suspected_double.second_id",
    # A seal says what a file was under its id at that moment, in a chain of its own.
    "file_seal.person_id",
}


@dataclass(frozen=True)
class Reference:
    """A column that names a person."""

    column: Column[Any]

    @property
    def place(self) -> str:
        """Table and column."""
        return f"{self.table.name}.{self.column.name}"

    @property
    def table(self) -> Table:
        """The table it stands in."""
        table: Table = self.column.table
        return table

    @property
    def keys(self) -> list[Column[Any]]:
        """The columns of the primary key."""
        return list(self.table.primary_key.columns)


def references() -> list[Reference]:
    """Return every column that moves when two people become one, in a fixed order."""
    found = [
        Reference(column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if _names_a_person(column)
    ]
    return [each for each in found if each.place not in STAYS]


def _names_a_person(column: Column[Any]) -> bool:
    targets = {key.target_fullname for key in column.foreign_keys}
    return "person.id" in targets or (not targets and column.name.endswith("person_id"))


def count(person_id: UUID) -> int:
    """Return how many rows name a person and would move with them: one statement."""
    counts = (
        select(func.count()).where(each.column == person_id).scalar_subquery()
        for each in references()
    )
    return sum(db.session.execute(select(*counts)).one())


def move(
    connection: Connection, reference: Reference, *, from_id: UUID, to_id: UUID
) -> tuple[list[str], int]:
    """Let rows name another person; return their keys after the move, and how many stayed.

    A row stays where the other person has the like of it and there may be one only.
    """
    named = select(*reference.keys).where(reference.column == from_id)
    rows = [tuple(row) for row in connection.execute(named)]
    if not rows:
        return [], 0
    everything = update(reference.table).where(reference.column == from_id)
    if _try(connection, everything.values({reference.column: to_id})):
        return [_after(reference, row, to_id) for row in rows], 0
    moved = [row for row in rows if _try(connection, _one(reference, row, to_id))]
    return [_after(reference, row, to_id) for row in moved], len(rows) - len(moved)


def move_back(
    connection: Connection, reference: Reference, keys: Iterable[str], *, from_id: UUID, to_id: UUID
) -> int:
    """Let the rows of a merge name the first person again; return how many there still were."""
    done = 0
    for key in keys:
        row = tuple(_values(reference, key))
        statement = _one(reference, row, to_id).where(reference.column == from_id)
        done += connection.execute(statement).rowcount
    return done


def _one(reference: Reference, row: Iterable[Any], person_id: UUID) -> Any:
    fits = [column == value for column, value in zip(reference.keys, row, strict=True)]
    return update(reference.table).where(*fits).values({reference.column: person_id})


def _try(connection: Connection, statement: Any) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(statement)
    except IntegrityError:
        return False
    return True


def _after(reference: Reference, row: Iterable[Any], person_id: UUID) -> str:
    values = [
        person_id if column is reference.column else value
        for column, value in zip(reference.keys, row, strict=True)
    ]
    return json.dumps([_text(value) for value in values], ensure_ascii=False)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _values(reference: Reference, key: str) -> Iterator[Any]:
    for column, text in zip(reference.keys, json.loads(key), strict=True):
        kind = column.type.python_type
        yield kind.fromisoformat(text) if kind in (date, datetime) else kind(text)
