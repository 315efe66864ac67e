"""The work that tells other systems that their feed has moved (对接通知投递)."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app

from server import clock
from server.config import Config
from server.db import transaction
from server.exchange import feed_rules
from server.exchange.services import hooks
from server.exchange.services.hooks import Telling
from server.messages import sending
from server.messages.reaching import reach_of
from server.messages.sending import NotDelivered
from server.work import Work


def tell(at: datetime) -> int:
    """Send the webhooks that are due, outside of any transaction; return how many were tried."""
    with transaction():
        taken = hooks.take(at)
    for telling in taken:
        failure = send(telling)
        with transaction():
            hooks.end(telling.hook_id, failure=failure, at=clock.now())
    return len(taken)


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


#: Tells systems that their feed has moved.
HOOKS = Work(name="exchange_hooks", every=timedelta(seconds=2), run=tell, needed=hooks.any_due)

WORK = (HOOKS,)
