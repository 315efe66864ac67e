"""In counts: what the refusal of an application leaves somebody with (申请影响)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from certificates.applying import State
from certificates.models import Application, Issuer
from certificates.services import standing
from certificates.services.applications import Standing
from certificates.validity import Status
from server.db import db
from server.errors import NotFound
from server.organisations.models import Organisation, within
from server.scopes import Scope

#: In these states a certificate lets somebody work.
_HOLDS = frozenset({Status.VALID, Status.EXPIRING})


@dataclass(frozen=True, kw_only=True)
class CertificateApplicationReach:
    """What an applicant has besides what is applied for."""

    #: Certificates of the qualification that hold on the day.
    certificate_count: int
    #: The last day of the one that ends last; None where there is none.
    certified_until: date | None
    #: Other applications of theirs that are still open.
    open_application_count: int


def of(application_id: UUID, *, scope: Scope, on: date) -> CertificateApplicationReach:
    """Return what an applicant has besides an application at an issuer within the scope.

    Raises:
        NotFound: there is no such application.
    """
    found = _get(application_id, scope)
    held = [
        each.certificate
        for each in standing.held(found.person_id, on=on).items
        if each.certificate.qualification_id == found.qualification_id and each.status in _HOLDS
    ]
    every = select(Application).where(Application.person_id == found.person_id)
    others = [one for one in db.session.scalars(every) if one.id != found.id]
    return CertificateApplicationReach(
        certificate_count=len(held),
        certified_until=max((each.valid_until for each in held), default=None),
        open_application_count=sum(_is_open(one, on) for one in others),
    )


def _get(application_id: UUID, scope: Scope) -> Application:
    statement = (
        select(Application)
        .join(Issuer, Issuer.id == Application.issuer_id)
        .join(Organisation, Organisation.id == Issuer.organisation_id)
        .where(Application.id == application_id, within(scope))
    )
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _is_open(one: Application, on: date) -> bool:
    return Standing(application=one, on=on).state in (State.SUBMITTED, State.ACCEPTED)
