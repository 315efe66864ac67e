"""Guessing is slowed down where it happens; nobody is kept out by the guesses of others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.auth import limits
from server.auth.errors import (
    TooManyTries,
)
from server.auth.models import SignInTally
from server.auth.services import tallies
from server.auth.sweeping import SWEEP
from server.db import db, transaction
from tests.factories.auth import ELSEWHERE, HOME
from tests.factories.phones import OTHER_PHONE, PHONE
from tests.factories.signing_in import account, guess, sign_in
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


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
