"""Copies of the embedded database (SQLite 的备份)."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import create_engine, make_url

from server.backups.errors import BackupFailed
from server.backups.manifests import Contents
from server.backups.reading import Told, contents_of
from server.config import Config
from server.db import sqlite_driver
from server.engines import engine_options


def copy(config: Config, target: Path, told: Told) -> Contents:
    """Copy the database while it is used; candidates go on writing meanwhile.

    Raises:
        BackupFailed: there is no database, or no room for its copy.
    """
    source = path_of(config)
    if not source.exists():
        raise BackupFailed(f"There is no database at {source}.")
    try:
        connection = sqlite_driver.connect(source, isolation_level=None)
        try:
            connection.execute("VACUUM INTO ?", (str(target),))
        finally:
            connection.close()
        target.chmod(0o600)
    except sqlite_driver.Error as error:
        raise BackupFailed(f"The database cannot be copied: {error}.") from None
    return look(target, told)


def look(path: Path, told: Told) -> Contents:
    """Read what a file holds.

    Raises:
        BackupFailed: it is no sound database.
    """
    url = f"sqlite:///{path}"
    engine = create_engine(url, **engine_options(url))
    try:
        with engine.connect() as connection:
            fault = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            if fault != "ok":
                raise BackupFailed(f"The copy of the database is broken: {fault}.")
            return contents_of(connection, told)
    finally:
        engine.dispose()


def put_back(copy_of: Path, config: Config, aside: str) -> Path | None:
    """Set a copy in the place of the database; what stood there is kept beside it.

    Args:
        copy_of: the file that was unsealed.
        config: says where the database stands.
        aside: what the present file is called from now on.

    Returns:
        Where the present database was put, None if there was none.
    """
    place = path_of(config)
    kept = None
    if place.exists() and place.stat().st_size:
        kept = place.with_name(aside)
        _empty_log(place)
        place.rename(kept)
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    draft = place.with_name(f".{place.name}.restored")
    with copy_of.open("rb") as source, draft.open("wb") as restored:
        os.chmod(restored.fileno(), 0o600)
        while chunk := source.read(1 << 20):
            restored.write(chunk)
        restored.flush()
        os.fsync(restored.fileno())
    draft.rename(place)
    return kept


def path_of(config: Config) -> Path:
    """Return the file of the database."""
    return Path(make_url(config.database_url).database or "")


def _empty_log(place: Path) -> None:
    """Write the log beside the file into it, and see that nobody else has it open.

    Raises:
        BackupFailed: a server runs on it.
    """
    connection = sqlite_driver.connect(place, isolation_level=None, timeout=1)
    try:
        # Leaving WAL needs the file for oneself: who succeeds has found nobody else there.
        connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite_driver.OperationalError:
        raise BackupFailed(
            f"A server runs on {place}: stop it, then restore; nothing was changed."
        ) from None
    finally:
        connection.close()
