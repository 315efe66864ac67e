"""The connection of a writer while somebody waits, and how many statements it has sent (写连接)."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

_STATEMENTS = "statements"


class KeptConnection:
    """The connection of the writer while somebody waits."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(writes=True)
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
    """Return how many statements a connection has sent where no request counts them."""
    count: int = connection.info.get(_STATEMENTS, 0)
    return count
