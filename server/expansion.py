"""Which code may serve a database that a newer release has migrated (先扩展、后收缩).

A release only adds to the schema what it needs; what nobody uses any more is taken away by a later
one. So the release before goes on beside the new one, and may be gone back to, without a
migration. How far back is written in the database: a migration that takes something away names
the oldest schema whose code can do without it.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

#: The table of one row that names that schema.
TABLE = "schema_floor"


def serves(connection: Connection, found: str | None, head: str | None) -> bool:
    """Say whether code can serve a database.

    Args:
        connection: to the database.
        found: the migration that the database stands at; None where it is empty.
        head: the newest migration of the code.
    """
    return found == head or is_ahead(connection, found, head)


def is_ahead(connection: Connection, found: str | None, head: str | None) -> bool:
    """Say whether a database is newer than the code, and the code may serve it all the same."""
    if found is None or head is None or _number(found) <= _number(head):
        return False
    if not inspect(connection).has_table(TABLE):
        return False
    oldest = connection.execute(text("SELECT oldest FROM schema_floor")).scalar()
    return oldest is not None and _number(oldest) <= _number(head)


def _number(revision: str) -> int:
    """Return the place of a migration, by which its name begins."""
    digits = revision.partition("_")[0]
    return int(digits) if digits.isdecimal() else 0
