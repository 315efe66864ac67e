"""One database per test worker, brought back to a known state before every test that uses one."""

from __future__ import annotations

import shutil
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    TextClause,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool

from server.app import MOST_CONNECTIONS
from server.connections import writer_of

#: Seconds in which the last connection to a file is given back.
PATIENCE = 2.0


class Database(ABC):
    """A database whose whole content can be kept under a name, and brought back."""

    #: Where the application finds it.
    url: str
    #: The names of the states that were kept.
    kept: set[str]

    @abstractmethod
    def keep(self, state: str, engine: Engine) -> None:
        """Keep the present content under a name."""

    @abstractmethod
    def bring_back(self, state: str, engine: Engine) -> None:
        """Replace the content by what was kept under a name."""

    @abstractmethod
    def another(self, name: str) -> str:
        """Return the address of another database, new and without a table."""


class SqliteDatabase(Database):
    """A file, and copies of it. The engine lets go of the file while it is copied."""

    def __init__(self, folder: Path) -> None:
        self.kept = set()
        self.folder = folder
        self.path = folder / "platform.db"
        self.url = f"sqlite:///{self.path}"

    def keep(self, state: str, engine: Engine) -> None:
        """Copy the file; closing its last connection has emptied the log beside it."""
        _let_go(engine)
        shutil.copyfile(self.path, self.folder / f"{state}.db")
        self.kept.add(state)

    def bring_back(self, state: str, engine: Engine) -> None:
        """Copy the file back."""
        _let_go(engine)
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.folder / f"{state}.db", self.path)

    def another(self, name: str) -> str:
        """Name another file."""
        path = self.folder / f"another-{name}.db"
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return f"sqlite:///{path}"


class PostgresqlDatabase(Database):
    """A database of the private server, and what its tables held, ready to be sent again.

    Making the database anew from a template copied 1,500 files and cost the server twice as much
    as sending the rows of the few tables that hold something, at its best.
    """

    def __init__(self, server_url: str, name: str) -> None:
        self.kept = set()
        self.name = name
        self._server: URL = make_url(server_url).set(drivername="postgresql+psycopg")
        self.url = self._server.set(database=name).render_as_string(hide_password=False)
        self._maintenance = create_engine(self._server, isolation_level="AUTOCOMMIT")
        self._contents: dict[str, Content] = {}
        self._emptying = text("")
        self._run(f'CREATE DATABASE "{name}"')

    def keep(self, state: str, engine: Engine) -> None:
        """Read every table that holds something."""
        tables = _tables(engine)
        self._emptying = _emptying(tables)
        with engine.connect() as connection:
            self._contents[state] = _read(connection, tables)
        self.kept.add(state)

    def bring_back(self, state: str, engine: Engine) -> None:
        """Empty every table, and send what was kept."""
        with engine.begin() as connection:
            connection.execute(self._emptying)
            _send(connection, self._contents[state])

    def another(self, name: str) -> str:
        """Make another database on the same server."""
        other = f"{self.name}_another_{name}"
        self._run(f'DROP DATABASE IF EXISTS "{other}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{other}" TEMPLATE template0')
        return self._server.set(database=other).render_as_string(hide_password=False)

    def close(self) -> None:
        """Leave the server."""
        self._maintenance.dispose()

    def _run(self, statement: str) -> None:
        with self._maintenance.connect() as connection:
            connection.exec_driver_sql(statement)


def _let_go(engine: Engine) -> None:
    """Close every connection to the database, once the last is given back.

    The writer of groups keeps its own for some milliseconds after it has answered. Given back
    later, to a pool that is gone, nobody would close it; and on SQLite it would remove the log of
    the file that has come in the place of its own.
    """
    end = time.monotonic() + PATIENCE
    for pool in (engine.pool, writer_of(engine).pool):
        assert isinstance(pool, QueuePool)
        while pool.checkedout() and time.monotonic() < end:
            threading.Event().wait(0.001)
    engine.dispose()


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a PostgreSQL database holds: rows as COPY tells them, and the last numbers given."""

    rows: dict[str, bytes]
    numbers: dict[str, int]


def _tables(engine: Engine) -> list[str]:
    return [name for name in inspect(engine).get_table_names() if name != "alembic_version"]


def _emptying(tables: Iterable[str]) -> TextClause:
    """Return what deletes every row, past foreign keys and triggers, and starts numbers again."""
    deletions = "".join(f'DELETE FROM "{name}";' for name in tables)  # noqa: S608  # names of tables
    numbers = "PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S';"
    return text(
        "DO $$ BEGIN SET LOCAL session_replication_role = replica;"
        f"{deletions}{numbers} END $$"  # one message to the server
    )


def _read(connection: Connection, tables: Iterable[str]) -> Content:
    rows = {}
    for name in tables:
        some = connection.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1')  # noqa: S608  # the same
        if some.first():
            with _cursor(connection) as cursor, cursor.copy(f'COPY "{name}" TO STDOUT') as copy:
                rows[name] = b"".join(copy)
    given = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
    return Content(rows=rows, numbers=dict(map(tuple, connection.exec_driver_sql(given))))


def _send(connection: Connection, content: Content) -> None:
    """Send rows within the transaction that has emptied the tables: past keys and triggers."""
    for name, rows in content.rows.items():
        with _cursor(connection) as cursor, cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
            copy.write(rows)
    for name, last in content.numbers.items():
        connection.execute(select(func.setval(name, last)))


def _cursor(connection: Connection) -> Any:
    """Return a cursor of the driver, which can copy."""
    return connection.connection.cursor()


@contextmanager
def every_connection_taken(engine: Engine) -> Iterator[None]:
    """Take every connection that requests share, for as long as the block lasts."""
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    with ExitStack() as readers:
        for _ in range(MOST_CONNECTIONS + 2):
            readers.enter_context(engine.connect())
        assert pool.checkedout() == MOST_CONNECTIONS + 2
        yield


class Statements(list[str]):
    """The SQL statements sent so far, in their order."""


@contextmanager
def count_statements(engine: Engine) -> Iterator[Statements]:
    """Collect the statements that are sent while the block lasts; `len()` is their number.

    Beginning and ending a transaction is not counted: only one of the two databases says it
    in words.
    """
    sent = Statements()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    # What the writer of groups sends over a connection of its own counts, too.
    engines = {engine, writer_of(engine)}
    for one in engines:
        event.listen(one, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        for one in engines:
            event.remove(one, "before_cursor_execute", note)
