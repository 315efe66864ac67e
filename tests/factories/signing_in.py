"""Signing in and guessing, step by step as the view does it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from server.auth.models import Account, SignedInDevice
from server.auth.services import signing_in
from server.auth.services.devices import Admission
from server.days import civil_day
from server.db import db, transaction
from tests.factories.auth import ELSEWHERE, HOME, PASSWORD, an_account, an_arrival
from tests.factories.phones import PHONE
from tests.moments import NOON

MONTH = timedelta(days=30)
NEW = "three herons at dusk"


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
