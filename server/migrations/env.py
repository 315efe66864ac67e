"""Runs the migrations on the database of the application (迁移)."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection


def run(connection: Connection) -> None:
    """Migrate over one connection, all or nothing where the database can."""
    migrate = current_app.extensions["migrate"]
    context.configure(
        connection=connection,
        target_metadata=migrate.db.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


with current_app.extensions["migrate"].db.engine.connect().execution_options(
    writes=True
) as connection_to_migrate:
    run(connection_to_migrate)
