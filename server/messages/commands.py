"""The work that delivers messages (消息投递)."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app

from server import clock
from server.config import Config
from server.db import transaction
from server.messages import sending
from server.messages.models import ChannelKind, MessageDelivery
from server.messages.reaching import reach_of
from server.messages.sending import Letter, NotDelivered, Post
from server.messages.services import channels, outbox
from server.work import Work


def deliver(at: datetime) -> int:
    """Send what is due, outside of any transaction; return how many were tried."""
    with transaction():
        taken = outbox.take(at)
    for delivery in taken:
        failure = _try(delivery)
        with transaction():
            outbox.end(delivery.id, failure=failure, at=clock.now())
    return len(taken)


def _try(delivery: MessageDelivery) -> str | None:
    message, channel = delivery.message, delivery.channel
    letter = Letter(
        id=str(message.id),
        kind=message.kind,
        title_zh=message.title_zh,
        title_en=message.title_en,
        body_zh=message.body_zh,
        body_en=message.body_en,
        made_at=message.made_at.isoformat(),
        subject_id=str(message.subject_id) if message.subject_id else None,
    )
    config: Config = current_app.extensions["config"]
    try:
        if channel.kind is ChannelKind.WEBHOOK:
            secret = channels.secret_of(channel.id)
            now = str(int(clock.now().timestamp()))
            reach = reach_of(config)
            sending.by_webhook(letter, channel.address, secret=secret, timestamp=now, reach=reach)
        elif config.smtp_url is None:
            return "no mail server"
        else:
            sending.by_mail(letter, channel.address, Post(url=config.smtp_url))
    except NotDelivered as refused:
        return str(refused)
    return None


#: Delivers what waits in the outbox.
DELIVERY = Work(
    name="message_delivery",
    every=timedelta(seconds=5),
    run=deliver,
    waiting=(outbox.DUE,),
)

WORK = (DELIVERY,)
