"""One database per test worker, brought back to a known state before every test that uses one."""

from __future__ import annotations

import shutil
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import Engine, TextClause, create_engine, event, inspect, make_url, text
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
    """A database of the private server, and template databases."""

    def __init__(self, server_url: str, name: str) -> None:
        self.kept = set()
        self.name = name
        self._server: URL = make_url(server_url).set(drivername="postgresql+psycopg")
        self.url = self._server.set(database=name).render_as_string(hide_password=False)
        self._maintenance = create_engine(self._server, isolation_level="AUTOCOMMIT")
        self._of_state = ""
        self._emptying = text("")
        self._run(f'CREATE DATABASE "{name}"')

    def keep(self, state: str, engine: Engine) -> None:
        """Make a template of the present content."""
        if state == "empty":
            self._emptying = _emptying(engine)
        _let_go(engine)
        self._run(f'CREATE DATABASE "{self.name}_{state}" TEMPLATE "{self.name}"')
        self.kept.add(state)
        self._of_state = state

    def bring_back(self, state: str, engine: Engine) -> None:
        """Make the database anew from its template, or only empty it: ten times as quick."""
        if state == self._of_state == "empty":
            with engine.begin() as connection:
                connection.execute(self._emptying)
            return
        _let_go(engine)
        self._run(f'DROP DATABASE "{self.name}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.name}_{state}"')
        self._of_state = state

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


def _emptying(engine: Engine) -> TextClause:
    """Return what deletes every row, past foreign keys and triggers, and starts numbers again."""
    tables = [name for name in inspect(engine).get_table_names() if name != "alembic_version"]
    deletions = "".join(f'DELETE FROM "{name}";' for name in tables)  # noqa: S608  # names of tables
    numbers = "PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S';"
    return text(
        "DO $$ BEGIN SET LOCAL session_replication_role = replica;"
        f"{deletions}{numbers} END $$"  # one message to the server
    )


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
