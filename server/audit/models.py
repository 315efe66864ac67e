"""Tables of the audit: the entries, and the end of their chain (审计表)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Never
from uuid import UUID

from sqlalchemy import BigInteger, Text, event
from sqlalchemy.orm import Mapped, ORMExecuteState, mapped_column

from server.audit.errors import AuditIsAppendOnly
from server.db import Base, db


class AuditEntry(Base):
    """One change of consequence: who did what to what, when, from where, and why (审计记录).

    Append-only. There are no foreign keys: an entry outlives what it speaks of.
    """

    __tablename__ = "audit_entry"

    #: The place in the chain: 1, 2, 3 … without gaps.
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: Hash of the entry before; 64 zeros for the first.
    previous_hash: Mapped[str]
    #: SHA-256 of the entry's canonical JSON, see `server.audit.chain.canonical`.
    hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    #: What was done, e.g. `role_granted`.
    action: Mapped[str] = mapped_column(index=True)
    #: The account that did it; None where the platform or its operator did.
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    #: The person behind the account.
    person_id: Mapped[UUID | None]
    #: The address the request came from.
    address: Mapped[str | None]
    #: What kind of thing it was done to, e.g. `account`.
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    #: Where it belongs, for auditors of a subtree. Compared by code point, see `server.regions`.
    organisation_path: Mapped[str | None] = mapped_column(
        Text().with_variant(Text(collation="C"), "postgresql"), index=True
    )
    region_path: Mapped[str | None] = mapped_column(
        Text().with_variant(Text(collation="C"), "postgresql"), index=True
    )
    #: What it was, as far as it changed; masked.
    before: Mapped[dict[str, Any] | None]
    #: What it became; masked.
    after: Mapped[dict[str, Any] | None]
    #: Why, in the words of who did it.
    reason: Mapped[str | None]


class AuditHead(Base):
    """The end of the chain: one row, locked by whoever appends, so that the chain never forks."""

    __tablename__ = "audit_head"

    #: Always 1.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Place of the newest entry; 0 where there is none.
    sequence: Mapped[int] = mapped_column(BigInteger)
    #: Hash of the newest entry.
    hash: Mapped[str]


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _refuse_change(*_args: object) -> Never:
    raise AuditIsAppendOnly


@event.listens_for(db.session, "do_orm_execute")
def _refuse_bulk_change(state: ORMExecuteState) -> None:
    # Statements like `update(AuditEntry)` change rows without loading them.
    if (state.is_update or state.is_delete) and state.bind_mapper is AuditEntry.__mapper__:
        raise AuditIsAppendOnly
