"""Keeping what phones tell of conduct, and showing it to people (行为记录)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from exams.behaviour import Conduct, Told
from exams.errors import UnknownEpoch
from exams.models import Attempt, BehaviourEvent, Exam
from exams.services import attempts, noting
from exams.services.reach import held_within
from server.db import db
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
    rows: list[dict[str, object]] = [
        {
            "attempt_id": attempt_id,
            "epoch": epoch,
            "received_at": at,
            "detail": None,
            **vars(event),
        }
        for event in events
    ]
    connection = db.session.connection()
    noting.keep(connection, rows)
    seen = {Conduct.ADDRESS: by.address or "", Conduct.DEVICE: str(device_id)}
    noting.note(connection, attempt_id, seen, at=at)
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
