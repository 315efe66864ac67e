"""Granting roles, and taking them back (授权服务)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_, select

from server.audit import services as audit
from server.auth import granting
from server.auth.errors import (
    AccountClosed,
    GrantBeyondOwn,
    GrantSpanEmpty,
    GrantTaken,
    GrantToOneself,
)
from server.auth.models import Account, RoleGrant
from server.auth.services import accounts
from server.auth.services.identities import scope_of
from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.paging import Page, narrowed, page
from server.policy import Grant, Identity, Role
from server.regions import services as regions
from server.scopes import Scope


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is granted: a role, in a subtree or everywhere, from a day until another."""

    role: Role
    #: The organisation whose subtree it holds in.
    organisation_id: UUID | None = None
    #: The region whose subtree it holds in; with neither, it holds everywhere.
    region_id: UUID | None = None
    from_on: date
    #: Not included; None while it is open.
    until_on: date | None = None


def listed(
    account_id: UUID,
    *,
    scope: Scope,
    on: date,
    role: Role | None = None,
    in_force: bool | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of all grants of an account, past ones as well, the oldest first.

    Args:
        account_id: of which account.
        scope: within which it must lie.
        on: the day that `in_force` is about.
        role: only of this role.
        in_force: only what holds on the day, or only what does not.
        cursor: where the page begins.
        limit: grants on the page.

    Raises:
        NotFound: there is no such account within the scope.
    """
    accounts.get(account_id, scope=scope)
    statement = select(RoleGrant).where(RoleGrant.account_id == account_id)
    statement = narrowed(statement, {RoleGrant.role: role})
    if in_force is not None:
        statement = statement.where(_holds(on) if in_force else not_(_holds(on)))
    return page(statement, [RoleGrant.granted_at, RoleGrant.id], cursor=cursor, limit=limit)


def of(account_id: UUID, *, on: date) -> list[RoleGrant]:
    """Return the grants of an account that hold on a day."""
    statement = select(RoleGrant).where(RoleGrant.account_id == account_id, _holds(on))
    return list(db.session.execute(statement).scalars())


def _holds(on: date) -> ColumnElement[bool]:
    """Return the condition that a grant holds on a day."""
    return and_(
        RoleGrant.revoked_at.is_(None),
        RoleGrant.from_on <= on,
        or_(RoleGrant.until_on.is_(None), RoleGrant.until_on > on),
    )


def holders_everywhere(role: Role, *, on: date) -> list[UUID]:
    """Return the people who hold a role everywhere on a day, such as who runs the platform."""
    statement = (
        select(Account.person_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == role,
            RoleGrant.organisation_id.is_(None),
            RoleGrant.region_id.is_(None),
            RoleGrant.revoked_at.is_(None),
            RoleGrant.from_on <= on,
            or_(RoleGrant.until_on.is_(None), RoleGrant.until_on > on),
            Account.closed_at.is_(None),
        )
        .distinct()
        .order_by(Account.person_id)
    )
    return list(db.session.execute(statement).scalars())


def refuse_power_beyond(account_id: UUID, *, by: Identity | None, on: date) -> None:
    """Refuse to take over, or close, an account that has roles beyond one's own.

    Whoever could replace the password of a mightier account would hold its roles.

    Raises:
        GrantBeyondOwn: the account holds a role beyond where the asker manages accounts.
    """
    if by is None:
        return
    for held in of(account_id, on=on):
        grant = Grant(role=held.role, scope=scope_of(*_paths(_draft_of(held))))
        if granting.judge(grant, to=account_id, by=by) is granting.Verdict.OUTSIDE:
            raise GrantBeyondOwn


def grant(
    grant_id: UUID, account_id: UUID, draft: Draft, *, by: Identity | None, at: datetime
) -> RoleGrant:
    """Grant a role to an account under the id given; repeating it changes nothing.

    Args:
        grant_id: made by the client.
        account_id: who is granted it.
        draft: the role, the place, the days.
        by: who grants; None for the operator at the console, who may grant anything.
        at: the moment.

    Raises:
        NotFound: the account or the place does not exist, or lies outside the asker's scope.
        AccountClosed: the account does nothing any more.
        GrantSpanEmpty: the grant would end before it begins.
        GrantToOneself: the account is the asker's own.
        GrantTaken: another grant stands under this id, or this one was taken back.
    """
    scope = accounts.managed_by(by)
    account = accounts.get(account_id, scope=scope)
    paths = _paths(draft)
    _judge(draft.role, scope_of(*paths), account, by)
    known = db.session.get(RoleGrant, grant_id)
    if known is not None:
        return _repeated(known, account_id, draft)
    if account.closed_at is not None:
        raise AccountClosed
    if draft.until_on is not None and draft.until_on <= draft.from_on:
        raise GrantSpanEmpty
    made = _stored(grant_id, account, draft, by=by, at=at)
    audit.append(
        "role_granted",
        by=by,
        at=at,
        subject_kind="account",
        subject_id=account_id,
        after={"grant_id": grant_id, **_told(made)},
        organisation_path=paths[0],
        region_path=paths[1],
    )
    return made


def revoke(
    grant_id: UUID, account_id: UUID, *, reason: str, by: Identity | None, at: datetime
) -> RoleGrant:
    """Take a role back from the moment `at`; repeating it changes nothing.

    Raises:
        NotFound: there is no such grant, or its account lies outside the asker's scope.
        GrantToOneself: the account is the asker's own.
    """
    account = accounts.get(account_id, scope=accounts.managed_by(by))
    found = db.session.get(RoleGrant, grant_id)
    if found is None or found.account_id != account_id:
        raise NotFound
    paths = _paths(_draft_of(found))
    _judge(found.role, scope_of(*paths), account, by)
    if found.revoked_at is not None:
        return found
    found.revoked_at = at
    found.revoked_by_id = by.account_id if by else None
    found.revoked_because = reason
    db.session.flush()
    audit.append(
        "role_revoked",
        by=by,
        at=at,
        subject_kind="account",
        subject_id=account_id,
        before={"grant_id": grant_id, **_told(found)},
        reason=reason,
        organisation_path=paths[0],
        region_path=paths[1],
    )
    return found


def _stored(
    grant_id: UUID, account: Account, draft: Draft, *, by: Identity | None, at: datetime
) -> RoleGrant:
    made = RoleGrant(
        id=grant_id,
        account_id=account.id,
        role=draft.role,
        organisation_id=draft.organisation_id,
        region_id=draft.region_id,
        from_on=draft.from_on,
        until_on=draft.until_on,
        granted_by_id=by.account_id if by else None,
        granted_at=at,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _repeated(known: RoleGrant, account_id: UUID, draft: Draft) -> RoleGrant:
    same = known.account_id == account_id and _draft_of(known) == draft
    if not same or known.revoked_at is not None:
        raise GrantTaken
    return known


def _judge(role: Role, scope: Scope, account: Account, by: Identity | None) -> None:
    if by is None:
        return
    verdict = granting.judge(Grant(role=role, scope=scope), to=account.person_id, by=by)
    if verdict is granting.Verdict.OUTSIDE:
        raise NotFound
    if verdict is granting.Verdict.OWN:
        raise GrantToOneself


def _paths(draft: Draft) -> tuple[str | None, str | None]:
    if draft.organisation_id is not None:
        return organisations.get(draft.organisation_id).path, None
    if draft.region_id is not None:
        return None, regions.get(draft.region_id).path
    return None, None


def _draft_of(grant: RoleGrant) -> Draft:
    return Draft(
        role=grant.role,
        organisation_id=grant.organisation_id,
        region_id=grant.region_id,
        from_on=grant.from_on,
        until_on=grant.until_on,
    )


def _told(grant: RoleGrant) -> dict[str, object]:
    return {
        "role": grant.role,
        "organisation_id": grant.organisation_id,
        "region_id": grant.region_id,
        "from_on": grant.from_on,
        "until_on": grant.until_on,
    }
