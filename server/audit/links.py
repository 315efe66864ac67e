"""Reading the chain of audit entries as it stands in the database (读取审计链)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from sqlalchemy import Connection, Row, func, select

from server.audit import chain
from server.audit.chain import Content, Head, Link
from server.audit.models import AuditEntry, AuditHead

#: Entries read at a time.
_BATCH = 1000

#: Less and more than any sequence that a database can hold.
_BEFORE_ALL, _AFTER_ALL = -(2**63), 2**63 - 1

_COLUMNS = tuple(AuditEntry.__table__.columns)
_CONTENT_FIELDS = tuple(Content.__dataclass_fields__)


def head(connection: Connection) -> Head:
    """Return the end of the chain."""
    found = connection.execute(select(AuditHead.sequence, AuditHead.hash)).one_or_none()
    return chain.EMPTY if found is None else Head(sequence=found.sequence, hash=found.hash)


def of(connection: Connection, first: int = _BEFORE_ALL, last: int = _AFTER_ALL) -> Generator[Link]:
    """Give the entries of a stretch in their order, a few in memory at a time.

    Raises:
        UnreadableEntry: an entry holds what none can hold.
    """
    statement = (
        select(*_COLUMNS)
        .where(AuditEntry.sequence.between(first, last))
        .order_by(AuditEntry.sequence)
    )
    streamed = connection.execution_options(yield_per=_BATCH)
    before = _BEFORE_ALL
    try:
        with streamed.execute(statement) as rows:
            for row in rows:
                yield _link(row)
                before = row.sequence
    except (ValueError, TypeError):
        # A value in the next row is none of its kind; only SQLite stores such a thing.
        behind = select(func.min(AuditEntry.sequence)).where(AuditEntry.sequence > before)
        raise chain.UnreadableEntry(connection.execute(behind).scalar_one()) from None


def _link(row: Row[Any]) -> Link:
    values = row._mapping
    return Link(
        sequence=values["sequence"],
        previous_hash=values["previous_hash"],
        hash=values["hash"],
        content=Content(**{name: values[name] for name in _CONTENT_FIELDS}),
    )
