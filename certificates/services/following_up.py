"""What those concerned are told of requests and listings: sent, due, overdue, decided (跟进)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from certificates.models import CoverageRequest, CreditListing
from certificates.services import bureaus, demanding
from server.db import db
from server.errors import Message
from server.messages.services import outbox
from server.messages.services.outbox import Told

#: Days before the end on which one is reminded; then, once it is overdue.
STAGES = (7, 1)
OVERDUE = -1

#: Requests looked at in one turn.
_MOST = 200


def remind(*, on: date, at: datetime) -> int:
    """Remind enterprises whose requests come due, and their bureaus of those overdue; how many.

    Each is told once at each stage, and nobody where nobody is missing any more.
    """
    statement = (
        select(CoverageRequest)
        .where(CoverageRequest.closed_at.is_(None), _is_due(on))
        .order_by(CoverageRequest.due_on, CoverageRequest.id)
        .limit(_MOST)
    )
    told = 0
    for request in db.session.execute(statement).scalars():
        request.reminded_days = stage(request.due_on, on)
        followed = demanding.followed(request, on=on)
        if followed.missing_now:
            told += _remind(followed, on=on, at=at)
    db.session.flush()
    return told


def stage(due_on: date, on: date) -> int | None:
    """Return the stage of reminding on a day: how many days before the end; None before them."""
    left = (due_on - on).days
    if left < 0:
        return OVERDUE
    return min((days for days in STAGES if left <= days), default=None)


def _is_due(on: date) -> ColumnElement[bool]:
    """Return the condition that a request has come to a stage of which nobody was told yet."""
    request = CoverageRequest
    steps = [
        (request.due_on <= on + timedelta(days=days))
        & (request.reminded_days.is_(None) | (request.reminded_days > days))
        for days in STAGES
    ]
    overdue = (request.due_on < on) & (
        request.reminded_days.is_(None) | (request.reminded_days != OVERDUE)
    )
    return or_(overdue, *steps)


def _remind(followed: demanding.Followed, *, on: date, at: datetime) -> int:
    request, left = followed.request, followed.missing_now
    quote = demanding.quote(request)
    late = request.due_on < on
    told = Told(
        kind="coverage_request_due",
        title=Message(
            zh="督办事项已逾期" if late else "督办事项即将到期",
            en="A request is overdue" if late else "A request is due soon",
        ),
        body=Message(
            zh=f"{followed.organisation_name}：{quote}，应于 {request.due_on} 前办结，"
            f"尚有 {left} 人未达标。",
            en=f"{followed.organisation_name}: {quote} – to be closed by {request.due_on}, "
            f"{left} still missing.",
        ),
        subject_id=request.id,
    )
    once = f"coverage_request_due:{request.id}:{request.reminded_days}"
    count = int(outbox.tell(told, once=once, organisation_id=request.organisation_id, at=at))
    bureau = bureaus.nearest([request.organisation_id]).get(request.organisation_id)
    if late and bureau is not None:
        count += outbox.tell(told, once=once, organisation_id=bureau, at=at)
    return count


def tell_of_listing(entry: CreditListing, step: str, words: Message, *, at: datetime) -> None:
    """Tell whom an entry of the credit list concerns that it was announced, or decided."""
    told = Told(
        kind=f"credit_listing_{step}",
        title=Message(zh="失信名单告知", en="About the list of broken trust"),
        body=words,
        subject_id=entry.id,
    )
    to: dict[str, UUID | None] = {
        "person_id": entry.person_id,
        "organisation_id": entry.organisation_id,
    }
    outbox.tell(told, once=f"credit_listing_{step}:{entry.id}", **to, at=at)
