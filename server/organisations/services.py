"""Organisations: finding, registering, and moving them in their tree (单位服务)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server import days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import credit_code, industries, tree
from server.organisations.drafts import Draft, EnterpriseSize, OrganisationKind
from server.organisations.errors import (
    CreditCodeNeeded,
    CreditCodeTaken,
    DepartmentNeedsParent,
    ParentUnfit,
    RegionUnknown,
)
from server.organisations.models import Organisation, OrganisationPast, within
from server.paging import Page, narrowed, page
from server.policy import Identity, Permission
from server.regions import services as regions
from server.regions.models import Region, beneath
from server.regions.tree import path_of
from server.scopes import EVERYWHERE, Scope

_K = OrganisationKind

#: What figures of past days need to know as it was then.
_COUNTED = ("kind", "industry", "section", "is_high_risk", "size", "region_id")

#: Kinds that are never without a credit code.
CODED = frozenset({_K.ENTERPRISE, _K.PROVIDER, _K.TEST_CENTRE})


def get(organisation_id: UUID, *, scope: Scope = EVERYWHERE) -> Organisation:
    """Return the organisation.

    Raises:
        NotFound: there is none within the scope.
    """
    found = db.session.execute(
        select(Organisation).where(Organisation.id == organisation_id, within(scope))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def find(code: str) -> Organisation | None:
    """Return the organisation that has this credit code, or None."""
    return db.session.scalar(select(Organisation).where(Organisation.credit_code == code))


def under(organisation_id: UUID) -> list[Organisation]:
    """Return the organisation and everything beneath it, parents first.

    Raises:
        NotFound: there is no such organisation.
    """
    root = get(organisation_id)
    statement = select(Organisation).where(beneath(Organisation.path, root.path))
    return list(db.session.execute(statement.order_by(Organisation.path)).scalars())


def region_path_of(organisation: Organisation) -> str:
    """Return the path of the region in which an organisation stands."""
    return regions.get(organisation.region_id).path


def listed(
    scope: Scope,
    *,
    kind: OrganisationKind | None = None,
    name: str | None = None,
    credit_code: str | None = None,
    region_id: UUID | None = None,
    industry: str | None = None,
    is_high_risk: bool | None = None,
    size: EnterpriseSize | None = None,
    parent_id: UUID | None = None,
    under_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the organisations within the scope, by name.

    Raises:
        NotFound: there is no such region, or no organisation `under_id` within the scope.
    """
    wanted = {
        Organisation.kind: kind,
        Organisation.credit_code: credit_code and credit_code.upper(),
        Organisation.is_high_risk: is_high_risk,
        Organisation.size: size,
        Organisation.parent_id: parent_id,
    }
    statement = narrowed(select(Organisation).where(within(scope)), wanted)
    if industry is not None:
        statement = statement.where(Organisation.industry.startswith(industry, autoescape=True))
    if name is not None:
        statement = statement.where(Organisation.name.contains(name, autoescape=True))
    if region_id is not None:
        statement = statement.where(within(Scope(region_paths=(regions.get(region_id).path,))))
    if under_id is not None:
        statement = statement.where(beneath(Organisation.path, get(under_id, scope=scope).path))
    return page(statement, [Organisation.name, Organisation.id], cursor=cursor, limit=limit)


def register(organisation_id: UUID, draft: Draft, *, by: Identity, at: datetime) -> Organisation:
    """Register an organisation under the id given, or correct what is registered there.

    Raises:
        NotFound: the organisation, its parent or its region lies outside the asker's scope.
        RegionUnknown: there is no such region.
        CreditCodeWrong, CreditCodeNeeded, CreditCodeTaken: about the credit code.
        IndustryUnknown: there is no such industry.
        DepartmentNeedsParent, ParentUnfit: the tree of departments would be broken.
        IdTaken: a correction names another parent (that is a move) or turns a department into
            an organisation, or back.
    """
    scope = by.scope(Permission.MANAGE_ORGANISATIONS)
    known = db.session.get(Organisation, organisation_id)
    if known is not None:
        get(organisation_id, scope=scope)
    values = _values(organisation_id, draft, on=days.civil_day(at))
    # Who may correct an organisation need not see what it has always been a part of.
    stays = known is not None and known.parent_id == draft.parent_id
    parent = _parent(draft.kind, draft.parent_id, EVERYWHERE if stays else scope)
    region = _region(draft.region_id or (parent.region_id if parent else None))
    if parent is None and known is None and not _holds(scope, region.path):
        raise NotFound
    if known is not None:
        return _correct(known, {**values, "region_id": region.id}, draft, by=by, at=at)
    made = Organisation(
        id=organisation_id,
        **values,
        region_id=region.id,
        parent_id=draft.parent_id,
        path=path_of(organisation_id, parent.path if parent else None),
        registered_at=at,
    )
    db.session.add(made)
    db.session.flush()
    _tell("organisation_registered", made, by=by, at=at, before=None)
    return made


def move(
    organisation_id: UUID,
    parent_id: UUID | None,
    *,
    reason: str | None = None,
    by: Identity,
    at: datetime,
) -> Organisation:
    """Hang an organisation with all beneath it on another parent, or on none.

    Raises:
        NotFound: the organisation or the new parent lies outside the asker's scope.
        MovedBeneathItself: the new parent lies beneath the organisation.
        DepartmentNeedsParent, ParentUnfit: the tree of departments would be broken.
    """
    scope = by.scope(Permission.MANAGE_ORGANISATIONS)
    moving = get(organisation_id, scope=scope)
    parent = _parent(moving.kind, parent_id, scope)
    if moving.parent_id == parent_id:
        return moving
    if parent is None and not _holds(scope, region_path_of(moving)):
        raise NotFound
    branch = under(organisation_id)
    paths = tree.moved(
        moving.id,
        moving.path,
        to_parent_path=parent.path if parent else None,
        paths=[one.path for one in branch],
    )
    before = _shown(moving)
    for one in branch:
        _keep_past(one, at=at)
        one.path = paths[one.path]
    moving.parent_id = parent_id
    db.session.flush()
    _tell("organisation_moved", moving, by=by, at=at, before=before, reason=reason)
    return moving


def _values(organisation_id: UUID, draft: Draft, *, on: date) -> dict[str, Any]:
    industry = draft.industry
    marked = industry is not None and industries.is_high_risk(industry, on)
    return {
        "kind": draft.kind,
        "name": draft.name,
        "credit_code": _credit_code(organisation_id, draft),
        "industry": industry,
        "section": industries.section_of(industry) if industry else None,
        "division": industries.division_of(industry) if industry else None,
        "is_high_risk": marked if draft.is_high_risk is None else draft.is_high_risk,
        "size": draft.size,
    }


def _credit_code(organisation_id: UUID, draft: Draft) -> str | None:
    if draft.credit_code is None:
        if draft.kind in CODED:
            raise CreditCodeNeeded
        return None
    code = credit_code.read(draft.credit_code)
    holder = find(code)
    if holder is not None and holder.id != organisation_id:
        raise CreditCodeTaken
    return code


def _parent(kind: OrganisationKind, parent_id: UUID | None, scope: Scope) -> Organisation | None:
    if parent_id is None:
        if kind is _K.DEPARTMENT:
            raise DepartmentNeedsParent
        return None
    parent = get(parent_id, scope=scope)
    if parent.kind is _K.DEPARTMENT and kind is not _K.DEPARTMENT:
        raise ParentUnfit
    return parent


def _region(region_id: UUID | None) -> Region:
    found = None if region_id is None else db.session.get(Region, region_id)
    if found is None:
        raise RegionUnknown
    return found


def _holds(scope: Scope, region_path: str) -> bool:
    return scope.holds(organisation_path=None, region_path=region_path)


def _correct(
    known: Organisation, values: dict[str, Any], draft: Draft, *, by: Identity, at: datetime
) -> Organisation:
    turned = (known.kind is _K.DEPARTMENT) != (draft.kind is _K.DEPARTMENT)
    if known.parent_id != draft.parent_id or turned:
        raise IdTaken
    before = _shown(known)
    if any(getattr(known, name) != values[name] for name in _COUNTED):
        _keep_past(known, at=at)
    for name, value in values.items():
        setattr(known, name, value)
    db.session.flush()
    if _shown(known) != before:
        _tell("organisation_corrected", known, by=by, at=at, before=before)
    return known


def _keep_past(organisation: Organisation, *, at: datetime) -> None:
    """Keep what an organisation was until today; the last word of a day is what counts for it."""
    today = days.civil_day(at)
    kept = select(OrganisationPast.id).where(
        OrganisationPast.organisation_id == organisation.id, OrganisationPast.until_on >= today
    )
    if db.session.execute(kept).first() is not None:
        return
    values = {name: getattr(organisation, name) for name in ("name", "path", *_COUNTED)}
    db.session.add(
        OrganisationPast(organisation_id=organisation.id, until_on=today, recorded_at=at, **values)
    )


def _shown(organisation: Organisation) -> dict[str, Any]:
    return {
        "kind": organisation.kind.value,
        "name": organisation.name,
        "credit_code": organisation.credit_code,
        "industry": organisation.industry,
        "is_high_risk": organisation.is_high_risk,
        "size": organisation.size.value if organisation.size else None,
        "region_id": str(organisation.region_id),
        "parent_id": str(organisation.parent_id) if organisation.parent_id else None,
    }


def _tell(
    action: str, organisation: Organisation, *, by: Identity, at: datetime, **told: Any
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="organisation",
        subject_id=organisation.id,
        after=_shown(organisation),
        organisation_path=organisation.path,
        region_path=region_path_of(organisation),
        **told,
    )
