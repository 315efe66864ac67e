"""Notices, and the state they stand beside (公告服务)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from server.audit import services as audit
from server.days import beginning_of
from server.db import db
from server.errors import IdTaken, NotFound
from server.notices.errors import NoticeEnds
from server.notices.models import Notice, Urgency
from server.paging import Page, narrowed, page
from server.policy import Identity, Permission
from server.regions.services import regions


class State(StrEnum):
    """How the platform is doing."""

    WORKING = "working"
    DELAYED = "delayed"
    DOWN = "down"


@dataclass(frozen=True, kw_only=True)
class Status:
    """What everybody is told at a moment."""

    state: State
    now: datetime
    notices: list[Notice]


def status(*, is_troubled: bool, at: datetime) -> Status:
    """Return the state and the notices of this moment; without a database, that it is down.

    Args:
        is_troubled: whether responses were told to come later within the last minute.
        at: now.
    """
    standing = (
        select(Notice)
        .where(Notice.until_at > at, Notice.from_at <= at, Notice.withdrawn_at.is_(None))
        .order_by(Notice.from_at.desc())
        .limit(10)
    )
    try:
        notices = list(db.session.execute(standing).scalars())
    except SQLAlchemyError:
        return Status(state=State.DOWN, now=at, notices=[])
    return Status(state=State.DELAYED if is_troubled else State.WORKING, now=at, notices=notices)


def publish(notice_id: UUID, *, by: Identity, at: datetime, **told: Any) -> Notice:
    """Tell everybody something for a while. Sending the same twice is harmless.

    Args:
        notice_id: made by who sends.
        by: who runs the platform.
        at: now.
        told: urgency, titles, bodies, `region_id`, `from_at` and `until_at`.

    Raises:
        NotFound: the region lies outside of what they run.
        NoticeEnds: it would end before it begins.
        IdTaken: other words stand under this id.
    """
    _check_scope(told["region_id"], by)
    known = db.session.get(Notice, notice_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in told.items()):
            raise IdTaken
        return known
    if told["until_at"] <= told["from_at"]:
        raise NoticeEnds
    made = Notice(id=notice_id, **told, published_by_id=by.account_id, published_at=at)
    db.session.add(made)
    db.session.flush()
    _tell("notice_published", made, by=by, at=at, after={"title_zh": made.title_zh})
    return made


def withdraw(notice_id: UUID, *, reason: str | None = None, by: Identity, at: datetime) -> Notice:
    """Show a notice no more; the audit keeps why, where it is said.

    Raises:
        NotFound: there is none with this id within what they run.
    """
    found = db.session.get(Notice, notice_id)
    if found is None:
        raise NotFound
    _check_scope(found.region_id, by)
    if found.withdrawn_at is None:
        found.withdrawn_at = at
        db.session.flush()
        _tell("notice_withdrawn", found, by=by, at=at, reason=reason)
    return found


def listed(
    *,
    urgency: Urgency | None = None,
    withdrawn: bool | None = None,
    region_id: UUID | None = None,
    on: date | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """List all notices there ever were, the newest first; `on` asks for those of one day."""
    wanted = {Notice.urgency: urgency, Notice.region_id: region_id}
    statement = narrowed(select(Notice), wanted)
    if withdrawn is not None:
        statement = statement.where(Notice.withdrawn_at.is_not(None) == withdrawn)
    if on is not None:
        begins, ends = beginning_of(on), beginning_of(on + timedelta(days=1))
        statement = statement.where(Notice.from_at < ends, Notice.until_at > begins)
    keys = (Notice.published_at, Notice.id)
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def _check_scope(region_id: UUID | None, by: Identity) -> None:
    scope = by.scope(Permission.RUN_PLATFORM)
    path = None if region_id is None else regions.get(region_id).path
    if not scope.holds(organisation_path=None, region_path=path):
        raise NotFound


def _tell(kind: str, notice: Notice, *, by: Identity, at: datetime, **told: Any) -> None:
    audit.append(kind, by=by, at=at, subject_kind="notice", subject_id=notice.id, **told)
