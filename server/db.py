"""The database handle, the kinds of columns, and the one line that commits (数据库)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from types import ModuleType
from typing import Annotated, Any, cast
from uuid import UUID, uuid4

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    Engine,
    Enum,
    MetaData,
    Text,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

try:  # A wheel that carries a SQLite without the WAL-reset bug, where one exists for the platform.
    from pysqlite3 import dbapi2 as _sqlite
except ImportError:
    _sqlite = sqlite3

#: The SQLite driver in use; its `sqlite_version_info` decides how many processes may write.
sqlite_driver: ModuleType = _sqlite

#: First SQLite in which a WAL reset cannot lose commits of another writing process.
SAFE_SQLITE = (3, 51, 3)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: goes in aware, is kept in UTC, comes out aware, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What comes out: paging reads its cursors by it."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC; a naive one is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment its zone back, which SQLite does not keep."""
        if value is None or dialect.name != "sqlite":
            return value.astimezone(UTC) if value else None
        return value.replace(tzinfo=UTC)


#: A document inside a row: JSONB on PostgreSQL, JSON text on SQLite.
JsonColumn = JSON().with_variant(JSONB(), "postgresql")

#: The usual primary key: made by the client where it creates, by the server otherwise.
IdColumn = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=uuid4)]


def text_enum(kind: type[StrEnum]) -> Enum:
    """Return a text column type that holds the values of `kind`, the same text everywhere."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=64,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """The root of every table."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            UUID: Uuid,
            datetime: UtcDateTime,
            date: Date,
            str: Text,
            dict[str, Any]: JsonColumn,
            list[Any]: JsonColumn,
            list[str]: JsonColumn,
            list[int]: JsonColumn,
        },
    )


#: Where a session may be told to read from another engine than its own; see `server.replica`.
READS_FROM = "reads_from"


class _Session(Session):
    """A session that reads from a replica where it is told to, and writes to the primary only."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """Return where a statement is sent."""
        replica: Engine | None = self.info.get(READS_FROM)
        if replica is not None and not self.info.get("in_transaction"):
            return replica
        return super().get_bind(*args, **kwargs)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "class_": _Session})


def is_of_models(
    _thing: object, name: str | None, kind: str, _reflected: bool, _compared_to: object
) -> bool:
    """Say whether the models speak of a table or index, for comparing them with a database.

    What one database alone has for searching text is made by hand in its migration.
    """
    return not (kind in ("table", "index") and (name or "").endswith(_OF_ONE_DATABASE))


#: Ends of names of what only one database has: its index of words, and the tables of that index.
_OF_ONE_DATABASE = ("_grams", *(f"_grams_{part}" for part in ("data", "idx", "docsize", "config")))


def upsert(table: type[Base], connection: Connection | None = None) -> postgresql.Insert:
    """Return an INSERT that may say what happens to a row that is there, on either database.

    Args:
        table: what is written to.
        connection: through which it is sent, where that is not the session's.
    """
    dialect = (connection or db.engine).dialect.name
    if dialect == "postgresql":
        return postgresql.insert(table)
    # The same words in both dialects; the type of one serves as that of both.
    return cast("postgresql.Insert", sqlite.insert(table))


class NestedTransaction(RuntimeError):
    """A transaction was opened inside another: somebody hides a commit."""


@contextmanager
def transaction() -> Iterator[None]:
    """Open the one writing transaction of a request or command, and commit it at the end.

    Only views, commands and background work use it; services flush. Whatever was read through
    the session before is let go of first, so that SQLite can take its write lock at the
    beginning (a reader that turns writer half-way may be refused). Any refusal inside undoes
    everything.

    Raises:
        NestedTransaction: a transaction is open already.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        raise NestedTransaction
    session.rollback()
    session.info["in_transaction"] = True
    try:
        session.connection(execution_options={"writes": True})
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["in_transaction"] = False


@contextmanager
def snapshot() -> Iterator[None]:
    """Read one moment of the database for as long as it takes, and keep nobody from writing.

    What is written meanwhile is not seen, on either database.

    Raises:
        NestedTransaction: a transaction is open already.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        raise NestedTransaction
    session.rollback()
    try:
        if db.engine.dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield
    finally:
        session.rollback()
