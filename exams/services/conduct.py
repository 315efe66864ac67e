"""Keeping what phones tell of conduct, and showing it to people (行为记录)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from exams import behaviour
from exams.behaviour import Conduct, Told
from exams.errors import UnknownEpoch
from exams.models import Attempt, BehaviourEvent, Exam
from exams.services import attempts
from exams.services.reach import held_within
from server.db import db, upsert
from server.errors import NotFound
from server.paging import Page, page
from server.policy import Identity, Permission


def tell(
    attempt_id: UUID,
    events: Sequence[Told],
    *,
    epoch: int,
    by: Identity,
    device_id: UUID,
    at: datetime,
) -> int:
    """Keep what a phone tells, each event once; return how many of them are held now.

    Where the address or the signed-in device is another than before, that is noted, too.

    Raises:
        NotFound: there is no such attempt, or it is somebody else's.
        UnknownEpoch: the attempt has not moved to such a phone.
    """
    attempt = attempts.get(attempt_id, candidate_id=by.person_id)
    if not 1 <= epoch <= attempt.epoch:
        raise UnknownEpoch(epoch=attempt.epoch)
    rows = [
        {
            "attempt_id": attempt_id,
            "epoch": epoch,
            "received_at": at,
            "detail": None,
            **vars(event),
        }
        for event in events
    ]
    _keep(rows)
    _note(attempt_id, {Conduct.ADDRESS: by.address or "", Conduct.DEVICE: str(device_id)}, at=at)
    return len(rows)


def of(attempt_id: UUID, *, by: Identity, cursor: str | None, limit: int) -> Page:
    """Return a page of the conduct in an attempt, for its invigilators and examiners.

    Raises:
        NotFound: there is no such attempt within the asker's scope.
    """
    scopes = [by.scope(one) for one in (Permission.INVIGILATE, Permission.EXAMINE)]
    within = [held_within(Exam.organisation_id, scope) for scope in scopes if not scope.nowhere]
    if not within:
        raise NotFound
    seen = (
        select(Attempt.id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Attempt.id == attempt_id, or_(*within))
    )
    if db.session.execute(seen).first() is None:
        raise NotFound
    statement = select(BehaviourEvent).where(BehaviourEvent.attempt_id == attempt_id)
    keys = [BehaviourEvent.received_at, BehaviourEvent.epoch, BehaviourEvent.number]
    return page(statement, keys, cursor=cursor, limit=limit)


def _note(attempt_id: UUID, seen: dict[Conduct, str], *, at: datetime) -> None:
    """Note what the server sees where it differs from what it saw last."""
    statement = (
        select(BehaviourEvent.kind, BehaviourEvent.detail, BehaviourEvent.number)
        .where(
            BehaviourEvent.attempt_id == attempt_id,
            BehaviourEvent.epoch == behaviour.SERVER_EPOCH,
        )
        .order_by(BehaviourEvent.number)
    )
    noted = db.session.execute(statement).all()
    last = {row.kind: row.detail for row in noted}
    news = [(kind, detail) for kind, detail in seen.items() if last.get(kind) != detail]
    _keep(
        [
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
    )


def _keep(rows: list[dict[str, object]]) -> None:
    if not rows:
        return
    db.session.execute(upsert(BehaviourEvent).on_conflict_do_nothing(), rows)
