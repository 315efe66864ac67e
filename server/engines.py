"""How the platform connects to its database: made safe, and quick (连接的准备)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event

from server.db import sqlite_driver

#: Milliseconds that a writer on SQLite waits for another before it gives up.
BUSY_TIMEOUT_MS = 10_000

#: KiB of pages that a connection to SQLite keeps; the system keeps pages, too, and once for all.
#: More is not better: where a page was split, the commit looks through all that are kept.
_PAGES_KIB = 16_384

#: Pages of SQLite's journal of commits after which they go into the database: each once, however
#: often it has changed. The usual 1,000 are a fifth of a second of a crowd's saves.
_CHECKPOINT_PAGES = 4000

#: Bytes of the file that are read where the system keeps them, by whoever only reads; never written
#: so. What lies behind is read into each connection's own pages. No SQLite maps more by default.
_MAPPED = 0x7FFF_0000

#: Connections to a file that stay open when nobody needs them: each keeps its own pages.
_KEPT_OPEN = 5

#: Times that a statement which asked for nothing is sent before PostgreSQL prepares it.
_NEVER_UNASKED = 2**31


def engine_options(url: str, *, pool_size: int = 5, prepared: bool = True) -> dict[str, Any]:
    """Return the engine options that the database behind `url` needs to be safe and quick.

    Args:
        url: of the database.
        pool_size: connections at most; who finds none in two seconds is told to come again.
        prepared: whether PostgreSQL may keep the plans of the statements that a crowd waits for.
    """
    shared = {
        # Parameters may hold personal data: they stay out of exceptions and so out of logs.
        "hide_parameters": True,
        # The connection used last is warm: its plans are made, its process is in the caches.
        "pool_use_lifo": True,
        # A request that finds no connection in this time is answered 503, and may be repeated.
        "pool_timeout": 2,
    }
    if url.startswith("sqlite"):
        kept = min(pool_size, _KEPT_OPEN)
        return {
            **shared,
            "pool_size": kept,
            "max_overflow": pool_size - kept,
            "module": sqlite_driver,
            "connect_args": {"check_same_thread": False},
        }
    return {
        **shared,
        "pool_size": pool_size,
        "max_overflow": 0,
        "pool_pre_ping": True,
        "connect_args": {
            # None: not even what asks for it. The plans of all others depend on their parameters.
            "prepare_threshold": _NEVER_UNASKED if prepared else None,
            "connect_timeout": 5,
            # A machine that is gone says nothing: its connections are given up by these.
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
        },
    }


def guard_durability(engine: Engine) -> None:
    """Make every connection of `engine` safe: an acknowledged commit is on the disk.

    SQLite: WAL with `synchronous=FULL` (NORMAL loses acknowledged commits in a power cut),
    foreign keys on, and transactions begun by us: deferred for reading, immediate for writing.
    PostgreSQL: `synchronous_commit` is never weaker than on.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself; `_begin_sqlite` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
        "PRAGMA temp_store=MEMORY",
        f"PRAGMA cache_size={-_PAGES_KIB}",
        f"PRAGMA mmap_size={_MAPPED}",
        f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}",
    ):
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
