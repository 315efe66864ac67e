"""Everything that stands in the database, table by table, to compare two moments."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from server.db import Base, db

#: What only grows and says what happened, whatever is taken back.
GROWS = (
    *("audit_", "coverage_", "person_merge", "suspected_double", "outbox", "message"),
    *("exchange_pending", "exchange_entry", "exchange_head"),
)


def everything() -> dict[str, list[Any]]:
    """Return the rows of every table in an order of their own, but for what only grows."""
    db.session.flush()
    return {
        table.name: sorted(map(repr, db.session.execute(select(table))))
        for table in Base.metadata.sorted_tables
        if not table.name.startswith(GROWS)
    }
