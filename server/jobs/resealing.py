"""Closing anew what earlier encryption keys closed, so that those can be taken away (重新加密)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, inspect, literal, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute

from server.db import Base, db
from server.jobs import sealing

#: Rows of one transaction: some hold whole files.
ROWS = 50

#: Gives the values that take the place of a row's; None where the key in use opens it already.
Anew = Callable[[Any], Mapping[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A column that lies in the database closed by the platform's encryption key."""

    #: What it holds, for whoever exchanges keys.
    what: str
    model: type[Base]
    column: InstrumentedAttribute[Any]
    anew: Anew
    #: What else of a row is needed to open it, besides its primary key.
    beside: tuple[InstrumentedAttribute[Any], ...] = ()


def under_one_name(what: str, column: InstrumentedAttribute[Any], name: str) -> Sealed:
    """Return a column in which each row is bound to its own id and one name for all."""

    def anew(row: Row[Any]) -> Mapping[str, Any] | None:
        return renewed(column, row.id, name, getattr(row, column.key))

    model = cast("type[Base]", column.class_)
    return Sealed(what=what, model=model, column=column, anew=anew)


def renewed(
    column: InstrumentedAttribute[Any], bound_to: UUID, name: str, sealed: bytes
) -> Mapping[str, Any] | None:
    """Return the value of a column closed by the key in use; None where it is already.

    Raises:
        FileUnreadable: no key that is given opens it.
    """
    closed = sealing.current().anew(sealed, job_id=bound_to, name=name)
    return None if closed is None else {column.key: closed}


def close_anew(sealed: Sealed, *, after: tuple[Any, ...] | None) -> tuple[int, Any]:
    """Close the next rows of a column with the key in use.

    What somebody else changes meanwhile stays theirs: they close with the key in use.

    Args:
        sealed: which column.
        after: the primary key of the last row looked at; None at the beginning.

    Returns:
        How many rows it was done for, and the primary key of the last; None at the end.
    """
    key = inspect(sealed.model).primary_key
    statement = (
        select(*key, sealed.column, *sealed.beside)
        .where(sealed.column.is_not(None))
        .order_by(*key)
        .limit(ROWS)
    )
    if after is not None:
        last = (literal(value, column.type) for value, column in zip(after, key, strict=True))
        statement = statement.where(tuple_(*key) > tuple_(*last))
    count, rows = 0, db.session.execute(statement).all()
    for row in rows:
        values = sealed.anew(row)
        if values is not None:
            same = (column == value for column, value in zip(key, row, strict=False))
            unchanged = sealed.column == row[len(key)]
            change = update(sealed.model).where(*same, unchanged).values(values)
            db.session.execute(change, execution_options={"synchronize_session": False})
            count += 1
    return count, tuple(rows[-1][: len(key)]) if len(rows) == ROWS else None
