"""Exceptions from separation: asked for by one authority, granted by another (回避例外)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exams.models import SeparationOverride
from exams.separation_errors import OverrideDecided, OverrideNeedsAnother
from exams.services import separation
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.paging import Page, page
from server.people.models import Person
from server.people.models import within as people_within
from server.people.services import people
from server.policy import Identity, Permission
from server.scopes import Scope


def ask(
    override_id: UUID,
    *,
    staff_id: UUID,
    candidate_id: UUID,
    reason: str,
    until_on: date,
    by: Identity,
    at: datetime,
) -> SeparationOverride:
    """Ask that somebody may examine a candidate whom they are bound to. The same changes nothing.

    Raises:
        NotFound: there is no such person.
        IdTaken: another exception stands under this id.
    """
    for person_id in (staff_id, candidate_id):
        people.get(person_id)
    values: dict[str, Any] = {
        "staff_id": staff_id,
        "candidate_id": candidate_id,
        "reason": reason,
        "until_on": until_on,
    }
    known = db.session.get(SeparationOverride, override_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise IdTaken
        return known
    made = SeparationOverride(
        id=override_id,
        **values,
        asked_at=at,
        asked_by_id=by.account_id,
        asked_by_person_id=by.person_id,
    )
    db.session.add(made)
    db.session.flush()
    _tell("separation_override_asked", made, reason=reason, by=by, at=at)
    return made


def decide(
    override_id: UUID, *, granted: bool, reason: str, by: Identity, at: datetime
) -> SeparationOverride:
    """Grant or refuse an exception. The same again changes nothing.

    Who decides is another person than whoever asked, and neither of the two it is about; by the
    policy the permission is that of the issuing authority, never that of who plans exams.

    Raises:
        NotFound: there is none about a candidate within the asker's scope.
        OverrideNeedsAnother: the asker asked for it, or it is about them.
        OverrideDecided: it was decided otherwise.
    """
    found = get(override_id, scope=by.scope(Permission.OVERRIDE_SEPARATION), lock=True)
    who = separation.registrations_of(by.person_id)
    if who & {found.asked_by_person_id, found.staff_id, found.candidate_id}:
        raise OverrideNeedsAnother
    if found.granted is not None:
        if (found.granted, found.decided_because) != (granted, reason):
            raise OverrideDecided
        return found
    found.granted, found.decided_because, found.decided_at = granted, reason, at
    found.decided_by_id, found.decided_by_person_id = by.account_id, by.person_id
    db.session.flush()
    action = "separation_override_granted" if granted else "separation_override_refused"
    _tell(action, found, reason=reason, by=by, at=at)
    return found


def listed(scope: Scope, *, open_only: bool = False, cursor: str | None, limit: int) -> Page:
    """Return a page of the exceptions about candidates within the scope, the newest first."""
    seen = select(Person.id).where(people_within(scope))
    statement = (
        select(SeparationOverride)
        .options(joinedload(SeparationOverride.staff), joinedload(SeparationOverride.candidate))
        .where(SeparationOverride.candidate_id.in_(seen))
    )
    if open_only:
        statement = statement.where(SeparationOverride.granted.is_(None))
    keys = [SeparationOverride.asked_at, SeparationOverride.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def get(override_id: UUID, *, scope: Scope, lock: bool = False) -> SeparationOverride:
    """Return an exception about a candidate within the scope.

    Raises:
        NotFound: there is none.
    """
    seen = select(Person.id).where(people_within(scope))
    statement = select(SeparationOverride).where(
        SeparationOverride.id == override_id, SeparationOverride.candidate_id.in_(seen)
    )
    if lock:
        statement = statement.with_for_update()
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _tell(
    action: str, made: SeparationOverride, *, reason: str, by: Identity, at: datetime
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="separation_override",
        subject_id=made.id,
        after={
            "staff_id": made.staff_id,
            "candidate_id": made.candidate_id,
            "until_on": made.until_on,
            "granted": made.granted,
        },
        reason=reason,
    )
