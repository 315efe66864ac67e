"""Accounts and the roles they were granted (账户与授权接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock, days
from server.access import identity, requires
from server.audit.errors import NumberNotMasked
from server.audit.schemas import WhyIn
from server.auth.errors import (
    AccountClosed,
    GrantBeyondOwn,
    GrantSpanEmpty,
    GrantTaken,
    GrantToOneself,
    PersonHasAccount,
    SignInNameTaken,
)
from server.auth.models import Account, RoleGrant
from server.auth.schemas import (
    AccountIn,
    AccountOut,
    AccountQuery,
    FirstPasswordOut,
    GrantIn,
    GrantOut,
    GrantQuery,
    ReasonIn,
)
from server.auth.services import accounts, grants
from server.auth.services.grants import Draft
from server.db import transaction
from server.errors import IdTaken, Unavailable
from server.http import Part
from server.paging import Page
from server.policy import Permission

views = Part("accounts", "Accounts, and the roles they were granted 账户与授权")


@views.route("/accounts")
@requires(Permission.MANAGE_ACCOUNTS)
@views.arguments(AccountQuery, location="query")
@views.page(AccountOut)
def list_accounts(query: dict[str, Any]) -> Page:
    """List the accounts one manages, by sign-in name."""
    return accounts.listed(accounts.managed_by(identity()), on=clock.today(), **query)


@views.route("/accounts/<uuid:account_id>")
@requires(Permission.MANAGE_ACCOUNTS)
@views.response(200, AccountOut)
def show_account(account_id: UUID) -> Account:
    """Show an account."""
    return accounts.get(account_id, scope=accounts.managed_by(identity()))


@views.route("/accounts/<uuid:account_id>", methods=["PUT"])
@requires(Permission.MANAGE_ACCOUNTS)
@views.arguments(AccountIn)
@views.response(200, FirstPasswordOut)
@views.refuses(PersonHasAccount, SignInNameTaken, IdTaken, Unavailable)
def create_account(body: dict[str, Any], account_id: UUID) -> dict[str, Any]:
    """Create an account for a person. Its one-time password is shown this once."""
    by, first = identity(), accounts.fresh_password()
    with transaction():
        account, made = accounts.create(account_id, **body, first=first, by=by, at=clock.now())
    return {"account": account, "first_password": first.text if made else None}


@views.route("/accounts/<uuid:account_id>/first-password", methods=["PUT"])
@requires(Permission.MANAGE_ACCOUNTS)
@views.arguments(WhyIn, required=False)
@views.response(200, FirstPasswordOut)
@views.refuses(AccountClosed, GrantBeyondOwn, NumberNotMasked, Unavailable)
def give_first_password(body: dict[str, Any], account_id: UUID) -> dict[str, Any]:
    """Replace a forgotten password by a one-time one. The account is signed out everywhere."""
    by, first, at = identity(), accounts.fresh_password(), clock.now()
    with transaction():
        grants.refuse_power_beyond(account_id, by=by, on=days.civil_day(at))
        account = accounts.give_first_password(account_id, first, **body, by=by, at=at)
    return {"account": account, "first_password": first.text}


@views.route("/accounts/<uuid:account_id>/closure", methods=["PUT"])
@requires(Permission.MANAGE_ACCOUNTS)
@views.arguments(ReasonIn)
@views.response(200, AccountOut)
@views.refuses(GrantBeyondOwn)
def close_account(body: dict[str, Any], account_id: UUID) -> Account:
    """Close an account. Its devices are signed out within five seconds."""
    by, at = identity(), clock.now()
    with transaction():
        grants.refuse_power_beyond(account_id, by=by, on=days.civil_day(at))
        return accounts.close(account_id, reason=body["reason"], by=by, at=at)


@views.route("/accounts/<uuid:account_id>/grants")
@requires(Permission.MANAGE_ACCOUNTS)
@views.arguments(GrantQuery, location="query")
@views.page(GrantOut)
def list_grants(query: dict[str, Any], account_id: UUID) -> Page:
    """List all that an account was ever granted, the oldest first."""
    scope, on = accounts.managed_by(identity()), days.civil_day(clock.now())
    return grants.listed(account_id, scope=scope, on=on, **query)


@views.route("/accounts/<uuid:account_id>/grants/<uuid:grant_id>", methods=["PUT"])
@requires(Permission.MANAGE_ACCOUNTS)
@views.arguments(GrantIn)
@views.response(200, GrantOut)
@views.refuses(GrantToOneself, GrantSpanEmpty, GrantTaken, AccountClosed)
def grant_role(body: dict[str, Draft], account_id: UUID, grant_id: UUID) -> RoleGrant:
    """Grant a role to somebody else, where one manages accounts."""
    by = identity()
    with transaction():
        return grants.grant(grant_id, account_id, body["draft"], by=by, at=clock.now())


@views.route("/accounts/<uuid:account_id>/grants/<uuid:grant_id>/revocation", methods=["PUT"])
@requires(Permission.MANAGE_ACCOUNTS)
@views.arguments(ReasonIn)
@views.response(200, GrantOut)
@views.refuses(GrantToOneself)
def revoke_grant(body: dict[str, Any], account_id: UUID, grant_id: UUID) -> RoleGrant:
    """Take a role back. It stops counting within five seconds."""
    by = identity()
    with transaction():
        return grants.revoke(grant_id, account_id, reason=body["reason"], by=by, at=clock.now())
