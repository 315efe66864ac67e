"""Commits of SQLite that take longer, as on an ordinary disk: for benchmarks (慢盘).

A process that finds this folder on its `PYTHONPATH` waits `SLOW_COMMIT_MS` before each commit, as
PostgreSQL does by itself when it is told to (`commit_delay`).
"""

from __future__ import annotations

import os
import time
from functools import partial
from typing import Any

try:
    from pysqlite3 import dbapi2 as driver
except ImportError:
    from sqlite3 import dbapi2 as driver

_SECONDS = float(os.environ.get("SLOW_COMMIT_MS", "0")) / 1000


class SlowConnection(driver.Connection):  # type: ignore[misc]  # either driver
    """A connection whose commits wait; whoever waits for one lets others work meanwhile."""

    def commit(self) -> None:
        """Wait, and commit."""
        if self.in_transaction:
            time.sleep(_SECONDS)
        super().commit()


_connect: Any = driver.connect
driver.connect = partial(_connect, factory=SlowConnection)
