"""Reading everything a database holds, to compare it with another copy of itself (比对)."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, inspect, text

from server.backups.manifests import AuditEnd, Contents, TableContent
from server.db import is_of_models

#: Rows that are fetched at once.
_BATCH = 2_000

#: Bytes of the hash of a row, and of the sum of them.
_BYTES = 16
_MODULUS = 1 << (8 * _BYTES)

#: Told the name of the table that is read, and how many rows were read in all.
Told = Callable[[str, int], object]


def contents_of(connection: Connection, told: Told = lambda _table, _rows: None) -> Contents:
    """Read every row of every table, in no order that costs, and say what is there.

    The connection decides what is seen: inside one snapshot the answer is of one moment.
    """
    tables, seen = {}, 0
    for name in sorted(inspect(connection).get_table_names()):
        if not is_of_models(None, name, "table", False, None):
            continue
        tables[name] = _content(connection, name)
        seen += tables[name].rows
        told(name, seen)
    schema = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return Contents(schema=str(schema), tables=tables, audit=_audit_end(connection))


def _content(connection: Connection, table: str) -> TableContent:
    columns = sorted(column["name"] for column in inspect(connection).get_columns(table))
    named = ", ".join(f'"{name}"' for name in columns)
    statement = text(f'SELECT {named} FROM "{table}"')  # noqa: S608  # names of columns and tables
    count, total = 0, 0
    streamed = connection.execution_options(stream_results=True, yield_per=_BATCH)
    with streamed.execute(statement) as rows:
        for batch in rows.partitions():
            count += len(batch)
            for row in batch:
                total += _number(tuple(row))
    return TableContent(rows=count, digest=f"{total % _MODULUS:0{2 * _BYTES}x}")


def _number(row: tuple[Any, ...]) -> int:
    return int.from_bytes(blake2b(repr(row).encode(), digest_size=_BYTES).digest(), "big")


def _audit_end(connection: Connection) -> AuditEnd:
    found = connection.execute(text("SELECT sequence, hash FROM audit_head")).one_or_none()
    return AuditEnd(0, "") if found is None else AuditEnd(found.sequence, found.hash)
