"""Copies of a PostgreSQL database, by its own programs (PostgreSQL 的备份)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from server.backups.errors import BackupFailed
from server.backups.manifests import Contents
from server.backups.reading import Told, contents_of
from server.config import Config
from server.engines import engine_options

#: Where Debian keeps the programs of each version.
_DEBIAN = Path("/usr/lib/postgresql")


def copy(config: Config, target: Path, told: Told) -> Contents:
    """Dump the database at one moment and say what was in it at that very moment.

    Both look through the same snapshot, so the manifest and the dump agree to the row although
    candidates go on writing.

    Raises:
        BackupFailed: the programs are missing or refuse.
    """
    with _looking(config.database_url) as connection:
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        arguments = [f"--snapshot={snapshot}", "--format=custom", "--compress=1"]
        run(config, "pg_dump", *arguments, "--no-owner", "--no-privileges", f"--file={target}")
        target.chmod(0o600)
        return contents_of(connection, told)


def look(url: str, told: Told) -> Contents:
    """Read what a database holds at this moment."""
    with _looking(url) as connection:
        return contents_of(connection, told)


def put_back(copy_of: Path, config: Config, url: str) -> None:
    """Fill an empty database from a dump.

    Raises:
        BackupFailed: the database is not empty, or the programs refuse.
    """
    with _looking(url) as connection:
        if inspect(connection).get_table_names():
            name = make_url(url).database
            raise BackupFailed(
                f"The database {name} is not empty: make an empty one, and name it in"
                " DATABASE_URL. Nothing was changed."
            )
    jobs = f"--jobs={os.cpu_count() or 1}"
    told_apart = ("--exit-on-error", "--no-owner", "--no-privileges", jobs)
    run(
        config,
        "pg_restore",
        *told_apart,
        f"--dbname={make_url(url).database}",
        str(copy_of),
        url=url,
    )


def keep_wal(config: Config, slot: str) -> None:
    """Let the server keep WAL from now on until it was copied through a slot.

    `pg_receivewal --create-slot` would let go of what is written before it first connects.

    Raises:
        BackupFailed: the account may not.
    """
    wanted = (
        "SELECT pg_create_physical_replication_slot(:slot, true)"
        " WHERE NOT EXISTS (SELECT 1 FROM pg_replication_slots WHERE slot_name = :slot)"
    )
    engine = _engine(config.database_url)
    try:
        with engine.begin() as connection:
            connection.execute(text(wanted), {"slot": slot})
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise BackupFailed(f"WAL cannot be kept for the backup: {reason}.") from None
    finally:
        engine.dispose()


@contextmanager
def scratch(config: Config, name: str) -> Iterator[str]:
    """Make an empty database beside the platform's for as long as the block lasts.

    Raises:
        BackupFailed: the account may not make databases.
    """
    own = make_url(config.database_url)
    engine = create_engine(own, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with engine.connect() as connection:
            try:
                connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
            except SQLAlchemyError:
                raise BackupFailed(
                    f"{own.username} may not make a database to try the backup in:"
                    f" ALTER ROLE {own.username} CREATEDB."
                ) from None
        yield own.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        engine.dispose()


@contextmanager
def _looking(url: str) -> Iterator[Connection]:
    """Look through one snapshot, with moments in UTC whatever the server prefers."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
            yield connection
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise BackupFailed(f"The database does not answer: {reason}.") from None
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    return create_engine(url, **engine_options(url, pool_size=1))


def run(config: Config, program: str, *arguments: str, url: str | None = None) -> None:
    """Run a program of PostgreSQL to its end.

    Raises:
        BackupFailed: it is missing, or refuses.
    """
    words, environment = command(config, program, *arguments, url=url)
    try:
        done = subprocess.run(words, env=environment, capture_output=True, text=True)
    except OSError as error:
        raise BackupFailed(f"{program} cannot be started: {error.strerror}.") from None
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no word"]
        raise BackupFailed(f"{program} failed: {said[0]}")


def command(
    config: Config, program: str, *arguments: str, url: str | None = None
) -> tuple[list[str], dict[str, str]]:
    """Return how to call a program, and its environment: `ps` shows no password there.

    Raises:
        BackupFailed: it is missing.
    """
    asks = () if program == "pg_archivecleanup" else ("--no-password",)
    place = make_url(url or config.database_url)
    environment = {"LC_ALL": "C.UTF-8", **_environment(place)}
    return [_program(config, program), *asks, *arguments], environment


def _program(config: Config, name: str) -> str:
    """Find a program: where PG_BINDIR says, in Debian's newest folder, or on the path."""
    newest = sorted(_DEBIAN.glob("*/bin"), key=_version, reverse=True)
    asked_for = [config.pg_bindir] if config.pg_bindir else []
    for folder in (*asked_for, *newest):
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise BackupFailed(
            f"{name} is missing: install postgresql-client, or say with PG_BINDIR where it is."
        )
    return found


def _version(folder: Path) -> float:
    name = folder.parent.name
    return float(name) if name.replace(".", "", 1).isdigit() else 0.0


def _environment(place: URL) -> Mapping[str, str]:
    given = {
        "PGHOST": place.query.get("host") or place.host,
        "PGPORT": place.port,
        "PGUSER": place.username,
        "PGPASSWORD": place.password,
        "PGDATABASE": place.database,
    }
    return {name: str(value) for name, value in given.items() if value}
