"""What an operator watches among messages (消息指标)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from server.config import Config
from server.db import db
from server.gauges.readings import Gauge, Reading
from server.messages.models import MessageDelivery


def deliveries(_config: Config, _at: datetime) -> Iterator[Reading]:
    """Read how many messages are still to be sent, and how many of them failed before."""
    failed = func.count().filter(MessageDelivery.failure.is_not(None))
    statement = select(func.count(), failed).where(MessageDelivery.ended_at.is_(None))
    unsent, failing = db.session.execute(statement).one()
    for name, meaning, value in (
        ("platform_messages_unsent", "Messages that are still to be sent.", unsent),
        ("platform_messages_failing", "Of those, messages that failed before.", failing),
    ):
        yield Reading(name=name, meaning=meaning, value=value)


GAUGES: tuple[Gauge, ...] = (deliveries,)
