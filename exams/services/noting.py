"""What the server itself sees of an attempt: other addresses, other phones (系统记录).

Works on any connection, so that a group that shares a commit can note whom it refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from exams import behaviour
from exams.behaviour import Conduct
from exams.models import BehaviourEvent
from server.db import upsert


def note(
    connection: Connection, attempt_id: UUID, seen: Mapping[Conduct, str], *, at: datetime
) -> None:
    """Note what is seen where it differs from what was seen last."""
    statement = (
        select(BehaviourEvent.kind, BehaviourEvent.detail, BehaviourEvent.number)
        .where(
            BehaviourEvent.attempt_id == attempt_id,
            BehaviourEvent.epoch == behaviour.SERVER_EPOCH,
        )
        .order_by(BehaviourEvent.number)
    )
    noted = connection.execute(statement).all()
    last = {row.kind: row.detail for row in noted}
    news = [(kind, detail) for kind, detail in seen.items() if last.get(kind) != detail]
    rows: list[dict[str, object]] = [
        {
            "attempt_id": attempt_id,
            "epoch": behaviour.SERVER_EPOCH,
            "number": number,
            "kind": kind,
            "slot": None,
            "at_ms": None,
            "lasted_ms": None,
            "detail": detail,
            "received_at": at,
        }
        for number, (kind, detail) in enumerate(news, start=len(noted) + 1)
        if number <= behaviour.MOST_NOTED
    ]
    keep(connection, rows)


def keep(connection: Connection, rows: list[dict[str, object]]) -> None:
    """Keep events; one that is there already changes nothing."""
    if not rows:
        return
    connection.execute(upsert(BehaviourEvent, connection).on_conflict_do_nothing(), rows)
