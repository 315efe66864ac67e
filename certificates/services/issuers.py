"""Authorities that issue: registering them, finding who issues for an exam (发证机关服务)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from certificates.errors import IssuerTaken, NoIssuer, NotAnAuthority
from certificates.models import Issuer
from certificates.services import trusting
from exams.models.standards import Qualification
from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation, within
from server.paging import Page, page
from server.policy import Identity, Permission
from server.regions.models import Region
from server.regions.tree import lineage
from server.scopes import EVERYWHERE, Scope


def get(issuer_id: UUID, *, scope: Scope = EVERYWHERE) -> Issuer:
    """Return the issuer.

    Raises:
        NotFound: there is none within the scope.
    """
    statement = select(Issuer).join(Organisation).where(Issuer.id == issuer_id, within(scope))
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def listed(
    scope: Scope, *, text: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page:
    """Return a page of the issuers within the scope, by code; `text` is of the name, or a code."""
    statement = select(Issuer).join(Organisation).where(within(scope))
    if text is not None:
        named = Organisation.name.contains(text, autoescape=True)
        statement = statement.where(or_(named, Issuer.code == text.upper()))
    return page(statement, [Issuer.code], cursor=cursor, limit=limit)


def register(
    issuer_id: UUID,
    *,
    organisation_id: UUID,
    code: str,
    qualifications: Sequence[str] | None,
    by: Identity | None,
    at: datetime,
) -> Issuer:
    """Register an authority as an issuer, or correct what it may certify.

    Its signing key is on the trust list from then on, so that verifiers can pin the list before
    the first certificate. Registering again lists a key that was exchanged since.

    Args:
        issuer_id: under which it is registered; repeating the same changes nothing.
        organisation_id: the authority.
        code: what stands for it in numbers and tokens; never changed.
        qualifications: codes of what it may certify; None for everything.
        by: who registers; None for the platform itself, which may everywhere.
        at: the moment.

    Raises:
        NotFound: the organisation lies outside the asker's scope.
        NotAnAuthority: the organisation is no authority.
        IssuerTaken: the organisation or the code is registered under another id.
    """
    scope = by.scope(Permission.MANAGE_ORGANISATIONS) if by else EVERYWHERE
    organisation = organisations.get(organisation_id, scope=scope)
    if organisation.kind is not OrganisationKind.AUTHORITY:
        raise NotAnAuthority
    known = _known(issuer_id, organisation_id, code)
    codes = None if qualifications is None else sorted(set(qualifications))
    if known is not None and known.qualifications == codes:
        trusting.list_key_of(known, on=civil_day(at))
        return known
    before = None if known is None else {"qualifications": known.qualifications}
    issuer = known or Issuer(
        id=issuer_id,
        organisation_id=organisation_id,
        organisation=organisation,
        code=code,
        registered_at=at,
    )
    issuer.qualifications = codes
    db.session.add(issuer)
    db.session.flush()
    trusting.list_key_of(issuer, on=civil_day(at))
    audit.append(
        "issuer_registered" if before is None else "issuer_corrected",
        by=by,
        at=at,
        subject_kind="issuer",
        subject_id=issuer.id,
        before=before,
        after={"code": code, "qualifications": codes},
        organisation_path=organisation.path,
    )
    return issuer


def _known(issuer_id: UUID, organisation_id: UUID, code: str) -> Issuer | None:
    """Return what is registered under the id, if it is the same authority with the same code."""
    taken = db.session.execute(
        select(Issuer).where((Issuer.organisation_id == organisation_id) | (Issuer.code == code))
    ).scalars()
    known = db.session.get(Issuer, issuer_id)
    if any(other.id != issuer_id for other in taken):
        raise IssuerTaken
    if known is not None and (known.code, known.organisation_id) != (code, organisation_id):
        raise IssuerTaken
    return known


def responsible(qualification: Qualification, organisation: Organisation) -> Issuer:
    """Return the issuer that certifies what an organisation (a test centre) has examined.

    The nearest authority that may certify the qualification: that of the organisation itself or
    of one above it, else that of its region or of the nearest region above it.

    Raises:
        NoIssuer: no registered authority may.
    """
    own = lineage(organisation.path)
    region = db.session.get_one(Region, organisation.region_id)
    statement = (
        select(Issuer, Region.level)
        .join(Organisation, Issuer.organisation_id == Organisation.id)
        .join(Region, Organisation.region_id == Region.id)
        .where(Organisation.id.in_(own) | Region.id.in_(lineage(region.path)))
    )
    candidates = [
        (issuer.organisation_id in own, level, issuer.code, issuer)
        for issuer, level in db.session.execute(statement)
        if issuer.certifies(qualification.code)
    ]
    if not candidates:
        raise NoIssuer(qualification=qualification.code)
    return max(candidates, key=lambda candidate: candidate[:3])[3]
