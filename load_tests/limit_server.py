"""The limit: what this machine gives a server that checks nothing (极限服务器).

A bare WSGI callable under the same server program and with the same number of threads, which
writes the same rows as durably and shares commits in the same way, and knows no token, no rule and
no framework. What the platform reaches is told as a share of what this one reaches beside it.

`python -m load_tests.limit_server PORT THREADS WORKERS DATABASE`, where DATABASE is the path of a
SQLite file or the address of a PostgreSQL database.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

try:
    from pysqlite3 import dbapi2 as driver
except ImportError:
    driver = sqlite3

_TABLES = (
    "CREATE TABLE IF NOT EXISTS entry (attempt_id {id} NOT NULL, slot SMALLINT NOT NULL, "
    "epoch SMALLINT NOT NULL, sequence INTEGER NOT NULL, chosen BIGINT NOT NULL, "
    "received_at {moment} NOT NULL, late BOOLEAN NOT NULL, "
    "PRIMARY KEY (attempt_id, slot, epoch, sequence, chosen)) {ending}",
    "CREATE TABLE IF NOT EXISTS attempt (id {id} PRIMARY KEY, state TEXT NOT NULL, "
    "started_at {moment} NOT NULL)",
    "CREATE TABLE IF NOT EXISTS outcome (attempt_id {id} PRIMARY KEY, score TEXT NOT NULL, "
    "graded_at {moment} NOT NULL)",
)
_SQLITE = {"id": "CHAR(32)", "moment": "DATETIME", "ending": "WITHOUT ROWID"}
_POSTGRESQL = {"id": "UUID", "moment": "TIMESTAMPTZ", "ending": ""}
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "wal_autocheckpoint=4000")
_ENTRY = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_ATTEMPT = "INSERT INTO attempt VALUES (?, 'in_progress', ?) ON CONFLICT DO NOTHING"
_OUTCOME = "INSERT INTO outcome VALUES (?, '80', ?) ON CONFLICT DO NOTHING"

#: What waits for the writer: the statement, its rows, and a lock that is let go of afterwards.
_Waiting = tuple[str, list[tuple[Any, ...]], threading.Lock]


def connect(database: str) -> Any:
    """Open the database as durably as the platform does, with the tables there."""
    if database.startswith("postgresql"):
        import psycopg

        connection: Any = psycopg.connect(database, autocommit=True)
        words = _POSTGRESQL
    else:
        connection = driver.connect(database, isolation_level=None, check_same_thread=False)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        words = _SQLITE
    for table in _TABLES:
        connection.execute(table.format(**words))
    return connection


class _Writer:
    """One thread that writes for all who wait."""

    def __init__(self, database: str) -> None:
        self._connection = connect(database)
        self._begin = "BEGIN" if database.startswith("postgresql") else "BEGIN IMMEDIATE"
        self._mark = "%s" if database.startswith("postgresql") else "?"
        self._queue: deque[_Waiting] = deque()
        self._filled = threading.Condition()
        threading.Thread(target=self._run, daemon=True).start()

    def write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        """Write rows; return when they are on the disk."""
        done = threading.Lock()
        done.acquire()
        with self._filled:
            self._queue.append((statement, rows, done))
            self._filled.notify()
        done.acquire()

    def _run(self) -> None:
        while True:
            with self._filled:
                while not self._queue:
                    self._filled.wait()
            group = [self._queue.popleft() for _ in range(min(len(self._queue), 512))]
            together: dict[str, list[tuple[Any, ...]]] = {}
            for statement, rows, _ in group:
                together.setdefault(statement, []).extend(rows)
            cursor = self._connection.cursor()
            cursor.execute(self._begin)
            for statement, rows in together.items():
                cursor.executemany(statement.replace("?", self._mark), rows)
            cursor.execute("COMMIT")
            for _, _, done in group:
                done.release()


_writers: dict[int, _Writer] = {}
_opening = threading.Lock()


def _writer() -> _Writer:
    with _opening:
        if os.getpid() not in _writers:
            _writers[os.getpid()] = _Writer(os.environ["LIMIT_DATABASE"])
        return _writers[os.getpid()]


def application(
    environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    """Write what the platform would write for this address, and say so."""
    writer = _writers.get(os.getpid()) or _writer()
    body = json.loads(environ["wsgi.input"].read() or b"{}")
    _, _, _, thing, *rest = environ["PATH_INFO"].split("/")
    of, at = thing.replace("-", ""), datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    if rest == ["responses"]:
        rows = [
            (of, one["slot"], 1, one["sequence"], sum(1 << n for n in one["chosen"]), at, False)
            for one in body["entries"]
        ]
        writer.write(_ENTRY, rows)
    else:
        writer.write(_OUTCOME if rest else _ATTEMPT, [(of, at)])
    reply = json.dumps({"now": at, "attempt_id": thing, "entries": body.get("entries")}).encode()
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(reply)))]
    )
    # A list: the server sends it whole, where it would ask anything else piece by piece.
    return [reply]


def main() -> None:
    """Serve until told to stop."""
    port, threads, workers, database = sys.argv[1:]
    os.environ["LIMIT_DATABASE"] = database
    Granian(
        "load_tests.limit_server:application",
        address="127.0.0.1",
        port=int(port),
        interface=Interfaces.WSGI,
        workers=int(workers),
        blocking_threads=int(threads),
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    connect(sys.argv[4]).close()
    main()
