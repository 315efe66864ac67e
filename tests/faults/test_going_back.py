"""Going back to any second: what was committed by then is there, what came later is not."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from load_tests.postgres import ALWAYS, private_server, programs, unprivileged
from server.backups import continuous
from server.backups.errors import BackupFailed
from server.config import Config
from server.engines import engine_options

#: Seconds that anything here may take.
PATIENCE = 30.0

pytestmark = pytest.mark.slow


def until(what: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it never came"
        threading.Event().wait(0.05)


@contextmanager
def following(config: Config) -> Iterator[None]:
    """Follow the database as `flask backup follow` does."""
    ended, failed = threading.Event(), list[BackupFailed]()

    def run() -> None:
        try:
            continuous.follow(config, now=lambda: datetime.now(UTC), until=ended.is_set)
        except BackupFailed as failure:
            failed.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=PATIENCE)
    assert failed == []


@pytest.fixture
def embedded_one(config: Config, tmp_path: Path) -> Config:
    """An embedded database with one table, as the platform opens it."""
    return config.replaced(
        data_dir=tmp_path,
        backup_dir=tmp_path / "backups",
        database_url=f"sqlite:///{tmp_path / 'platform.db'}",
    )


@pytest.fixture
def server_one(config: Config, tmp_path: Path) -> Iterator[Config]:
    """A PostgreSQL server of its own, which may be followed."""
    with private_server(durable=False) as url:
        yield config.replaced(
            data_dir=tmp_path,
            backup_dir=tmp_path / "backups",
            database_url=url.replace("postgresql://", "postgresql+psycopg://"),
            pg_bindir=programs(),
        )


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that may be handed to the account of a server."""
    with TemporaryDirectory(prefix="back-") as name:
        yield Path(name)


def engine(url: str) -> Engine:
    return create_engine(url, **engine_options(url, pool_size=1))


def write(here: Engine, word: str) -> None:
    with here.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS said (word TEXT)"))
        connection.execute(text("INSERT INTO said VALUES (:word)"), {"word": word})


def words(url: str) -> list[str]:
    here = engine(url)
    with here.connect() as connection:
        found = list(connection.execute(text("SELECT word FROM said ORDER BY word")).scalars())
    here.dispose()
    return found


def latest(config: Config, folder: Path) -> list[str]:
    """Return what would come back now; nothing before the first copy."""
    place = folder / f"{uuid4()}.db"
    try:
        continuous.rewind(config, datetime.now(UTC), place)
        return words(f"sqlite:///{place}")
    except (BackupFailed, OperationalError):
        return []


def comes_back(word: str, config: Config, folder: Path) -> bool:
    """Say whether a word would come back now."""
    return word in latest(config, folder)


def test_an_embedded_database_goes_back_to_a_second(embedded_one: Config, tmp_path: Path) -> None:
    here = engine(embedded_one.database_url)
    write(here, "before")
    with following(embedded_one):
        moments = []
        for word in ("early", "late"):
            write(here, word)
            until(partial(comes_back, word, embedded_one, tmp_path))
            moments.append(datetime.now(UTC))
            # Litestream tells moments apart by the second.
            until(lambda: (datetime.now(UTC) - moments[-1]).total_seconds() > 1.2)
    here.dispose()

    expected = (["before", "early"], ["before", "early", "late"])
    for moment, there in zip(moments, expected, strict=True):
        place = tmp_path / f"{len(there)}.db"
        continuous.rewind(embedded_one, moment, place)
        assert words(f"sqlite:///{place}") == there
        assert place.stat().st_mode & 0o077 == 0
    continuous.rewind(embedded_one, None, tmp_path / "all.db")
    assert words(f"sqlite:///{tmp_path / 'all.db'}") == ["before", "early", "late"]
    with pytest.raises(BackupFailed, match="never overwritten"):
        continuous.rewind(embedded_one, moments[0], tmp_path / "2.db")


@contextmanager
def started(folder: Path, place: Path) -> Iterator[str]:
    """Start a server on a data directory, as who goes back does."""
    how = unprivileged(place)
    if "user" in how:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, how["user"], how["group"])
    # What the private server is told on its command line, and others write into their settings.
    options = [word for setting in (*ALWAYS, "fsync=off") for word in ("-c", setting)]
    log = (place / "log").open("wb")
    with (
        log,
        subprocess.Popen(
            [programs() / "postgres", "-D", folder, "-k", place, *options],
            stdout=log,
            stderr=log,
            **how,
        ) as server,
    ):
        url = f"postgresql+psycopg://postgres@/postgres?host={place}"
        try:
            until(lambda: _is_open(url))
            yield url
        finally:
            server.terminate()


def _is_open(url: str) -> bool:
    here = engine(url)
    try:
        with here.connect() as connection:
            return not connection.execute(text("SELECT pg_is_in_recovery()")).scalar_one()
    except Exception:
        return False
    finally:
        here.dispose()


def test_a_server_goes_back_to_a_second(server_one: Config, place: Path) -> None:
    here = engine(server_one.database_url)
    write(here, "before")
    with following(server_one):
        until(lambda: bool(continuous.bases(server_one)))
        write(here, "early")
        with here.connect() as connection:
            moment = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        write(here, "late")
        with here.connect() as connection:
            written = connection.execute(text("SELECT pg_current_wal_lsn()")).scalar_one()
        flushed = text("SELECT flush_lsn >= CAST(:written AS pg_lsn) FROM pg_stat_replication")

        def is_copied() -> bool:
            with here.connect() as connection:
                return bool(connection.execute(flushed, {"written": written}).scalar())

        until(is_copied)
    here.dispose()

    continuous.rewind(server_one, moment, place / "back")

    with started(place / "back", place) as url:
        assert words(url) == ["before", "early"]

    # The machine is gone: all that was copied, without a moment that the log may not reach.
    continuous.rewind(server_one, None, place / "all")

    with started(place / "all", place) as url:
        assert words(url) == ["before", "early", "late"]


def test_nothing_is_found_before_the_first_copy(server_one: Config, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="Nothing was copied before"):
        continuous.rewind(server_one, datetime(2020, 1, 1, tzinfo=UTC), tmp_path / "back")
