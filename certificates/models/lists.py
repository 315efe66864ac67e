"""Signed lists as they were published, one after another (签名名单)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class TrustListEdition(Base):
    """A trust list that a pinned root has signed (信任名单): only ever added."""

    __tablename__ = "trust_list_edition"

    #: The number in the list; grows with each.
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    published_at: Mapped[datetime]


class StatusListEdition(Base):
    """A signed list of certificates that no longer stand (状态名单)."""

    __tablename__ = "status_list_edition"

    #: The number in the list; grows with each.
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
