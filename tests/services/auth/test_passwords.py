"""Passwords are replaced where they must be, and changed by who knows them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from server.auth import limits
from server.auth.errors import (
    FirstPasswordExpired,
    NewPasswordNotAsked,
    PasswordMustBeChanged,
    TooManyTries,
    WrongCredentials,
)
from server.auth.models import Account, Ending
from server.auth.password_rules import ABOUT_ONESELF, COMMON, THE_SAME
from server.auth.services import signing_in
from server.auth.services.devices import Admission
from server.days import civil_day
from server.db import db, transaction
from server.errors import Invalid
from server.policy import Identity, Role
from tests.factories.auth import HOME, PASSWORD, a_grant
from tests.factories.phones import OTHER_PHONE, PHONE
from tests.factories.signing_in import MONTH, NEW, account, devices_of, sign_in
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def test_a_one_time_password_must_be_replaced_and_then_signs_in_no_more():
    who = account(first_for=MONTH)

    with pytest.raises(PasswordMustBeChanged):
        sign_in()
    assert sign_in(new_password=NEW)

    with pytest.raises(WrongCredentials):
        sign_in()
    assert sign_in(password=NEW)
    with transaction():
        assert not db.session.get_one(Account, who.id).has_first_password


def test_a_one_time_password_ends():
    account(first_for=MONTH)

    with pytest.raises(FirstPasswordExpired):
        sign_in(new_password=NEW, at=NOON + MONTH)


def test_a_password_too_short_for_a_role_granted_since_must_be_replaced():
    who = account(checked_for=8)
    assert sign_in()
    with transaction():
        a_grant(who, Role.EXAMINER)

    with pytest.raises(PasswordMustBeChanged):
        sign_in()
    with pytest.raises(Invalid) as refused:
        sign_in(new_password="tR7#kfW2")
    assert "10" in refused.value.errors["new_password"][0].en
    assert sign_in(new_password=NEW)
    assert sign_in(password=NEW)


@pytest.mark.parametrize(
    ("new_password", "complaint"),
    [
        (PASSWORD, THE_SAME),
        ("password123", COMMON),
        ("13912345678x", ABOUT_ONESELF),
        ("王建国的口令很长很长", ABOUT_ONESELF),
    ],
)
def test_a_new_password_that_is_easily_guessed_is_refused(new_password: str, complaint: object):
    account(first_for=MONTH)

    with pytest.raises(Invalid) as refused:
        sign_in(new_password=new_password)

    assert complaint in refused.value.errors["new_password"]


def test_a_new_password_that_nobody_asked_for_is_refused():
    account()

    with pytest.raises(NewPasswordNotAsked):
        sign_in(new_password=NEW)


def test_a_digest_of_older_parameters_is_replaced_at_sign_in():
    who = account()
    old = PasswordHasher(time_cost=1, memory_cost=19_456, parallelism=1).hash(PASSWORD)
    with transaction():
        db.session.execute(update(Account).where(Account.id == who.id).values(password_digest=old))

    sign_in()

    with transaction():
        assert db.session.get_one(Account, who.id).password_digest != old
    assert sign_in()


def identity_of(admission: Admission) -> Identity:
    """Who was admitted."""
    return Identity(account_id=admission.account_id, person_id=admission.person_id, address=HOME)


def change_password(admission: Admission, old: str, new: str) -> None:
    """Change the password as the view does."""
    by = identity_of(admission)
    with transaction():
        knock = signing_in.knock_again(by, admission.sid, at=NOON, on=civil_day(NOON))
    proof = signing_in.prove_change(knock, old, new)
    with transaction():
        signing_in.change_password(proof, by=by, sid=admission.sid, at=NOON)


def test_a_changed_password_signs_out_all_other_devices():
    who = account()
    sign_in(device_id=OTHER_PHONE)
    here = sign_in(device_id=PHONE, at=NOON + timedelta(seconds=1))

    change_password(here, PASSWORD, NEW)

    assert [device.ended_because for device in devices_of(who.id)] == [
        Ending.PASSWORD_CHANGED,
        None,
    ]
    assert sign_in(password=NEW)
    with pytest.raises(WrongCredentials):
        sign_in()


def test_a_password_is_changed_only_by_who_knows_it_and_guessing_is_slow_there_too():
    account()
    here = sign_in()

    for _ in range(limits.FREE_TRIES):
        with pytest.raises(WrongCredentials):
            change_password(here, "wrong", NEW)
    with pytest.raises(TooManyTries):
        change_password(here, PASSWORD, NEW)
    assert sign_in()
