"""Tables around the ledger: copies of documents, consents, who looked, seals (档案附属)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from server.db import Base, IdColumn, text_enum
from server.records.copies import CopyKind


class Looking(StrEnum):
    """How somebody looked at a file."""

    READ = "read"
    EXPORTED = "exported"
    COPY_READ = "copy_read"


class FileDocument(Base):
    """A copy of a document in a person's file (证件复印件): sealed, kept once by its content."""

    __tablename__ = "file_document"
    __table_args__ = (UniqueConstraint("person_id", "hash"),)

    id: Mapped[IdColumn]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[CopyKind] = mapped_column(text_enum(CopyKind))
    #: SHA-256 of the content in clear.
    hash: Mapped[str]
    media_type: Mapped[str]
    #: Bytes in clear.
    size: Mapped[int]
    #: The content, encrypted and bound to `id` and `hash`.
    sealed: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    recorded_at: Mapped[datetime]
    #: The account that brought it.
    recorded_by_id: Mapped[UUID]


class FileConsent(Base):
    """That a person lets an organisation read their file (查阅授权)."""

    __tablename__ = "file_consent"

    id: Mapped[IdColumn]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    purpose: Mapped[str]
    #: Kinds of lines that may be read; empty for all.
    kinds: Mapped[list[str]]
    given_at: Mapped[datetime]
    #: The last day on which it holds.
    until_on: Mapped[date]
    withdrawn_at: Mapped[datetime | None]


class FileAccess(Base):
    """That somebody looked at a file (查阅记录): added, never changed."""

    __tablename__ = "file_access"
    __table_args__ = (Index(None, "person_id", "at"),)

    id: Mapped[IdColumn]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: The account that looked.
    account_id: Mapped[UUID]
    looking: Mapped[Looking] = mapped_column(text_enum(Looking))
    #: For whom, by name as it was then; None for who looks everywhere.
    organisation: Mapped[str | None]
    purpose: Mapped[str]
    #: The consent it rested on; None where the law is enough.
    consent_id: Mapped[UUID | None] = mapped_column(ForeignKey("file_consent.id"))
    #: Lines that were not shown.
    withheld_count: Mapped[int]
    at: Mapped[datetime]


class FileSeal(Base):
    """What a file was at a moment, as a hash in a chain (档案校验值)."""

    __tablename__ = "file_seal"
    __table_args__ = (UniqueConstraint("person_id", "sequence"),)

    id: Mapped[IdColumn]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: 1 for the first of the person.
    sequence: Mapped[int]
    #: SHA-256 of the file in canonical JSON (RFC 8785).
    file_hash: Mapped[str] = mapped_column(index=True)
    line_count: Mapped[int]
    #: The seal before; empty for the first.
    previous_hash: Mapped[str]
    #: SHA-256 over all of the above: what is printed.
    hash: Mapped[str] = mapped_column(unique=True)
    sealed_at: Mapped[datetime]
