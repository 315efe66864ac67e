"""The connection of a writer, kept while a crowd is there; and what is counted on it (写连接)."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event

from server.engines import guard_durability

_STATEMENTS = "statements"

#: What operators see of the writer in `pg_stat_activity`.
WRITER_NAME = "platform_writer"

_WRITERS: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def reserve(engine: Engine, options: dict[str, Any]) -> Engine:
    """Return an engine with one connection that nobody but the writer of an exam takes.

    However many look at lists and figures, a save never waits for a connection.

    Args:
        engine: of everybody else.
        options: its options, by which the writer connects, too.
    """
    url = engine.url
    if engine.dialect.name == "postgresql":
        url = url.update_query_dict({"application_name": WRITER_NAME})
    writer = create_engine(url, **options | {"pool_size": 1, "max_overflow": 0})
    guard_durability(writer)
    # Whoever closes the connections of the one means all of them: before a fork, say.
    event.listen(engine, "engine_disposed", lambda _engine: writer.dispose())
    _WRITERS[engine] = writer
    return writer


def writer_of(engine: Engine) -> Engine:
    """Return the engine of the writer beside another; the same where none was reserved."""
    return _WRITERS.get(engine, engine)


class Kept:
    """One connection, for as long as somebody waits: taking one costs a round trip."""

    def __init__(self, engine: Engine, *, writes: bool = True) -> None:
        self._engine = engine.execution_options(writes=writes)
        self._connection: Connection | None = None

    def connection(self) -> Connection:
        """Return the connection, a new one where there is none."""
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def let_go(self) -> None:
        """Give the connection back; whatever was not committed is undone."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def note_statement(connection: Connection) -> None:
    """Count a statement on its connection, where no request counts it."""
    connection.info[_STATEMENTS] = statements(connection) + 1


def statements(connection: Connection) -> int:
    """Return how many statements were counted on a connection so far."""
    count: int = connection.info.get(_STATEMENTS, 0)
    return count
