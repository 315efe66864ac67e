"""What tests of faults may ask for: a real server that is killed and started again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from load_tests.server_process import ServerProcess
from load_tests.spawning import spawned
from server.config import Config
from tests.databases import Database
from tests.faults.seats import settings_of
from tests.warm import WarmProcess

#: Starts a server on a database: `(url, command=…, settings=…)`.
StartServer = Callable[..., ServerProcess]


@pytest.fixture
def thorough() -> bool:
    """Whether there is time for as many repetitions as wanted: `THOROUGH=1 pytest tests/faults`."""
    return os.environ.get("THOROUGH", "") not in ("", "0")


@pytest.fixture
def start_server(config: Config, _database: Database, tmp_path: Path) -> Iterator[StartServer]:
    """Start real servers, on the database of the test unless told otherwise; stop them at last."""
    servers: list[ServerProcess] = []

    def start(
        url: str = _database.url,
        *,
        command: Sequence[str | Path] | None = None,
        **settings: str,
    ) -> ServerProcess:
        server = ServerProcess(
            tmp_path / f"data{len(servers)}",
            database_url=url,
            settings={**settings_of(config), **settings},
            command=command,
            # What is loaded before a program starts cannot come afterwards.
            spawn=spawned if "LD_PRELOAD" in settings else WarmProcess,
        )
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.kill()
