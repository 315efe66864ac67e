"""Who stands behind an access token, at this moment (身份识别).

Every guarded request asks, so the answer is kept for a few seconds: signing a device out, closing
an account or taking back a role is felt within `FRESH_FOR` in every process. Where the database
does not answer, nobody is let in on old knowledge: the failure reaches the caller.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, func, or_, select

from server.auth.models import Account, RoleGrant, SignedInDevice
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person
from server.policy import Grant, Identity
from server.regions.models import Region
from server.scopes import EVERYWHERE, Scope

#: How long an answer is kept. The promise is five seconds; the rest is for the request itself.
FRESH_FOR = timedelta(seconds=4)

#: Answers kept at most, in each process; some hundred bytes each.
MOST_KEPT = 50_000

_at = bindparam("at", type_=SignedInDevice.expires_at.type)

#: One statement, built once: the guard stands before everything else.
_STATEMENT = (
    select(
        func.coalesce(Person.merged_into_id, Account.person_id).label("person_id"),
        RoleGrant.role,
        RoleGrant.organisation_id,
        RoleGrant.region_id,
        Organisation.path.label("organisation_path"),
        Region.path.label("region_path"),
    )
    .select_from(SignedInDevice)
    .join(Account, Account.id == SignedInDevice.account_id)
    .join(Person, Person.id == Account.person_id)
    .outerjoin(
        RoleGrant,
        and_(
            RoleGrant.account_id == Account.id,
            RoleGrant.revoked_at.is_(None),
            RoleGrant.from_on <= bindparam("on"),
            or_(RoleGrant.until_on.is_(None), RoleGrant.until_on > bindparam("on")),
        ),
    )
    .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
    .outerjoin(Region, Region.id == RoleGrant.region_id)
    .where(
        SignedInDevice.id == bindparam("sid"),
        SignedInDevice.account_id == bindparam("account_id"),
        SignedInDevice.ended_at.is_(None),
        SignedInDevice.expires_at > _at,
        Account.closed_at.is_(None),
    )
    .order_by(RoleGrant.granted_at, RoleGrant.id)
)


@dataclass(frozen=True, slots=True)
class _Answer:
    identity: Identity | None
    #: The moment before the database was asked: what was committed by then is in the answer.
    asked_at: datetime


_answers: dict[tuple[UUID, UUID], _Answer] = {}


def find(account_id: UUID, sid: UUID, *, at: datetime, on: date) -> Identity | None:
    """Return who is signed in, with the grants that hold now; None where nobody is any more.

    Whose entry was merged acts as the one that goes on.

    Args:
        account_id: the account that the token names.
        sid: the device that the token names.
        at: the moment of asking.
        on: its day in Asia/Shanghai, by which grants begin and end.
    """
    known = _answers.get((account_id, sid))
    if known is not None and timedelta(0) <= at - known.asked_at < FRESH_FOR:
        return known.identity
    identity = _load(account_id, sid, at=at, on=on)
    _keep(account_id, sid, _Answer(identity, at))
    return identity


def forget() -> None:
    """Keep no answers: for tests, and for whoever cannot wait."""
    _answers.clear()


def scope_of(organisation_path: str | None, region_path: str | None) -> Scope:
    """Return where a grant holds: beneath one of the paths, or everywhere."""
    if organisation_path is not None:
        return Scope(organisation_paths=(organisation_path,))
    return EVERYWHERE if region_path is None else Scope(region_paths=(region_path,))


def _load(account_id: UUID, sid: UUID, *, at: datetime, on: date) -> Identity | None:
    # A connection of its own: the session of the request must not have read anything before its
    # transaction begins.
    with db.engine.connect() as connection:
        values = {"account_id": account_id, "sid": sid, "at": at, "on": on}
        rows = connection.execute(_STATEMENT, values).all()
    if not rows:
        return None
    return Identity(account_id=account_id, person_id=rows[0].person_id, grants=tuple(_grants(rows)))


def _grants(rows: Iterable[Row[*tuple[Any, ...]]]) -> Iterable[Grant]:
    for row in rows:
        if row.role is not None:
            scope = scope_of(row.organisation_path, row.region_path)
            yield Grant(role=row.role, scope=scope)


def _keep(account_id: UUID, sid: UUID, answer: _Answer) -> None:
    if len(_answers) >= MOST_KEPT:
        _answers.clear()
    _answers[account_id, sid] = answer
