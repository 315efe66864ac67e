"""Refresh tokens rotate; a stolen one ends the family, a lost reply does not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from server.audit.models import AuditEntry
from server.auth.errors import RefreshRefused, RefreshReused
from server.auth.models import Account, Ending, SignedInDevice
from server.auth.rotation import LEEWAY, Verdict
from server.auth.services import devices, identities
from server.auth.services.devices import Admission
from server.days import civil_day
from server.db import db, transaction
from server.errors import NotFound
from server.policy import Identity
from tests.factories.auth import an_account, an_arrival
from tests.moments import NOON

MONTH = timedelta(days=30)
SECOND = timedelta(seconds=1)
PHONE, THIEF = UUID(int=71), UUID(int=72)

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def admission(inside: Flask) -> Admission:
    """Somebody who signed in on a phone at NOON."""
    del inside
    with transaction():
        return devices.begin(an_account(), an_arrival(PHONE), at=NOON, lifetime=MONTH)


def refresh(text: str, *, device_id: UUID = PHONE, at: datetime = NOON) -> Admission:
    """Refresh as the view does."""
    with transaction():
        found = devices.refresh(text, device_id=device_id, at=at, lifetime=MONTH)
    return found.admitted()


def ending_of(admission: Admission) -> Ending | None:
    """Why the device is no longer signed in, None while it is."""
    statement = select(SignedInDevice.ended_because).where(SignedInDevice.id == admission.sid)
    with transaction():
        return db.session.execute(statement).scalar_one()


def owner_of(admission: Admission) -> Identity:
    """Who was admitted."""
    return Identity(account_id=admission.account_id, person_id=admission.person_id)


def test_every_refresh_gives_another_token_and_a_longer_time(admission: Admission):
    later = NOON + timedelta(days=29)

    second = refresh(admission.refresh_token, at=later)
    third = refresh(second.refresh_token, at=later + MONTH - SECOND)

    assert len({one.refresh_token for one in (admission, second, third)}) == 3
    assert {one.sid for one in (admission, second, third)} == {admission.sid}
    assert second.refresh_expires_at == later + MONTH


def test_a_refresh_token_ends_with_its_time(admission: Admission):
    with pytest.raises(RefreshRefused):
        refresh(admission.refresh_token, at=NOON + MONTH)


@pytest.mark.parametrize("after", [timedelta(0), 5 * SECOND, LEEWAY])
def test_a_refresh_repeated_after_a_lost_reply_gets_the_same_token(
    admission: Admission, after: timedelta
):
    lost = refresh(admission.refresh_token)

    again = refresh(admission.refresh_token, at=NOON + after)

    assert again.refresh_token == lost.refresh_token
    assert ending_of(admission) is None
    assert refresh(again.refresh_token, at=NOON + after).refresh_token != again.refresh_token


@pytest.mark.parametrize(
    ("device_id", "after"),
    [(PHONE, LEEWAY + SECOND), (THIEF, timedelta(0)), (PHONE, timedelta(days=3))],
)
def test_an_old_token_shown_late_or_elsewhere_ends_the_whole_family(
    admission: Admission, device_id: UUID, after: timedelta
):
    newest = refresh(admission.refresh_token)

    with pytest.raises(RefreshReused):
        refresh(admission.refresh_token, device_id=device_id, at=NOON + after)

    assert ending_of(admission) is Ending.REUSE
    with pytest.raises(RefreshRefused):
        refresh(newest.refresh_token, at=NOON + after)
    actions = db.session.execute(select(AuditEntry.action)).scalars().all()
    assert actions == ["refresh_token_reused"]


def test_a_thief_who_refreshes_first_is_found_out_when_the_owner_does(admission: Admission):
    stolen = admission.refresh_token
    with pytest.raises(RefreshReused):
        refresh(stolen, device_id=THIEF)

    assert ending_of(admission) is Ending.REUSE


def test_a_token_from_many_refreshes_ago_ends_the_family_too(admission: Admission):
    token = admission.refresh_token
    for _ in range(30):
        token = refresh(token).refresh_token

    with pytest.raises(RefreshReused):
        refresh(admission.refresh_token)


@pytest.mark.parametrize("text", ["", "rubbish", "A" * 70])
def test_a_forged_token_is_refused_and_harms_nobody(admission: Admission, text: str):
    with pytest.raises(RefreshRefused):
        refresh(text)
    forged = admission.refresh_token[:-8] + "AAAAAAAA"
    with pytest.raises(RefreshRefused):
        refresh(forged)

    assert ending_of(admission) is None
    assert refresh(admission.refresh_token)


def test_two_refreshes_at_the_same_moment_get_the_same_token(admission: Admission, inside: Flask):
    def one(_: int) -> str:
        with inside.app_context():
            return refresh(admission.refresh_token).refresh_token

    with ThreadPoolExecutor(4) as pool:
        given = set(pool.map(one, range(8)))

    assert len(given) == 1
    assert ending_of(admission) is None


def test_a_closed_account_refreshes_no_more(admission: Admission):
    with transaction():
        db.session.execute(update(Account).values(closed_at=NOON))

    with pytest.raises(RefreshRefused):
        refresh(admission.refresh_token)


def test_a_device_signed_out_refreshes_no_more_and_others_do(admission: Admission):
    with transaction():
        account = db.session.get_one(Account, admission.account_id)
        other = devices.begin(account, an_arrival(THIEF), at=NOON, lifetime=MONTH)
    for _ in range(2):
        with transaction():
            devices.sign_out(admission.sid, by=owner_of(admission), at=NOON)

    assert ending_of(admission) is Ending.SIGNED_OUT
    with pytest.raises(RefreshRefused):
        refresh(admission.refresh_token)
    assert refresh(other.refresh_token, device_id=THIEF)


@pytest.mark.parametrize("mine", [True, False])
def test_nobody_signs_out_the_device_of_another(admission: Admission, mine: bool):
    stranger = Identity(account_id=uuid4(), person_id=uuid4())
    sid = admission.sid if mine else uuid4()

    with pytest.raises(NotFound), transaction():
        devices.sign_out(sid, by=stranger, at=NOON)


def test_signing_out_everywhere_ends_every_device_and_lists_none(admission: Admission):
    by = owner_of(admission)
    assert len(devices.listed(by.account_id, at=NOON, cursor=None, limit=9).items) == 1

    with transaction():
        count = devices.sign_out_everywhere(by=by, at=NOON)

    assert count == 1
    assert devices.listed(by.account_id, at=NOON, cursor=None, limit=9).items == []


def test_what_was_given_to_a_client_is_not_in_the_database(admission: Admission):
    raw = {admission.refresh_token, admission.refresh_token.split("_")[-1]}
    with transaction():
        row = db.session.execute(select(SignedInDevice.__table__)).one()

    assert not raw & {str(value) for value in row}


def test_a_refresh_says_what_it_found(admission: Admission):
    with transaction():
        found = devices.refresh(admission.refresh_token, device_id=PHONE, at=NOON, lifetime=MONTH)

    assert found.verdict is Verdict.ROTATE
    assert admission.refresh_token not in repr(found)


def test_signing_out_is_felt_within_five_seconds_in_every_process(admission: Admission):
    def found(after: timedelta) -> Identity | None:
        at = NOON + after
        return identities.find(admission.account_id, admission.sid, at=at, on=civil_day(at))

    assert found(timedelta(0)) is not None
    # Another process: this one's knowledge is not told.
    with db.engine.begin() as elsewhere:
        elsewhere.execute(update(SignedInDevice).values(ended_at=NOON))

    assert found(identities.FRESH_FOR - SECOND) is not None
    assert found(identities.FRESH_FOR) is None
    assert timedelta(seconds=5) >= identities.FRESH_FOR
