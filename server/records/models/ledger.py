"""The table of the ledger (培训记录)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Never
from uuid import UUID

from sqlalchemy import ForeignKey, event
from sqlalchemy.orm import Mapped, ORMExecuteState, mapped_column

from server.audit.naming import called_by_person
from server.db import Base, IdColumn, db, text_enum
from server.records.entries import RecordKind
from server.records.errors import LedgerIsAppendOnly


@called_by_person("record")
class Record(Base):
    """One fact of a person's training life, only ever added (培训记录).

    What turns out wrong is corrected by another entry that names it; both stay to be read.
    """

    __tablename__ = "record"

    id: Mapped[IdColumn]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[RecordKind] = mapped_column(text_enum(RecordKind))
    #: What it is about: an attempt, a certificate; the entry itself where it is about nothing else.
    subject_id: Mapped[UUID] = mapped_column(index=True)
    happened_at: Mapped[datetime]
    #: The day of `happened_at` in Asia/Shanghai, by which it is counted.
    happened_on: Mapped[date] = mapped_column(index=True)
    #: What a training was for, see `TrainingPurpose`.
    purpose: Mapped[str | None]
    #: The role it was for, see `PostRole`; None for anything.
    role: Mapped[str | None]
    #: The operation item it was for; None for anything.
    item: Mapped[str | None]
    #: Everything else, as the part that wrote it keeps it.
    content: Mapped[dict[str, Any]]
    #: Who says so, in words.
    source: Mapped[str]
    recorded_at: Mapped[datetime]
    #: The account that wrote it; None where the platform did.
    recorded_by_id: Mapped[UUID | None]
    #: The entry that this one corrects. Each is corrected once: then its correction is.
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("record.id"), unique=True)
    #: Why it was corrected.
    reason: Mapped[str | None]


@event.listens_for(Record, "before_update")
@event.listens_for(Record, "before_delete")
def _refuse_change(*_args: object) -> Never:
    raise LedgerIsAppendOnly


@event.listens_for(db.session, "do_orm_execute")
def _refuse_bulk_change(state: ORMExecuteState) -> None:
    # Statements like `update(Record)` change rows without loading them.
    if (state.is_update or state.is_delete) and state.bind_mapper is Record.__mapper__:
        raise LedgerIsAppendOnly
