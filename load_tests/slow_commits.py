"""A disk that takes its time, for benchmarks: every commit of a server takes longer (慢磁盘)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from load_tests.server_process import ServerProcess
from load_tests.spawning import ROOT

#: Milliseconds that an ordinary disk or a synchronous replica adds to a commit.
SLOW_DISK_MS = 5

#: What makes commits of SQLite take so long.
SLOW_DISK = ROOT / "load_tests" / "slow_disk"


@contextmanager
def slowly_committing(server: ServerProcess) -> Iterator[ServerProcess]:
    """Let commits take longer: PostgreSQL has a setting, SQLite's driver is told to wait."""
    if server.database_url is None:
        server.stop()
        words = {"PYTHONPATH": str(SLOW_DISK), "SLOW_COMMIT_MS": str(SLOW_DISK_MS)}
        slow = ServerProcess(server.data_dir, settings={"WORKERS": "1", **words})
        slow.start()
        try:
            yield slow
        finally:
            slow.stop()
            server.start()
        return
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET commit_siblings = 0")
        connection.execute(f"ALTER SYSTEM SET commit_delay = {SLOW_DISK_MS * 1000}")
        connection.execute("SELECT pg_reload_conf()")
        try:
            yield server
        finally:
            connection.execute("ALTER SYSTEM RESET ALL")
            connection.execute("SELECT pg_reload_conf()")
