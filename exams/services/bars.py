"""Bars: who may not be examined, from when to when (禁止申请)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from exams.events import BarImposed
from exams.models import Bar, Qualification
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken
from server.events import publish
from server.paging import Page, page
from server.people.services import people
from server.policy import EVERYWHERE, Identity, Scope
from server.training.errors import LearnerBarred
from server.training.events import LearnerEntering
from server.training.kinds import QUALIFYING


def impose(
    bar_id: UUID,
    *,
    person_id: UUID,
    qualification_id: UUID | None,
    from_on: date,
    until_on: date | None,
    reason: str,
    by: Identity | None,
    at: datetime,
    scope: Scope = EVERYWHERE,
) -> Bar:
    """Bar a person from exams. Sending the same twice is harmless.

    Args:
        bar_id: made by who asks.
        person_id: who is barred.
        qualification_id: from what; None for everything.
        from_on: the first day.
        until_on: the last day, included; None for life.
        reason: the decision it rests on.
        by: who imposes it; None for the platform itself.
        at: the moment.
        scope: where the asker may impose it.

    Raises:
        NotFound: the person is not there, or out of scope.
        IdTaken: another bar stands under this id.
    """
    people.get(person_id, scope=scope)
    values: dict[str, Any] = {
        "person_id": person_id,
        "qualification_id": qualification_id,
        "from_on": from_on,
        "until_on": until_on,
        "reason": reason,
    }
    known = db.session.get(Bar, bar_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise IdTaken
        return known
    made = Bar(id=bar_id, imposed_at=at, **values)
    db.session.add(made)
    db.session.flush()
    audit.append(
        "bar_imposed",
        by=by,
        at=at,
        subject_kind="person",
        subject_id=person_id,
        after={"bar_id": bar_id, "from_on": from_on, "until_on": until_on},
        reason=reason,
    )
    publish(BarImposed(bar_id=made.id, at=at, **values))
    return made


def listed(person_id: UUID, *, scope: Scope, cursor: str | None, limit: int) -> Page:
    """Return a page of every bar of a person there ever was, the oldest first.

    Raises:
        NotFound: there is no such person within the scope.
    """
    people.get(person_id, scope=scope)
    statement = select(Bar).where(Bar.person_id == person_id)
    return page(statement, [Bar.from_on, Bar.id], cursor=cursor, limit=limit)


def stands(person_id: UUID, qualification_id: UUID, *, on: date) -> bool:
    """Say whether a person is barred from a qualification on a day."""
    statement = select(Bar.id).where(
        Bar.person_id == person_id,
        or_(Bar.qualification_id.is_(None), Bar.qualification_id == qualification_id),
        hold(on),
    )
    return db.session.execute(statement.limit(1)).first() is not None


def refuse_barred(event: LearnerEntering) -> None:
    """Keep whoever is barred from a qualification out of classes that end in it (a reaction).

    Raises:
        LearnerBarred: a bar stands on the first day of the class.
    """
    if event.type not in QUALIFYING:
        return
    sought = select(Qualification.id).where(
        Qualification.role == event.role, Qualification.operation_item == event.item
    )
    statement = select(Bar.id).where(
        Bar.person_id == event.person_id,
        or_(Bar.qualification_id.is_(None), Bar.qualification_id.in_(sought)),
        hold(event.on),
    )
    if db.session.execute(statement.limit(1)).first() is not None:
        raise LearnerBarred


def hold(on: date) -> ColumnElement[bool]:
    """Return the condition that a bar holds on a day."""
    return and_(Bar.from_on <= on, or_(Bar.until_on.is_(None), Bar.until_on >= on))
