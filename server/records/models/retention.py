"""The table of what was let go of when its years were over (到期销毁清册)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, text_enum
from server.records.entries import RecordKind


class RetiredRecord(Base):
    """An entry whose years are over: announced first, let go of later; its hash stays."""

    __tablename__ = "retired_record"

    #: The id of the entry.
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[RecordKind] = mapped_column(text_enum(RecordKind))
    happened_on: Mapped[date]
    #: The rule it rests on.
    rule: Mapped[str]
    #: SHA-256 of the entry in canonical JSON, by which an exported file can still be checked.
    line_hash: Mapped[str]
    announced_at: Mapped[datetime]
    #: The day from which it may be let go of.
    due_on: Mapped[date] = mapped_column(index=True)
    #: Why it stays in spite of it; None where it goes.
    held_reason: Mapped[str | None]
    retired_at: Mapped[datetime | None]
