"""SQL written by hand, for the few statements that a crowd waits for (手写 SQL).

Composing a statement costs the toolkit more than the database needs to answer it: a list of ids in
`IN (…)` is a new text for every length, and every value passes a chain of converters. Where
hundreds of requests share one statement, that was four fifths of the writer's time. So these
statements are texts, one for each database, handed to the driver itself; they take any number of
ids in one parameter: a JSON list for SQLite, an array for PostgreSQL.

All rows also come back in one, as JSON. SQLite's driver lets go of the interpreter at every row,
and gets it back only after some of the hundred threads that wait for it; PostgreSQL's makes a
Python object of each value in Python. New rows go in as one array a column, or, on SQLite, as so
many `VALUES` at once that the driver lets go once for all of them; where a row that is there
already changes nothing, the last is repeated until they fill one statement.

`Spelling` says how values go in and come out; it agrees with the column types of `server.db`, and
a test holds both against each other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain, repeat
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

#: An id as 32 hexadecimal digits, which both databases read: compared and found in a dictionary
#: several times as quickly as a UUID.
Digits = str


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """How one database writes what is no plain number or text."""

    #: Many values of one kind as one parameter: numbers, digits, moments that went in.
    many_in: Callable[[Iterable[Any]], str]
    moment_in: Callable[[datetime], str]
    moment_out: Callable[[str], datetime]

    @staticmethod
    def id_out(text: str) -> UUID:
        """Return the id that came out; for the few that come again and again."""
        return _id(text)

    def ids_in(self, ids: Iterable[UUID]) -> str:
        """Return many ids as one parameter."""
        return self.many_in([one.hex for one in ids])

    def maybe(self, text: str | None) -> datetime | None:
        """Return the moment that came out, if there is one."""
        return None if text is None else self.moment_out(text)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement in the words of each database; parameters stand in their order.

    What reads returns one row, a JSON list of rows.
    """

    sqlite: str
    postgresql: str

    def run(self, connection: Connection, *parameters: Any) -> Sequence[Any]:
        """Send it and return its rows."""
        words = self.sqlite if connection.dialect.name == "sqlite" else self.postgresql
        ((found,),) = _send(connection, words, parameters).fetchall()
        rows: Sequence[Any] = _DECODE(found) if found else ()
        return rows

    def write(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Change by rows: a JSON list of lists for SQLite, one array a column for others."""
        if connection.dialect.name == "sqlite":
            _send(connection, self.sqlite, (_ENCODE(rows),))
        else:
            _send(connection, self.postgresql, tuple(map(_array, zip(*rows, strict=True))))


#: Rows that go into SQLite at once: few texts, so that the driver knows each of them already.
_AT_ONCE = (512, 256, 128, 64, 32, 16, 8, 4, 2, 1)

#: The ending with which a row that is there already changes nothing.
_ONCE = "ON CONFLICT DO NOTHING"


class Insertion:
    """New rows of one table, any number of them in a statement or two.

    Args:
        into: the table.
        columns: the type that PostgreSQL gives each column, by name, in the order of the rows.
        ending: what follows the rows.
    """

    def __init__(self, into: str, columns: Mapping[str, str], ending: str = "") -> None:
        head = f"INSERT INTO {into} ({', '.join(columns)})"
        arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
        marks = f"({', '.join('?' * len(columns))})"
        self._postgresql = f"{head} SELECT * FROM unnest({arrays}) {ending}"  # noqa: S608  # fixed names
        self._repeatable = ending == _ONCE
        self._sqlite = {
            count: f"{head} VALUES {', '.join([marks] * count)} {ending}" for count in _AT_ONCE
        }

    def write(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows."""
        if connection.dialect.name != "sqlite":
            _send(connection, self._postgresql, tuple(map(_array, zip(*rows, strict=True))))
            return
        if self._repeatable and rows:
            rows = [*rows, *repeat(rows[-1], _missing(len(rows)))]
        begin = 0
        for count in _AT_ONCE:
            while len(rows) - begin >= count:
                some = rows[begin : begin + count]
                _send(connection, self._sqlite[count], tuple(chain.from_iterable(some)))
                begin += count


def _missing(count: int) -> int:
    """Return how many rows are wanted until the last of them fill one statement."""
    last = count % _AT_ONCE[0]
    return min(size for size in _AT_ONCE if size >= last) - last if last else 0


#: Asks PostgreSQL to keep the plan: planning costs it more than the rows of a group.
_PREPARED = {"prepare": True}


def _send(connection: Connection, words: str, parameters: tuple[Any, ...]) -> Any:
    """Hand words to the driver, and return its cursor.

    Whoever listens to statements hears of it, a failure is the toolkit's, and where no transaction
    is open one begins, as with any other: SQLite would keep the row whatever becomes of the rest.
    """
    if not connection.in_transaction():
        connection.begin()
    cursor = connection.connection.cursor()
    known = {} if connection.dialect.name == "sqlite" else _PREPARED
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, cursor, words, parameters, None, False)
    try:
        cursor.execute(words, parameters, **known)
    except connection.dialect.loaded_dbapi.Error as failure:
        raise _of_the_toolkit(connection, words, failure) from failure
    return cursor


def _of_the_toolkit(connection: Connection, words: str, failure: Any) -> BaseException:
    dialect = connection.dialect
    gone = dialect.is_disconnect(failure, connection.connection.dbapi_connection, None)
    if gone:
        connection.invalidate(failure)
    told: BaseException = DBAPIError.instance(
        words,
        None,
        failure,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=gone,
        dialect=dialect,
    )
    return told


def digits(text: str) -> Digits:
    """Return the digits of an id that came out."""
    return text if len(text) == _DIGITS else text.replace("-", "")


def hyphened(text: str) -> str:
    """Return an id that came out as people spell it, with its hyphens."""
    if len(text) != _DIGITS:
        return text
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def spelling(connection: Connection) -> Spelling:
    """Return how the database behind a connection writes values."""
    return _SPELLINGS[connection.dialect.name]


def rows_in(connection: Connection, rows: Sequence[tuple[Digits | int, ...]]) -> list[str]:
    """Return rows as parameters: one list of lists for SQLite, an array a column for others."""
    if connection.dialect.name == "sqlite":
        return [_ENCODE(rows)]
    return [_array(column) for column in zip(*rows, strict=True)]


#: How many digits an id has; spelt for people, it has hyphens between them.
_DIGITS = 32

_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
_DECODE = json.JSONDecoder().decode
_WORDS = {None: "NULL", True: "t", False: "f"}


def _array(values: Iterable[Any]) -> str:
    """Return values as PostgreSQL writes an array."""
    return "{" + ",".join([_element(value) for value in values]) + "}"


def _element(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _WORDS[value] if value is None or isinstance(value, bool) else str(value)


def _in_utc(at: datetime) -> datetime:
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def _naive(at: datetime) -> str:
    return _in_utc(at).isoformat(" ", "microseconds")[:26]


_id = lru_cache(4096)(UUID)

_SPELLINGS = {
    "sqlite": Spelling(
        many_in=_ENCODE,
        moment_in=_naive,
        moment_out=lambda text: datetime.fromisoformat(text + "+00:00"),
    ),
    "postgresql": Spelling(
        many_in=_array,
        moment_in=lambda at: _in_utc(at).isoformat(),
        moment_out=lambda text: _in_utc(datetime.fromisoformat(text)),
    ),
}
