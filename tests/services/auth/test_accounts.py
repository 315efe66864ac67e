"""Accounts are made for people in one's scope."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from server.auth import hashing
from server.auth.errors import (
    AccountClosed,
    PersonHasAccount,
    SignInNameTaken,
)
from server.auth.models import Account, Ending, RoleGrant, SignedInDevice
from server.auth.services import accounts, devices, grants
from server.auth.services.accounts import FirstPassword
from server.auth.services.grants import Draft
from server.days import civil_day
from server.db import db
from server.errors import IdTaken, Invalid, NotFound
from server.organisations.models import Organisation
from server.policy import Identity, Role
from server.scopes import EVERYWHERE, Scope
from tests.factories.auth import (
    a_person,
    an_account,
    an_arrival,
    an_organisation,
    digest,
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


def create(account_id: UUID | None = None, **changes: Any) -> tuple[Account, bool]:
    """Create an account."""
    values: dict[str, Any] = {
        "sign_in_name": "Wang",
        "phone": None,
        "first": FIRST,
        "by": None,
        "at": NOON,
    }
    values.update(changes)
    person_id = values.pop("person_id", None) or a_person().id
    return accounts.create(account_id or uuid4(), person_id=person_id, **values)


def test_an_account_is_created_with_a_one_time_password_that_ends():
    person = a_person()

    account, made = create(person_id=person.id, phone="+86 139 1234 5678", by=None)

    assert made
    assert (account.sign_in_name, account.phone) == ("wang", "13912345678")
    assert account.has_first_password
    assert account.first_password_until == NOON + timedelta(days=30)
    assert accounts.find("139-1234-5678") is account
    assert accounts.find_of(person.id) is account
    assert accounts.find("nobody") is None


def test_a_fresh_password_is_another_each_time_and_its_digest_is_stored():
    first, second = accounts.fresh_password(), accounts.fresh_password()

    assert first.text != second.text
    assert hashing.matches(first.digest, first.text)
    assert first.text not in repr(first)


def test_creating_the_same_account_again_changes_nothing():
    account, _ = create()

    again, made = create(account.id, person_id=account.person_id)

    assert (again, made) == (account, False)


def test_an_id_a_person_and_a_name_stand_for_one_account_only():
    account, _ = create(phone="13912345678")

    with pytest.raises(IdTaken):
        create(account.id)
    with pytest.raises(PersonHasAccount):
        create(person_id=account.person_id, sign_in_name="other")
    with pytest.raises(SignInNameTaken):
        create()
    with pytest.raises(SignInNameTaken):
        create(sign_in_name="other", phone="13912345678")


def test_what_is_no_name_and_no_number_is_refused_field_by_field():
    with pytest.raises(Invalid) as refused:
        create(sign_in_name="13912345678", phone="hello")
    assert set(refused.value.errors) == {"sign_in_name", "phone"}
    with pytest.raises(Invalid) as refused:
        create(phone="12")
    assert set(refused.value.errors) == {"phone"}


def test_accounts_outside_of_ones_scope_are_not_found():
    mine, other = an_organisation(), an_organisation()
    below = an_organisation(parent=mine)
    by = an_administrator(beneath(mine))
    inside, _ = create(person_id=a_person(below).id, by=by)
    outside = an_account(other, sign_in_name="outside")

    assert accounts.get(inside.id, scope=accounts.managed_by(by)) is inside
    page = accounts.listed(accounts.managed_by(by), on=TODAY)
    assert page.items == [inside]
    assert accounts.listed(EVERYWHERE, on=TODAY, name="王建国").items == [outside, inside]
    assert accounts.listed(EVERYWHERE, on=TODAY, name="OUTSIDE").items == [outside]
    for refused in (
        lambda: accounts.get(outside.id, scope=accounts.managed_by(by)),
        lambda: create(person_id=a_person(other).id, by=by),
        lambda: accounts.close(outside.id, reason="x", by=by, at=NOON),
        lambda: accounts.give_first_password(outside.id, FIRST, by=by, at=NOON),
        lambda: grants.listed(
            outside.id, scope=accounts.managed_by(by), on=NOON.date(), cursor=None, limit=9
        ),
        lambda: accounts.get(uuid4()),
    ):
        with pytest.raises(NotFound):
            refused()


def test_a_closed_account_is_signed_out_everywhere_and_stays_closed():
    account = an_account()
    devices.begin(account, an_arrival(), at=NOON, lifetime=timedelta(days=1))

    accounts.close(account.id, reason="left", by=None, at=NOON)
    accounts.close(account.id, reason="again", by=None, at=NOON + timedelta(days=1))

    assert account.closed_at == NOON
    ended = db.session.execute(select(SignedInDevice.ended_because)).scalar_one()
    assert ended is Ending.ACCOUNT_CLOSED
    with pytest.raises(AccountClosed):
        accounts.give_first_password(account.id, FIRST, by=None, at=NOON)
    with pytest.raises(AccountClosed):
        grant(account, Role.WORKER, by=None)


def test_a_forgotten_password_is_replaced_by_a_one_time_one():
    account = an_account()
    devices.begin(account, an_arrival(), at=NOON, lifetime=timedelta(days=1))

    accounts.give_first_password(account.id, FIRST, by=None, at=NOON)

    assert account.has_first_password
    assert account.password_digest == "a digest" != digest()
    ended = db.session.execute(select(SignedInDevice.ended_because)).scalar_one()
    assert ended is Ending.PASSWORD_CHANGED


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
