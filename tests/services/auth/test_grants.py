"""Roles are granted where one manages accounts, to others, and taken back there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from server.audit.models import AuditEntry
from server.auth.errors import (
    GrantBeyondOwn,
    GrantSpanEmpty,
    GrantTaken,
    GrantToOneself,
)
from server.auth.models import Account, RoleGrant
from server.auth.services import grants
from server.auth.services.accounts import FirstPassword
from server.auth.services.grants import Draft
from server.days import civil_day
from server.db import db
from server.errors import NotFound
from server.organisations.models import Organisation
from server.policy import Identity, Role
from server.scopes import EVERYWHERE, Scope
from tests.factories.auth import (
    a_grant,
    a_region,
    an_account,
    an_organisation,
    somebody,
)
from tests.moments import NOON

TODAY = civil_day(NOON)
FIRST = FirstPassword(text="k7mp-x2qd-9hwt", digest="a digest")

pytestmark = pytest.mark.usefixtures("inside")


def beneath(organisation: Organisation) -> Scope:
    """The subtree of an organisation."""
    return Scope(organisation_paths=(organisation.path,))


def an_administrator(scope: Scope = EVERYWHERE, *more: tuple[Role, Scope]) -> Identity:
    """Somebody who manages accounts there."""
    return somebody((Role.ADMINISTRATOR, scope), *more)


def grant(
    account: Account,
    role: Role,
    *,
    by: Identity | None,
    grant_id: UUID | None = None,
    **changes: Any,
) -> RoleGrant:
    """Grant a role from today on."""
    draft = Draft(role=role, **{"from_on": TODAY, **changes})
    return grants.grant(grant_id or uuid4(), account.id, draft, by=by, at=NOON)


def test_a_role_is_granted_by_who_holds_it_there_and_said_in_the_audit():
    organisation = an_organisation()
    account = an_account(organisation)
    by = an_administrator(beneath(organisation), (Role.EXAMINER, beneath(organisation)))

    made = grant(account, Role.EXAMINER, by=by, organisation_id=organisation.id)
    db.session.commit()

    assert made.granted_by_id == by.account_id
    entry = db.session.execute(select(AuditEntry)).scalar_one()
    assert (entry.action, entry.subject_id) == ("role_granted", account.id)
    assert entry.organisation_path == organisation.path
    assert entry.after is not None
    assert entry.after["role"] == "examiner"


def test_nobody_grants_to_themselves_or_takes_back_their_own():
    organisation = an_organisation()
    account = an_account(organisation)
    by = replace(an_administrator(beneath(organisation)), person_id=account.person_id)
    held = a_grant(account, Role.EXAMINER, organisation=organisation)

    with pytest.raises(GrantToOneself):
        grant(account, Role.ISSUER, by=by, organisation_id=organisation.id)
    with pytest.raises(GrantToOneself):
        grants.revoke(held.id, account.id, reason="x", by=by, at=NOON)


def test_nobody_takes_over_an_account_with_roles_beyond_their_scope():
    organisation = an_organisation()
    account = an_account(organisation)
    by = an_administrator(beneath(organisation))
    a_grant(account, Role.EXAMINER, organisation=organisation)
    grants.refuse_power_beyond(account.id, by=by, on=TODAY)

    a_grant(account, Role.EXAMINER, organisation=an_organisation())

    with pytest.raises(GrantBeyondOwn):
        grants.refuse_power_beyond(account.id, by=by, on=TODAY)
    grants.refuse_power_beyond(account.id, by=None, on=TODAY)


def test_nobody_grants_outside_of_their_own_scope():
    organisation, region = an_organisation(), a_region()
    account = an_account(organisation)
    by = an_administrator(beneath(organisation))

    for place in (
        {},
        {"region_id": region.id},
        {"organisation_id": an_organisation().id},
        {"organisation_id": uuid4()},
    ):
        with pytest.raises(NotFound):
            grant(account, Role.WORKER, by=by, **place)
    with pytest.raises(NotFound):
        grant(an_account(sign_in_name="other"), Role.WORKER, by=by)


def test_an_administrator_of_a_region_grants_within_it():
    province = a_region()
    city = a_region(province)
    account = an_account(an_organisation(city))
    by = an_administrator(Scope(region_paths=(province.path,)))

    made = grant(account, Role.ADMINISTRATOR, by=by, region_id=city.id)

    assert made.region_id == city.id
    grants.refuse_power_beyond(account.id, by=by, on=TODAY)


def test_granting_the_same_again_changes_nothing_and_another_under_its_id_is_refused():
    account = an_account()
    made = grant(account, Role.EXAMINER, by=None)

    assert grant(account, Role.EXAMINER, by=None, grant_id=made.id) is made
    with pytest.raises(GrantTaken):
        grant(account, Role.AUDITOR, by=None, grant_id=made.id)
    grants.revoke(made.id, account.id, reason="moved", by=None, at=NOON)
    with pytest.raises(GrantTaken):
        grant(account, Role.EXAMINER, by=None, grant_id=made.id)


@pytest.mark.parametrize("days", [0, -1])
def test_a_grant_ends_after_it_begins(days: int):
    with pytest.raises(GrantSpanEmpty):
        grant(an_account(), Role.WORKER, by=None, until_on=TODAY + timedelta(days=days))


def test_a_role_taken_back_is_listed_and_holds_no_more():
    account, by = an_account(), somebody((Role.ADMINISTRATOR, EVERYWHERE))
    kept = grant(account, Role.WORKER, by=by)
    taken = grant(account, Role.ADMINISTRATOR, by=by)

    for reason in ("left", "again"):
        grants.revoke(taken.id, account.id, reason=reason, by=by, at=NOON)

    assert (taken.revoked_at, taken.revoked_because) == (NOON, "left")
    assert taken.revoked_by_id == by.account_id
    assert grants.of(account.id, on=TODAY) == [kept]
    page = grants.listed(account.id, scope=EVERYWHERE, on=TODAY, cursor=None, limit=9)
    assert set(page.items) == {kept, taken}


def test_a_grant_is_taken_back_from_its_own_account_only():
    account, other = an_account(), an_account(sign_in_name="other")
    made = grant(account, Role.WORKER, by=None)

    for grant_id, account_id in ((made.id, other.id), (uuid4(), account.id)):
        with pytest.raises(NotFound):
            grants.revoke(grant_id, account_id, reason="x", by=None, at=NOON)
