"""The right password signs in, and nothing else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from server.audit.models import AuditEntry
from server.auth.errors import (
    WrongCredentials,
)
from server.auth.models import Account, Ending
from server.auth.services import signing_in
from server.days import civil_day
from server.db import db, transaction
from tests.databases import count_statements
from tests.factories.auth import HOME, PASSWORD, an_arrival
from tests.factories.phones import OTHER_PHONE, PHONE
from tests.factories.signing_in import MONTH, account, devices_of, sign_in
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


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


def test_signing_in_costs_a_known_number_of_statements():
    account()
    sign_in()

    with count_statements(db.engine) as sent:
        sign_in()

    assert len(sent) == 17
