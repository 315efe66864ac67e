"""SQL written by hand, for the few statements that a crowd waits for (手写 SQL).

Composing a statement costs the toolkit more than the database needs to answer it: a list of ids in
`IN (…)` is a new text for every length, and every value passes a chain of converters. Where
hundreds of requests share one statement, that was four fifths of the writer's time. So these
statements are texts, one for each database, that take any number of ids in one parameter: a JSON
list for SQLite, an array for PostgreSQL.

On SQLite all rows also come back in one, as JSON, and all new rows go in as one parameter: its
driver lets go of the interpreter at every row, and gets it back only after some of the hundred
threads that wait for it. With two rows for each of fifty phones, that was most of the time.

`Spelling` says how values go in and come out; it agrees
with the column types of `server.db`, and a test holds both against each other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """How one database writes what is no plain number or text."""

    id_in: Callable[[UUID], Any]
    #: Many ids as one parameter.
    ids_in: Callable[[Iterable[UUID]], Any]
    moment_in: Callable[[datetime], Any]
    id_out: Callable[[Any], UUID]
    moment_out: Callable[[Any], datetime]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement in the words of each database; parameters stand in their order."""

    sqlite: str
    postgresql: str

    def run(self, connection: Connection, *parameters: Any) -> Sequence[Any]:
        """Send it and return its rows; the words for SQLite return one row, a JSON list of them."""
        if connection.dialect.name == "sqlite":
            whole = connection.exec_driver_sql(self.sqlite, parameters).scalar_one()
            rows: Sequence[Any] = json.loads(whole)
            return rows
        return connection.exec_driver_sql(self.postgresql, parameters).fetchall()

    def write(self, connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write rows: given as a JSON list of lists to SQLite, as one array a column to others."""
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(self.sqlite, (json.dumps(list(rows)),))
        else:
            columns = tuple(list(column) for column in zip(*rows, strict=True))
            connection.exec_driver_sql(self.postgresql, columns)


def spelling(connection: Connection) -> Spelling:
    """Return how the database behind a connection writes values."""
    return _SPELLINGS[connection.dialect.name]


def _moment_in(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _moment_out(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


_SPELLINGS = {
    "sqlite": Spelling(
        id_in=lambda thing: thing.hex,
        ids_in=lambda things: json.dumps([thing.hex for thing in things]),
        # The same moment comes in many rows of one group.
        moment_in=lru_cache(4096)(_moment_in),
        id_out=lru_cache(65_536)(UUID),
        moment_out=lru_cache(4096)(_moment_out),
    ),
    "postgresql": Spelling(
        id_in=lambda thing: thing,
        ids_in=list,
        moment_in=lambda at: at,
        id_out=lambda thing: thing,
        moment_out=lambda at: at.astimezone(UTC),
    ),
}
