"""Signed lists as they were published, one after another (签名名单)."""

from __future__ import annotations

from datetime import date, datetime

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


class AllowedPayload(Base):
    """What a stolen key had signed before, and may still be believed (仍予承认的内容)."""

    __tablename__ = "allowed_payload"

    #: The hash of the content, as hexadecimal digits.
    hash: Mapped[str] = mapped_column(primary_key=True)
    #: The id of the key.
    kid: Mapped[str]
    #: The last day of the certificate; afterwards it is listed no more.
    until: Mapped[date]
    added_at: Mapped[datetime]


class AllowListEdition(Base):
    """A signed list of what may be believed although its key is not (泄密前签发名单)."""

    __tablename__ = "allow_list_edition"

    #: The number in the list; grows with each.
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
