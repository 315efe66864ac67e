"""Sending what happened to learning record stores, outside of any transaction (学习记录发送)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from flask import current_app

from certificates import xapi
from certificates.services import statement_building
from certificates.services.statement_building import Owed
from server import clock
from server.db import db, transaction
from server.exchange.errors import QuotaSpent
from server.exchange.services import stores, usage
from server.exchange.services.stores import Due
from server.exchange.terms import Ability
from server.messages import sending
from server.messages.reaching import reach_of
from server.messages.sending import NotDelivered
from server.work import Work


def state(at: datetime) -> int:
    """Send each store that is owed something its next statements; return how many were tried."""
    with transaction():
        taken = stores.take(at)
    for due in taken:
        _serve(due)
    return len(taken)


def _serve(due: Due) -> None:
    owed = statement_building.owed(due)
    agreement = owed.agreement
    try:
        # Counted before it is told, with the people it is about, and once however often tried.
        if owed.statements and due.first:
            units = len(owed.statements)
            usage.note(
                agreement, Ability.STATEMENTS, at=clock.now(), units=units, people=owed.people
            )
    except QuotaSpent as spent:
        db.session.rollback()
        until = clock.now() + timedelta(seconds=spent.retry_after)
        with transaction():
            stores.postpone(due, until=until, failure=spent.code)
        return
    db.session.rollback()
    failure = _sent(due, owed) if owed.statements else None
    with transaction():
        stores.end(
            due,
            until_seq=owed.until_seq,
            status=failure.status if failure else None,
            failure=str(failure) if failure else None,
            at=clock.now(),
        )


def _sent(due: Due, owed: Owed) -> NotDelivered | None:
    """Send statements; return why they were not taken, None where they were."""
    body = json.dumps(owed.statements, ensure_ascii=False).encode()
    headers = {
        "Authorization": due.authorization,
        "X-Experience-API-Version": xapi.VERSION,
    }
    reach = reach_of(current_app.extensions["config"])
    try:
        sending.post(f"{due.endpoint}/statements", body, headers, reach=reach)
    except NotDelivered as refused:
        return refused
    return None


#: Sends learning record stores what they are owed.
STATEMENTS = Work(
    name="exchange_statements", every=timedelta(seconds=5), run=state, waiting=(stores.DUE,)
)
