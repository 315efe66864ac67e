"""Sending one webhook to another system, signed as of now (对接通知发送)."""

from __future__ import annotations

from flask import current_app

from server import clock
from server.config import Config
from server.exchange import feed_rules
from server.exchange.services.hooks import Telling
from server.messages import sending
from server.messages.reaching import reach_of
from server.messages.sending import NotDelivered


def send(telling: Telling) -> str | None:
    """Send one webhook, signed as of now; return why it was not taken, None where it was."""
    config: Config = current_app.extensions["config"]
    now = clock.now()
    headers = feed_rules.signed(telling.message_id, now, telling.body, telling.secrets)
    try:
        sending.post(telling.address, telling.body, headers, reach=reach_of(config))
    except NotDelivered as refused:
        return str(refused)
    return None
