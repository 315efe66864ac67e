"""Lists of applications for certificates: at an issuer, and one's own (申请清单)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select

from certificates import applying
from certificates.applying import Purpose, State, Step
from certificates.models import Application, ApplicationStep, Issuer
from server.days import beginning_of
from server.organisations.models import Organisation, within
from server.paging import Page, narrowed, page
from server.people.models import Person
from server.scopes import Scope

#: The step that brought an application into each state it never leaves.
_ENDED_BY = {
    State.REFUSED: Step.REFUSE,
    State.GRANTED: Step.GRANT,
    State.DENIED: Step.DENY,
    State.WITHDRAWN: Step.WITHDRAW,
}


def listed(
    scope: Scope,
    *,
    on: date,
    name: str | None = None,
    purpose: Purpose | None = None,
    qualification_id: UUID | None = None,
    issuer_id: UUID | None = None,
    state: State | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the applications at issuers within the scope, the oldest first.

    Args:
        scope: where the asker issues.
        on: the day whose state counts.
        name: a part of the applicant's name.
        purpose: only those for this.
        qualification_id: only those for this qualification.
        issuer_id: only those at this issuer.
        state: only those that stand there on the day.
        cursor: where the page begins.
        limit: applications on the page.
    """
    statement = (
        select(Application)
        .join(Issuer, Issuer.id == Application.issuer_id)
        .join(Organisation, Organisation.id == Issuer.organisation_id)
        .where(within(scope))
    )
    wanted = {
        Application.purpose: purpose,
        Application.qualification_id: qualification_id,
        Application.issuer_id: issuer_id,
    }
    statement = narrowed(statement, wanted)
    if name is not None:
        named = select(Person.id).where(Person.name.contains(name, autoescape=True))
        statement = statement.where(Application.person_id.in_(named))
    if state is not None:
        statement = statement.where(_stands(state, on))
    order = [Application.submitted_at, Application.id]
    return page(statement, order, cursor=cursor, limit=limit)


def of(person_id: UUID, *, cursor: str | None = None, limit: int = 50) -> Page:
    """Return a page of a person's own applications, the newest first."""
    statement = select(Application).where(Application.person_id == person_id)
    order = [Application.submitted_at, Application.id]
    return page(statement, order, cursor=cursor, limit=limit, descending=True)


def _stands(state: State, on: date) -> ColumnElement[bool]:
    """Return the condition that an application stands in a state (see `applying.state`)."""
    if state in _ENDED_BY:
        return _taken(_ENDED_BY[state])
    silent = Application.submitted_at < beginning_of(applying.silent_before(on))
    accepted = _taken(Step.ACCEPT) | silent
    ended = _taken(*_ENDED_BY.values())
    return and_(~ended, accepted if state is State.ACCEPTED else ~accepted)


def _taken(*steps: Step) -> ColumnElement[bool]:
    return exists().where(
        ApplicationStep.application_id == Application.id, ApplicationStep.step.in_(steps)
    )
