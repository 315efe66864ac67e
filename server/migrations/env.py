"""Runs the migrations on the database of the application (迁移)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import JSON, Connection

from server.db import UtcDateTime, is_of_models


def spelled(kind: str, thing: Any, script: AutogenContext) -> str | Literal[False]:
    """Write our own kinds of columns as what they are in the database.

    A migration says what was done once; it must not change when the house does.
    """
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, JSON):
        script.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: Connection) -> None:
    """Migrate over one connection, all or nothing where the database can."""
    migrate = current_app.extensions["migrate"]
    context.configure(
        connection=connection,
        target_metadata=migrate.db.metadata,
        render_as_batch=True,
        render_item=spelled,
        compare_type=True,
        include_object=is_of_models,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


@contextmanager
def tables_made_anew(connection: Connection) -> Iterator[None]:
    """Let SQLite replace tables that others refer to, and look afterwards that all still do.

    It changes no constraint of a table: the table is made anew and the old one dropped, which
    foreign keys would refuse. The switch is deaf inside a transaction, so it is set around them.

    Raises:
        RuntimeError: a row refers to one that is not there.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"Rows refer to none, in: {sorted({row[0] for row in broken})}.")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


with (
    current_app.extensions["migrate"]
    .db.engine.connect()
    .execution_options(writes=True) as connection_to_migrate,
    tables_made_anew(connection_to_migrate),
):
    run(connection_to_migrate)
