"""The table of what awaits its assessor's signature (待考核人签字)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class AwaitedSignature(Base):
    """Where in the ledger to look for what its assessor has not signed.

    Whatever awaits stands here; what stands here may have been settled since. The ledger decides.
    """

    __tablename__ = "awaited_signature"
    __table_args__ = (
        Index(None, "organisation_id", "happened_on"),
        Index(None, "purpose", "happened_on"),
    )

    #: The entry of the ledger.
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    #: Whose assessor signs.
    organisation_id: Mapped[UUID]
    #: Of the entry, as are its days.
    purpose: Mapped[str]
    happened_on: Mapped[date] = mapped_column(index=True)
