"""The list of archive files: what left the database, and by which hash its file is known (归档)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, IdColumn, text_enum


class ArchiveKind(StrEnum):
    """What a file holds."""

    #: Every word that phones sent for attempts whose outcome is final.
    RESPONSES = "responses"
    #: A stretch of the audit chain.
    AUDIT = "audit"


class Archive(Base):
    """One file of what left the database. Its rows are there or in the file, never in neither."""

    __tablename__ = "archive"

    id: Mapped[IdColumn]
    kind: Mapped[ArchiveKind] = mapped_column(text_enum(ArchiveKind))
    #: The file in the folder of archives.
    name: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    #: Attempts, or entries of the audit.
    units: Mapped[int] = mapped_column(BigInteger)
    #: Rows that left the tables.
    rows: Mapped[int] = mapped_column(BigInteger)
    #: Bytes of the file, and its SHA-256 in hexadecimal; None while it is being written.
    size: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[str | None]
    #: Of the audit: the first and the last entry.
    first_sequence: Mapped[int | None] = mapped_column(BigInteger)
    last_sequence: Mapped[int | None] = mapped_column(BigInteger)
    #: When the last of its rows had left the database; None while they leave.
    put_away_at: Mapped[datetime | None]
    #: Since when all of its rows are in the database again.
    brought_back_at: Mapped[datetime | None]


class SchemaFloor(Base):
    """The oldest schema whose code can serve this database: see `server.expansion`."""

    __tablename__ = "schema_floor"

    #: Always 1.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    oldest: Mapped[str]
