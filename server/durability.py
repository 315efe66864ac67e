"""Whether this database keeps what it acknowledges; asked once at start (持久性)."""

from __future__ import annotations

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from server.config import Config, Mode, UnsafeSettings
from server.db import SAFE_SQLITE, sqlite_driver

#: Settings of PostgreSQL under which a commit is on disk before it is acknowledged.
DURABLE_SYNCHRONOUS_COMMIT = {"on", "remote_write", "remote_apply", "local"}

#: SQLite's PRAGMA synchronous: 2 is FULL, 3 is EXTRA; 1 (NORMAL) loses commits in a power cut.
SQLITE_FULL = 2


class DatabaseGone(UnsafeSettings):
    """The database does not answer; who brings it back goes on all the same."""


def check(engine: Engine, config: Config) -> None:
    """Refuse to start where an acknowledged commit could be lost.

    Raises:
        UnsafeSettings: naming the setting that is unsafe.
        DatabaseGone: the database does not answer.
    """
    try:
        problems = _sqlite(engine, config) if config.on_sqlite else _postgresql(engine, config)
    except SQLAlchemyError as error:
        # The driver's own words: where it knocked, and what it was told. Never the password.
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise DatabaseGone(
            [f"DATABASE_URL names a database that cannot be opened: {reason}."]
        ) from None
    if problems:
        raise UnsafeSettings(problems)


def several_may_write(config: Config) -> bool:
    """Say whether several processes may write to this database without losing a commit."""
    return not config.on_sqlite or sqlite_driver.sqlite_version_info >= SAFE_SQLITE


def _sqlite(engine: Engine, config: Config) -> list[str]:
    problems = []
    if config.workers > 1 and not several_may_write(config):
        problems.append(
            f"WORKERS is {config.workers}: SQLite {sqlite_driver.sqlite_version} can lose commits"
            " when several processes write; use one, or SQLite 3.51.3 or newer."
        )
    with engine.connect() as connection:
        synchronous = connection.execute(text("PRAGMA synchronous")).scalar_one()
    if synchronous < SQLITE_FULL:
        problems.append("SQLite runs with synchronous below FULL: a power cut would lose commits.")
    return problems


def _postgresql(engine: Engine, config: Config) -> list[str]:
    with engine.connect() as connection:
        setting = connection.execute(text("SHOW synchronous_commit")).scalar_one()
        fsync = connection.execute(text("SHOW fsync")).scalar_one()
    problems = []
    if setting not in DURABLE_SYNCHRONOUS_COMMIT:
        problems.append(f"synchronous_commit is {setting} on PostgreSQL: set it to on.")
    if fsync == "off" and config.mode is Mode.PRODUCTION:
        problems.append("fsync is off on PostgreSQL: a power cut would destroy the database.")
    return problems
