"""Cycles of evaluation: planned by whoever leads a place (评价周期)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from certificates.competence.errors import CycleOver, CycleSpanEmpty
from certificates.competence.models import CompetenceCycle
from certificates.competence.services import frameworks
from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import Scope
from server.training.services import putting


@dataclass(frozen=True, kw_only=True)
class CycleDraft:
    """What is said of a cycle."""

    organisation_id: UUID
    #: The key of a framework; its version of the first day counts.
    framework: str
    title: str
    from_on: date
    until_on: date


def plan(cycle_id: UUID, draft: CycleDraft, *, by: Identity, at: datetime) -> CompetenceCycle:
    """Plan a cycle under the id given. The same again changes nothing.

    Raises:
        NotFound: the organisation lies outside of where the asker leads, or the framework does
            not count on the first day.
        CycleSpanEmpty: it ends before it begins.
        IdTaken: another cycle stands under this id.
    """
    scope = by.scope(Permission.APPRAISE_COMPETENCE)
    place = organisations.get(draft.organisation_id, scope=scope)
    if draft.until_on < draft.from_on:
        raise CycleSpanEmpty
    values = {
        "organisation_id": draft.organisation_id,
        "framework_id": frameworks.in_force(draft.framework, on=draft.from_on).id,
        "title": draft.title,
        "from_on": draft.from_on,
        "until_on": draft.until_on,
    }
    known = putting.known(CompetenceCycle, cycle_id, values)
    if known is not None:
        return known
    cycle = CompetenceCycle(id=cycle_id, **values, planned_at=at, planned_by_id=by.account_id)
    made = putting.made(cycle)
    putting.tell(
        "competence_cycle_planned",
        made.id,
        place,
        kind="competence_cycle",
        by=by,
        at=at,
        after={"title": draft.title, "framework": draft.framework},
    )
    return made


def get(cycle_id: UUID, *, scope: Scope) -> CompetenceCycle:
    """Return a cycle.

    Raises:
        NotFound: there is none within the scope.
    """
    found = db.session.get(CompetenceCycle, cycle_id)
    if found is None:
        raise NotFound
    organisations.get(found.organisation_id, scope=scope)
    return found


def listed(
    scope: Scope, *, organisation_id: UUID | None = None, cursor: str | None, limit: int
) -> Page:
    """Return a page of the cycles of organisations within the scope, the latest first."""
    places = select(Organisation.id).where(organisations_within(scope))
    statement = select(CompetenceCycle).where(CompetenceCycle.organisation_id.in_(places))
    if organisation_id is not None:
        statement = statement.where(CompetenceCycle.organisation_id == organisation_id)
    keys = [CompetenceCycle.from_on, CompetenceCycle.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def check_running(cycle: CompetenceCycle, on: date) -> None:
    """Refuse what is done outside of a cycle's days.

    Raises:
        CycleOver: it is over, or has not begun.
    """
    if not cycle.from_on <= on <= cycle.until_on:
        raise CycleOver(from_on=cycle.from_on.isoformat(), until_on=cycle.until_on.isoformat())
