"""A served platform does what may wait in a process that gives way to those that answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, select

from load_tests import proc
from load_tests.server_process import ServerProcess
from server.work import WorkLease
from tests.databases import Database, PostgresqlDatabase

pytestmark = pytest.mark.slow

#: Seconds after which the first round of works would long be over.
PATIENCE = 60.0

#: Beyond this no process gives way (nice).
HIGHEST = 19


@pytest.fixture
def server(_database: Database, tmp_path: Path) -> Iterator[ServerProcess]:
    url = _database.another("apart") if isinstance(_database, PostgresqlDatabase) else None
    server = ServerProcess(tmp_path / "data", database_url=url, settings={"DEMONSTRATION": "false"})
    server.start()
    yield server
    server.stop()


@contextmanager
def looking(server: ServerProcess) -> Iterator[Connection]:
    engine = create_engine(server.database_url or f"sqlite:///{server.data_dir / 'platform.db'}")
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
    engine.dispose()


def who_did(server: ServerProcess, *names: str) -> list[str]:
    """Wait until these works were done for the first time; return who did each."""
    asked = select(WorkLease.name, WorkLease.holder).where(WorkLease.done_at.is_not(None))
    until, pause = time.monotonic() + PATIENCE, threading.Event()
    while time.monotonic() < until:
        with looking(server) as connection:
            holders = {row.name: row.holder for row in connection.execute(asked)}
        if holders.keys() >= set(names):
            return [holders[name] for name in names]
        pause.wait(0.2)
    raise AssertionError(f"only {sorted(holders)} were done")


def niceness(pid: int) -> int:
    return int(proc.fields(pid)[16])


def test_what_may_wait_is_done_by_a_process_that_gives_way(server: ServerProcess) -> None:
    urgent, patient, also_patient = who_did(
        server, "close_overdue_attempts", "signed_lists", "merged_people"
    )

    assert patient == also_patient != urgent
    ordinary = niceness(server.pid)
    giving_way = min(ordinary + 10, HIGHEST)
    assert {niceness(pid) for pid in proc.family(server.pid)} == {ordinary, giving_way}
