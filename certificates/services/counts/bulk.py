"""Writing millions of rows: COPY on PostgreSQL, many at once on SQLite (批量写入)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from server.db import Base, db

#: Rows written at once.
_MANY = 20_000


class Bulk:
    """A table being filled; the columns that are the same in every row are said once."""

    def __init__(self, table: type[Base], columns: Sequence[str], **same: int) -> None:
        self._same = tuple(same.values())
        self._rows: list[tuple[Any, ...]] = []
        names = ", ".join([*columns, *same])
        self._copies = db.engine.dialect.name == "postgresql"
        marks = ", ".join("?" * (len(columns) + len(same)))
        name = table.__tablename__
        self._words = (
            f"COPY {name} ({names}) FROM STDIN"
            if self._copies
            else f"INSERT INTO {name} ({names}) VALUES ({marks})"  # noqa: S608  # our own names
        )

    def add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rows: their columns in the order given."""
        same = self._same
        self._rows.extend([(*row, *same) for row in rows] if same else rows)
        if len(self._rows) >= _MANY:
            self._write()

    def close(self) -> None:
        """Write what is left."""
        self._write()

    def _write(self) -> None:
        rows, self._rows = self._rows, []
        if not rows:
            return
        connection = db.session.connection().connection
        cursor = connection.cursor()
        try:
            if self._copies:
                with cursor.copy(self._words) as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                cursor.executemany(self._words, rows)
        finally:
            cursor.close()
