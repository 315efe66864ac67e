"""Tables of messages: what was told to whom, by which channels, and how far it came (消息)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from server.db import Base, IdColumn, text_enum


class ChannelKind(StrEnum):
    """How messages reach an organisation outside of the platform."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class Message(Base):
    """Something told to a person or an organisation, once (站内消息)."""

    __tablename__ = "message"
    __table_args__ = (
        Index(None, "person_id", "made_at"),
        Index(None, "organisation_id", "made_at"),
    )

    id: Mapped[IdColumn]
    #: What is told twice under one key is told once.
    once: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    #: What it is about, lower_snake: `certificate_due`.
    kind: Mapped[str]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    body_zh: Mapped[str]
    body_en: Mapped[str]
    #: The thing it is about: a post, a certificate.
    subject_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class MessageChannel(Base):
    """Where an organisation wants its messages sent (消息通道)."""

    __tablename__ = "message_channel"

    id: Mapped[IdColumn]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[ChannelKind] = mapped_column(text_enum(ChannelKind))
    #: A mail address, or the address of a webhook.
    address: Mapped[str]
    #: Signs what a webhook is sent; encrypted.
    secret: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class MessageDelivery(Base):
    """That a message is to be sent by a channel: tried until it is through, or given up (投递)."""

    __tablename__ = "message_delivery"
    __table_args__ = (
        UniqueConstraint("message_id", "channel_id"),
        Index(None, "ended_at", "next_at"),
    )

    id: Mapped[IdColumn]
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"))
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("message_channel.id"))
    tries: Mapped[int] = mapped_column(default=0)
    #: When it is tried next; while it is being tried, the end of the lease.
    next_at: Mapped[datetime]
    #: When it was through or given up; None while it goes on.
    ended_at: Mapped[datetime | None]
    delivered: Mapped[bool] = mapped_column(default=False)
    #: Why the last try failed, in the name of its exception: never what was sent.
    failure: Mapped[str | None]

    message: Mapped[Message] = relationship(lazy="joined", innerjoin=True)
    channel: Mapped[MessageChannel] = relationship(lazy="joined", innerjoin=True)
