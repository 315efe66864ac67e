"""Every table that names a person, found from the metadata: merged and undone as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Column, Enum, Table, insert, select, text

from server.db import db
from server.people.services import references
from server.people.services.references import Reference
from tests.factories.people import a_person


def made_up(column: Column[Any], turn: int) -> Any:
    """Return some value that the column can hold, another for each turn."""
    if column.nullable:
        return None
    if isinstance(column.type, Enum):
        kind = column.type.enum_class
        assert kind is not None
        assert issubclass(kind, StrEnum)
        return list(kind)[turn % len(kind)]
    kind = column.type.python_type
    # What ends, ends after it began.
    year = 2021 if any(word in column.name for word in ("until", "close", "end", "to_")) else 2020
    return {
        UUID: uuid4(),
        str: f"{column.name} {turn}",
        bool: False,
        int: turn + 1,
        bytes: bytes([turn]),
        date: date(year, 1, turn + 1),
        datetime: datetime(year, 1, turn + 1, tzinfo=UTC),
        dict: {},
        list: [],
    }.get(kind, turn)


def a_row(table: Table, person_id: UUID, turn: int) -> dict[str, Any]:
    """Return a row in which every column that moves names the person."""
    moved = {one.column.name for one in references.references() if one.table is table}
    return {
        column.name: person_id if column.name in moved else made_up(column, turn)
        for column in table.columns
        if column.computed is None
    }


def rows_of(tables: list[Table]) -> dict[str, list[str]]:
    """Return every row of the tables, in an order of their own."""
    return {
        table.name: sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
        for table in tables
    }


@pytest.fixture
def without_references(inside: Flask) -> None:
    """Let rows stand that name things which are not there: nothing of it is ever committed."""
    on_sqlite = db.engine.dialect.name == "sqlite"
    words = (
        "PRAGMA defer_foreign_keys = ON"
        if on_sqlite
        else "SET LOCAL session_replication_role = replica"
    )
    db.session.execute(text(words))


@pytest.mark.usefixtures("without_references")
def test_every_row_that_names_a_person_moves_or_stays_and_comes_back_as_it_was() -> None:
    kept, gone = a_person().id, a_person().id
    every: list[Reference] = references.references()
    tables = list(dict.fromkeys(one.table for one in every if one.table.name != "person"))
    for table in tables:
        for turn, person_id in enumerate((kept, gone)):
            db.session.execute(insert(table).values(**a_row(table, person_id, turn)))
    before = rows_of(tables)
    assert all(len(rows) == 2 for rows in before.values())

    connection = db.session.connection()
    moved = {one.place: references.move(connection, one, from_id=gone, to_id=kept) for one in every}
    assert all(len(keys) + stayed == 1 for place, (keys, stayed) in moved.items() if keys or stayed)
    untouched = [place for place, (keys, stayed) in moved.items() if not keys and not stayed]
    assert [place for place in untouched if not place.startswith("person.")] == []
    for one in every:
        references.move_back(connection, one, moved[one.place][0], from_id=kept, to_id=gone)

    assert rows_of(tables) == before
    assert len(tables) > 40
