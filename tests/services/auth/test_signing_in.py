"""The right password signs in; nobody else's guesses stand in its way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select, update

from server.audit.models import AuditEntry
from server.auth import limits
from server.auth.errors import (
    FirstPasswordExpired,
    NewPasswordNotAsked,
    PasswordMustBeChanged,
    TooManyTries,
    WrongCredentials,
)
from server.auth.models import Account, Ending, SignedInDevice, SignInTally
from server.auth.password_rules import ABOUT_ONESELF, COMMON, THE_SAME
from server.auth.services import signing_in, tallies
from server.auth.services.devices import Admission
from server.auth.sweeping import SWEEP
from server.clock import civil_day
from server.db import db, transaction
from server.errors import Invalid
from server.policy import Identity, Role
from tests.databases import count_statements
from tests.factories.auth import ELSEWHERE, HOME, PASSWORD, a_grant, an_account, an_arrival
from tests.moments import NOON

MONTH = timedelta(days=30)
NEW = "three herons at dusk"
PHONE, OTHER_PHONE = UUID(int=71), UUID(int=72)

pytestmark = pytest.mark.usefixtures("inside")


def sign_in(
    typed: str = "wang",
    password: str = PASSWORD,
    *,
    new_password: str | None = None,
    device_id: UUID = PHONE,
    address: str = HOME,
    at: datetime = NOON,
) -> Admission:
    """Sign in as the view does."""
    arrival = an_arrival(device_id, address)
    with transaction():
        knock = signing_in.knock(typed, arrival=arrival, at=at, on=civil_day(at))
    proof = signing_in.prove(knock, password, new_password=new_password, at=at)
    with transaction():
        return signing_in.admit(proof, arrival, at=at, lifetime=MONTH)


def guess(
    times: int,
    typed: str = "wang",
    *,
    address: str = ELSEWHERE,
    device_id: UUID | None = None,
    at: datetime = NOON,
) -> None:
    """Count wrong guesses, without computing a digest for each of them."""
    for _ in range(times):
        arrival = an_arrival(device_id, address)
        with transaction():
            signing_in.knock(typed, arrival=arrival, at=at, on=civil_day(at))


def account(**values: object) -> Account:
    """Commit an account."""
    with transaction():
        return an_account(**values)  # type: ignore[arg-type]  # of any kind, by keyword


def devices_of(account_id: UUID) -> list[SignedInDevice]:
    """The devices of an account in the order they signed in."""
    statement = select(SignedInDevice).where(SignedInDevice.account_id == account_id)
    return list(db.session.execute(statement.order_by(SignedInDevice.signed_in_at)).scalars())


@pytest.mark.parametrize("typed", ["wang", " WANG ", "ｗａｎｇ", "139 8765 4321", "+8613987654321"])
def test_the_right_password_signs_in_by_name_or_telephone_number(typed: str):
    who = account(phone="13987654321")

    admission = sign_in(typed)

    assert (admission.account_id, admission.person_id) == (who.id, who.person_id)
    (device,) = devices_of(who.id)
    assert (device.id, device.device_id, device.place) == (admission.sid, PHONE, HOME)
    assert device.expires_at == NOON + MONTH
    assert admission.refresh_token not in (device.token_digest, device.family_key)


def test_signing_in_is_written_into_the_audit():
    who = account()
    admission = sign_in()

    entry = db.session.execute(select(AuditEntry)).scalar_one()

    assert (entry.action, entry.subject_id, entry.account_id) == ("signed_in", who.id, who.id)
    assert entry.address == HOME
    assert entry.after == {"device": "a phone", "sid": str(admission.sid)}


@pytest.mark.parametrize(
    ("typed", "password"),
    [("wang", "kestrel over the Quarry"), ("wang", ""), ("li", PASSWORD), ("", PASSWORD)],
)
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(typed: str, password: str):
    account()

    with pytest.raises(WrongCredentials) as refused:
        sign_in(typed, password)

    assert refused.value.facts == {}


def test_whether_there_is_an_account_costs_the_same_statements():
    account()
    arrival = an_arrival()

    def asked(typed: str) -> list[str]:
        with count_statements(db.engine) as sent, transaction():
            signing_in.knock(typed, arrival=arrival, at=NOON, on=civil_day(NOON))
        return list(sent)

    assert asked("wang") == asked("nobody")


def test_a_closed_account_signs_in_no_more_and_says_so_to_nobody():
    who = account()
    with transaction():
        db.session.execute(update(Account).where(Account.id == who.id).values(closed_at=NOON))

    with pytest.raises(WrongCredentials):
        sign_in()


def test_an_account_closed_while_the_password_was_proven_is_not_admitted():
    who = account()
    arrival = an_arrival()
    with transaction():
        knock = signing_in.knock("wang", arrival=arrival, at=NOON, on=civil_day(NOON))
    proof = signing_in.prove(knock, PASSWORD, new_password=None, at=NOON)
    with transaction():
        db.session.execute(update(Account).where(Account.id == who.id).values(closed_at=NOON))

    with pytest.raises(WrongCredentials), transaction():
        signing_in.admit(proof, arrival, at=NOON, lifetime=MONTH)


def test_the_same_device_signing_in_again_ends_its_earlier_sign_in_only():
    who = account()
    sign_in(device_id=PHONE)
    sign_in(device_id=OTHER_PHONE, at=NOON + timedelta(minutes=1))
    sign_in(device_id=PHONE, at=NOON + timedelta(minutes=2))

    assert [device.ended_because for device in devices_of(who.id)] == [
        Ending.SIGNED_IN_AGAIN,
        None,
        None,
    ]


def test_guessing_is_slowed_down_more_and_more():
    account()
    guess(limits.FREE_TRIES)

    with pytest.raises(TooManyTries) as refused:
        guess(1)
    assert refused.value.retry_after == limits.FIRST_WAIT.total_seconds()

    later = NOON + limits.FIRST_WAIT
    guess(1, at=later)
    with pytest.raises(TooManyTries) as refused:
        guess(1, at=later)
    assert refused.value.retry_after == 2 * limits.FIRST_WAIT.total_seconds()


def test_while_one_waits_nothing_is_counted_so_that_the_wait_ends():
    account()
    guess(limits.FREE_TRIES)

    for _ in range(20):
        with pytest.raises(TooManyTries):
            guess(1)

    guess(1, at=NOON + limits.FIRST_WAIT)


def test_names_nobody_has_are_slowed_down_like_others():
    guess(limits.FREE_TRIES, "nobody")

    with pytest.raises(TooManyTries):
        guess(1, "nobody")


def test_guesses_from_elsewhere_never_keep_a_candidate_out():
    account()
    for address in range(30):
        guess(limits.FREE_TRIES, address=f"198.51.100.{address}")

    assert sign_in(address=HOME)


def test_guesses_from_the_same_address_keep_nobody_out_who_signed_in_there_on_their_device():
    account()
    sign_in(device_id=PHONE, address=HOME)
    guess(limits.FREE_TRIES, address=HOME)
    with pytest.raises(TooManyTries):
        guess(1, address=HOME)

    assert sign_in(device_id=PHONE, address=HOME)
    assert sign_in(device_id=PHONE, address=ELSEWHERE)


@pytest.mark.parametrize(("device_id", "address"), [(PHONE, ELSEWHERE), (OTHER_PHONE, HOME)])
def test_an_address_full_of_guessing_keeps_out_strangers_but_not_who_was_known_there(
    device_id: UUID, address: str
):
    account()
    sign_in(device_id=PHONE, address=HOME)
    key = limits.key_of_address(address)
    with transaction():
        tally = limits.Tally(count=limits.ADDRESS_TRIES - 1, began_at=NOON, last_at=NOON)
        tallies.locked(key, at=NOON)
        tallies.count(key, tally, at=NOON)

    with pytest.raises(TooManyTries):
        guess(1, "somebody.else", address=address)
    assert sign_in(device_id=device_id, address=address)


def test_a_class_behind_one_address_signs_in_without_waiting():
    for number in range(30):
        account(sign_in_name=f"candidate{number}")
    for number in range(30):
        guess(1, f"candidate{number}", address=HOME)
        sign_in(f"candidate{number}", device_id=uuid4(), address=HOME)

    count = db.session.execute(
        select(SignInTally.tries).where(SignInTally.key == limits.key_of_address(HOME))
    ).scalar_one()
    assert count == 30


def test_the_right_password_takes_its_count_back():
    account()
    guess(limits.FREE_TRIES - 1, address=HOME, device_id=PHONE)
    sign_in(device_id=PHONE)
    guess(limits.FREE_TRIES - 1, address=HOME, device_id=PHONE)

    assert sign_in(device_id=PHONE)


def test_tallies_that_say_nothing_any_more_are_swept():
    guess(1, "old", at=NOON - timedelta(days=2), address=HOME)
    guess(1, "new", at=NOON, address=ELSEWHERE)

    assert SWEEP.run(NOON) == 2
    assert db.session.execute(select(func.count()).select_from(SignInTally)).scalar_one() == 2


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


def test_guesses_at_the_same_moment_are_all_counted(inside: Flask):
    account()

    def one(_: int) -> bool:
        try:
            with inside.app_context():
                guess(1)
        except TooManyTries:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        admitted = sum(pool.map(one, range(24)))

    assert admitted == limits.FREE_TRIES


def test_signing_in_costs_a_known_number_of_statements():
    account()
    sign_in()

    with count_statements(db.engine) as sent:
        sign_in()

    assert len(sent) == 17
