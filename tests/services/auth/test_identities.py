"""Who stands behind a token is known at once, and never for long."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import OperationalError, ProgrammingError

from server.auth.models import Account, RoleGrant
from server.auth.services import devices, identities
from server.auth.services.devices import Admission
from server.days import civil_day
from server.db import db, transaction
from server.policy import Grant, Identity, Role
from server.scopes import EVERYWHERE, Scope
from tests.databases import count_statements
from tests.factories.auth import a_grant, a_region, an_account, an_arrival, an_organisation
from tests.moments import NOON

MONTH = timedelta(days=30)

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def admission(inside: Flask) -> Admission:
    """Somebody who signed in at NOON, and has no role yet."""
    del inside
    with transaction():
        return devices.begin(an_account(), an_arrival(), at=NOON, lifetime=MONTH)


def find(admission: Admission, after: timedelta = timedelta(0)) -> Identity | None:
    """Who it is, so long after NOON."""
    at = NOON + after
    return identities.find(admission.account_id, admission.sid, at=at, on=civil_day(at))


def account_of(admission: Admission) -> Account:
    """The account that was admitted."""
    return db.session.get_one(Account, admission.account_id)


def test_an_identity_has_the_grants_that_hold_today_where_they_hold(admission: Admission):
    with transaction():
        account = account_of(admission)
        organisation, region = an_organisation(), a_region()
        a_grant(account, Role.EXAMINER, organisation=organisation)
        a_grant(account, Role.AUDITOR, region=region)
        a_grant(account, Role.ANALYST)
        a_grant(account, Role.ISSUER, from_days=1)
        a_grant(account, Role.PLANNER, until_days=0)
        a_grant(account, Role.AUTHOR, until_days=1)
        a_grant(account, Role.REVIEWER).revoked_at = NOON

    found = find(admission)

    assert found is not None
    assert (found.account_id, found.person_id) == (admission.account_id, admission.person_id)
    assert set(found.grants) == {
        Grant(role=Role.EXAMINER, scope=Scope(organisation_paths=(organisation.path,))),
        Grant(role=Role.AUDITOR, scope=Scope(region_paths=(region.path,))),
        Grant(role=Role.ANALYST, scope=EVERYWHERE),
        Grant(role=Role.AUTHOR, scope=EVERYWHERE),
    }


def test_asking_costs_one_statement_and_asking_again_none(admission: Admission):
    with count_statements(db.engine) as cold:
        find(admission)
    with count_statements(db.engine) as warm:
        for _ in range(100):
            find(admission, timedelta(seconds=3))

    assert (len(cold), len(warm)) == (1, 0)


def test_asking_does_not_touch_the_session_of_the_request(admission: Admission):
    db.session.rollback()

    find(admission)

    assert not db.session().in_transaction()


@pytest.mark.parametrize("stranger", [True, False])
def test_a_token_for_another_account_or_device_is_nobodys(admission: Admission, stranger: bool):
    account_id = uuid4() if stranger else admission.account_id
    sid = admission.sid if stranger else uuid4()

    assert identities.find(account_id, sid, at=NOON, on=civil_day(NOON)) is None


def test_a_sign_in_ends_with_its_time(admission: Admission):
    assert find(admission, MONTH - timedelta(seconds=1)) is not None
    assert find(admission, MONTH + timedelta(seconds=5)) is None


def test_a_closed_account_and_a_role_taken_back_are_felt_within_five_seconds(admission: Admission):
    with transaction():
        a_grant(account_of(admission), Role.EXAMINER)
    before = find(admission)
    with transaction():
        db.session.execute(update(RoleGrant).values(revoked_at=NOON))
    without_role = find(admission, identities.FRESH_FOR)
    with transaction():
        db.session.execute(update(Account).values(closed_at=NOON))
    closed = find(admission, 2 * identities.FRESH_FOR)

    assert before is not None
    assert len(before.grants) == 1
    assert without_role is not None
    assert without_role.grants == ()
    assert closed is None


def test_a_clock_that_goes_backwards_keeps_no_old_knowledge(admission: Admission):
    find(admission, timedelta(hours=1))
    with count_statements(db.engine) as sent:
        find(admission)

    assert len(sent) == 1


def test_where_the_database_does_not_answer_nobody_is_let_in_on_old_knowledge(
    admission: Admission,
):
    assert find(admission) is not None
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE signed_in_device RENAME TO gone")
    try:
        with pytest.raises((OperationalError, ProgrammingError)):
            find(admission, identities.FRESH_FOR)
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE gone RENAME TO signed_in_device")


def test_answers_do_not_pile_up(admission: Admission, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(identities, "MOST_KEPT", 3)
    identities.forget()
    for _ in range(10):
        identities.find(uuid4(), uuid4(), at=NOON, on=civil_day(NOON))

    assert find(admission) is not None
    assert len(identities._answers) <= 3
