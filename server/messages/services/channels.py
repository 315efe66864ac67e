"""Channels of an organisation: where its messages are sent outside of the platform (消息通道)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.jobs import sealing
from server.messages import sending
from server.messages.models import ChannelKind, MessageChannel
from server.messages.reaching import Reach
from server.organisations import services as organisations
from server.policy import Identity, Permission

SEALED_AS = "webhook"  # the name under which it is sealed


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A channel, and once the secret that signs what it carries."""

    channel: MessageChannel
    secret: str | None = field(default=None, repr=False)


def open_(
    channel_id: UUID,
    *,
    organisation_id: UUID,
    kind: ChannelKind,
    address: str,
    may_be_plain: bool,
    reach: Reach,
    by: Identity,
    at: datetime,
) -> Opened:
    """Send an organisation's messages to an address, too. Sending the same twice is harmless.

    Args:
        channel_id: made by who asks.
        organisation_id: whose messages.
        kind: how.
        address: where.
        may_be_plain: whether a webhook may be reached without encryption.
        reach: where webhooks may lead.
        by: who asks.
        at: the moment.

    Raises:
        NotFound: the organisation is outside the asker's scope.
        ChannelUnfit: nothing can be sent there.
        IdTaken: another channel stands under this id.
    """
    place = organisations.get(organisation_id, scope=by.scope(Permission.MANAGE_PEOPLE))
    known = db.session.get(MessageChannel, channel_id)
    if known is not None:
        if (known.organisation_id, known.kind, known.address) != (place.id, kind, address):
            raise IdTaken
        return Opened(channel=known)
    if kind is ChannelKind.EMAIL:
        sending.check_mail(address)
    else:
        sending.check_webhook(address, may_be_plain=may_be_plain, reach=reach)
    secret = secrets.token_urlsafe(32)
    made = MessageChannel(
        id=channel_id,
        organisation_id=place.id,
        kind=kind,
        address=address,
        secret=sealing.current().seal(secret.encode(), job_id=channel_id, name=SEALED_AS),
        opened_at=at,
    )
    db.session.add(made)
    db.session.flush()
    audit.append(
        "message_channel_opened",
        by=by,
        at=at,
        subject_kind="organisation",
        subject_id=place.id,
        after={"channel_id": channel_id, "kind": kind},
        organisation_path=place.path,
    )
    return Opened(channel=made, secret=secret if kind is ChannelKind.WEBHOOK else None)


def close(channel_id: UUID, *, by: Identity, at: datetime) -> MessageChannel:
    """Send nothing more to an address.

    Raises:
        NotFound: there is no such channel within the asker's scope.
    """
    found = db.session.get(MessageChannel, channel_id)
    if found is None:
        raise NotFound
    organisations.get(found.organisation_id, scope=by.scope(Permission.MANAGE_PEOPLE))
    found.closed_at = found.closed_at or at
    db.session.flush()
    return found


def secret_of(channel_id: UUID) -> bytes:
    """Return the secret that signs what a webhook is sent."""
    statement = select(MessageChannel.secret).where(MessageChannel.id == channel_id)
    sealed = db.session.execute(statement).scalar_one()
    return sealing.current().open(sealed, job_id=channel_id, name=SEALED_AS)
