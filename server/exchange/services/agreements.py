"""Agreements with other systems: concluding, ending, finding (共享协议服务)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import false, or_, select

from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.errors import IdTaken, NotFound
from server.exchange import terms
from server.exchange.errors import AgreementDaysWrong, AgreementOver, PurposeForbids
from server.exchange.models import ExchangeAgreement
from server.exchange.terms import Ability, PersonField, Purpose
from server.organisations import services as organisations
from server.paging import Page, page
from server.policy import Identity, Permission
from server.regions import services as regions
from server.regions.models import Region, beneath
from server.scopes import Scope

#: An agreement is looked at again after so long.
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is agreed with the keeper of another system."""

    organisation_id: UUID
    region_id: UUID
    name: str
    purpose: Purpose
    abilities: list[Ability]
    fields: list[PersonField]
    daily_quota: int
    valid_from: date
    valid_until: date
    document: str
    contact: str

    def as_columns(self) -> dict[str, Any]:
        """Return the columns of the agreement."""
        return {
            **vars(self),
            "abilities": sorted({each.value for each in self.abilities}),
            "fields": sorted({each.value for each in self.fields}),
        }


def conclude(agreement_id: UUID, agreed: Terms, *, by: Identity, at: datetime) -> ExchangeAgreement:
    """Let a system know what is agreed; the same again changes nothing, other terms are another.

    Raises:
        NotFound: the region lies outside the asker's scope, or there is no such organisation.
        PurposeForbids: the purpose allows less.
        AgreementDaysWrong: it ends before it begins, or lasts too long.
        IdTaken: another agreement stands under this id.
    """
    region = _region(agreed.region_id, by.scope(Permission.MANAGE_EXCHANGE))
    organisation = organisations.get(agreed.organisation_id)
    values = agreed.as_columns()
    known = db.session.get(ExchangeAgreement, agreement_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise IdTaken
        return known
    over = terms.beyond(agreed.purpose, agreed.abilities, agreed.fields)
    if over:
        raise PurposeForbids(what=", ".join(over))
    if not timedelta(0) < agreed.valid_until - agreed.valid_from <= LONGEST:
        raise AgreementDaysWrong
    made = ExchangeAgreement(
        id=agreement_id,
        **values,
        concluded_at=at,
        concluded_by_id=by.account_id,
        region=region,
        organisation=organisation,
    )
    db.session.add(made)
    db.session.flush()
    told = {"abilities": made.abilities, "fields": made.fields, "until": made.valid_until}
    _note("exchange_agreed", made, told, by=by, at=at)
    return made


def end(agreement_id: UUID, *, reason: str, by: Identity, at: datetime) -> ExchangeAgreement:
    """End an agreement from today on; ended before, it changes nothing.

    Raises:
        NotFound: there is none of a region within the asker's scope.
    """
    found = get(agreement_id, scope=by.scope(Permission.MANAGE_EXCHANGE))
    if found.ended_on is None:
        found.ended_on = civil_day(at)
        db.session.flush()
        _note("exchange_ended", found, {"reason": reason}, by=by, at=at)
    return found


def get(agreement_id: UUID, *, scope: Scope) -> ExchangeAgreement:
    """Return an agreement about a region within the scope.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(ExchangeAgreement, agreement_id)
    if found is None or not _holds(scope, found.region):
        raise NotFound
    return found


def listed(scope: Scope, *, cursor: str | None, limit: int) -> Page:
    """Return a page of the agreements about regions within the scope, the latest first."""
    statement = select(ExchangeAgreement).join(ExchangeAgreement.region)
    if not scope.everywhere:
        roots = [beneath(Region.path, root) for root in scope.region_paths]
        statement = statement.where(or_(false(), *roots))
    order = [ExchangeAgreement.concluded_at, ExchangeAgreement.id]
    return page(statement, order, cursor=cursor, limit=limit, descending=True)


def standing(agreement_id: UUID, *, on: date) -> ExchangeAgreement:
    """Return an agreement that counts on the day.

    Raises:
        AgreementOver: it does not, or there is none.
    """
    found = db.session.get(ExchangeAgreement, agreement_id)
    if found is None or not terms.stands(
        found.valid_from, found.valid_until, found.ended_on, on=on
    ):
        raise AgreementOver
    return found


def _region(region_id: UUID, scope: Scope) -> Region:
    found = regions.get(region_id)
    if not _holds(scope, found):
        raise NotFound
    return found


def _holds(scope: Scope, region: Region) -> bool:
    return scope.holds(organisation_path=None, region_path=region.path)


def _note(
    action: str,
    of: ExchangeAgreement,
    after: dict[str, object],
    *,
    by: Identity,
    at: datetime,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="exchange_agreement",
        subject_id=of.id,
        after=after,
        region_path=of.region.path,
    )
