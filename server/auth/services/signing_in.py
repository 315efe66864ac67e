"""Signing in: counting the try, proving the password, admitting the device (登录).

Three steps, because a password takes long to prove and nobody may hold a transaction for so
long: `knock` counts the try before the password is looked at, so that parallel guesses are all
counted; `prove` computes, outside of any transaction; `admit` takes the count back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import exists, select

from server.audit import services as audit
from server.auth import granting, hashing, limits, names, password_rules
from server.auth.errors import (
    FirstPasswordExpired,
    NewPasswordNotAsked,
    PasswordMustBeChanged,
    TooManyTries,
    WrongCredentials,
)
from server.auth.models import Account, Ending, SignedInDevice
from server.auth.services import accounts, devices, grants, tallies
from server.auth.services.devices import Admission, Arrival
from server.db import db
from server.errors import Invalid
from server.policy import Identity, Role

#: Names that no account has are counted under ids made of them, like those of accounts.
_NOBODY = UUID("8f3e7a52-6c7d-4a3f-9d61-0b6f0f6f8b11")


@dataclass(frozen=True, kw_only=True)
class Knock:
    """A counted try: what must be proven, and what is taken back once it is."""

    #: None where there is no such account, or it was closed.
    account_id: UUID | None
    digest: str | None = field(repr=False)
    #: What is known of the person, for judging a new password.
    about: tuple[str, ...] = field(repr=False)
    #: Characters that a password of this account needs by its roles.
    shortest: int
    #: Whether the password must be replaced before anything else.
    must_change: bool
    first_password_until: datetime | None
    #: Where the try was counted.
    place_key: str
    address_key: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """That the password belongs to the account; and the digest that replaces the stored one."""

    knock: Knock
    new_digest: str | None = field(repr=False)
    #: Whether the new digest is of another password than before.
    changed: bool


def knock(typed: str, *, arrival: Arrival, at: datetime, on: date) -> Knock:
    """Count a try to sign in, unless this place must wait.

    What is asked of the database is the same whether the account exists or not.

    Raises:
        TooManyTries: this place must wait; nothing was counted.
    """
    device_id, address = arrival.device_id, arrival.address
    account = accounts.find(typed)
    subject = account.id if account else uuid5(_NOBODY, names.typed(typed))
    knows_device, knows_address = _familiar(subject, device_id, address)
    place_key = (
        limits.key_at_device(subject, device_id)
        if knows_device
        else limits.key_at_address(subject, address)
    )
    address_key = limits.key_of_address(address)
    _count(place_key, address_key, at=at, address_counts=not (knows_device or knows_address))
    shortest = granting.shortest_password(_roles(subject, on))
    return _knock(account, shortest, place_key=place_key, address_key=address_key)


def knock_again(by: Identity, sid: UUID, *, at: datetime, on: date) -> Knock:
    """Count a try of somebody signed in to prove their password once more.

    It is counted for their device, so that a stolen access token guesses no faster than a
    stranger, and a stranger does not keep them waiting.

    Raises:
        TooManyTries: this device must wait; nothing was counted.
    """
    place_key = limits.key_at_device(by.account_id, sid)
    address_key = limits.key_of_address(by.address or "")
    _count(place_key, address_key, at=at, address_counts=False)
    account = accounts.get(by.account_id)
    shortest = granting.shortest_password(_roles(account.id, on))
    return _knock(account, shortest, place_key=place_key, address_key=address_key)


def prove(knock: Knock, password: str, *, new_password: str | None, at: datetime) -> Proof:
    """Prove the password of a counted try, and judge a new one where one is due.

    Call it outside of any transaction.

    Raises:
        WrongCredentials: they do not belong together.
        FirstPasswordExpired: the one-time password is too old.
        PasswordMustBeChanged: it must be replaced, and no new one was sent.
        NewPasswordNotAsked: a new one was sent, and none was due.
        Invalid: the new one is too easily guessed.
        Unavailable: too many digests are being computed.
    """
    matches = hashing.matches(knock.digest, password)
    if not matches or knock.digest is None:
        raise WrongCredentials
    if knock.first_password_until is not None and at >= knock.first_password_until:
        raise FirstPasswordExpired
    if not knock.must_change:
        if new_password is not None:
            raise NewPasswordNotAsked
        outdated = hashing.is_outdated(knock.digest)
        digest = hashing.digest_of(password) if outdated else None
        return Proof(knock=knock, new_digest=digest, changed=False)
    if new_password is None:
        raise PasswordMustBeChanged
    return Proof(knock=knock, new_digest=_judged(knock, password, new_password), changed=True)


def prove_change(knock: Knock, password: str, new_password: str) -> Proof:
    """Prove the password of somebody signed in, and judge the one that shall replace it.

    Call it outside of any transaction.

    Raises:
        WrongCredentials: the old password is wrong.
        Invalid: the new one is too easily guessed.
        Unavailable: too many digests are being computed.
    """
    if not hashing.matches(knock.digest, password):
        raise WrongCredentials
    return Proof(knock=knock, new_digest=_judged(knock, password, new_password), changed=True)


def admit(proof: Proof, arrival: Arrival, *, at: datetime, lifetime: timedelta) -> Admission:
    """Sign the account in on the device, and take the count of the try back.

    Raises:
        WrongCredentials: the account was closed or its password changed in this very moment.
    """
    account = _proven(proof, at=at)
    admission = devices.begin(account, arrival, at=at, lifetime=lifetime)
    audit.append(
        "signed_in",
        by=Identity(account_id=account.id, person_id=account.person_id, address=arrival.address),
        at=at,
        subject_kind="account",
        subject_id=account.id,
        after={"device": arrival.name, "sid": admission.sid},
    )
    if proof.changed:
        _changed(account, by=None, at=at, but=admission.sid)
    return admission


def change_password(proof: Proof, *, by: Identity, sid: UUID, at: datetime) -> None:
    """Replace one's own password, and sign out all other devices.

    Raises:
        WrongCredentials: the password was changed in this very moment.
    """
    account = _proven(proof, at=at)
    _changed(account, by=by, at=at, but=sid)


def confirm(proof: Proof, *, at: datetime) -> None:
    """Take the count of a try back: somebody signed in has shown once more who they are.

    Raises:
        WrongCredentials: the password was changed in this very moment.
    """
    _proven(proof, at=at)


def _roles(account_id: UUID, on: date) -> list[Role]:
    return [grant.role for grant in grants.of(account_id, on=on)]


def _familiar(subject: UUID, device_id: UUID, address: str) -> tuple[bool, bool]:
    mine = SignedInDevice.account_id == subject
    known_device = exists().where(mine, SignedInDevice.device_id == device_id)
    known_address = exists().where(mine, SignedInDevice.place == limits.place_of(address))
    device, place = db.session.execute(select(known_device, known_address)).one()
    return bool(device), bool(place)


def _count(place_key: str, address_key: str, *, at: datetime, address_counts: bool) -> None:
    here = tallies.locked(place_key, at=at)
    around = tallies.locked(address_key, at=at)
    wait = limits.wait_at_place(here, at)
    if address_counts:
        wait = max(wait, limits.wait_at_address(around, at))
    if wait > limits.NO_WAIT:
        raise TooManyTries(retry_after=math.ceil(wait.total_seconds()))
    tallies.count(place_key, here, at=at)
    tallies.count(address_key, around, at=at, window=limits.ADDRESS_WINDOW)


def _knock(account: Account | None, shortest: int, *, place_key: str, address_key: str) -> Knock:
    if account is None or account.closed_at is not None:
        return Knock(
            account_id=None,
            digest=None,
            about=(),
            shortest=shortest,
            must_change=False,
            first_password_until=None,
            place_key=place_key,
            address_key=address_key,
        )
    first = account.first_password_until
    person = account.person
    facts = (person.name, person.phone, account.sign_in_name, account.phone)
    return Knock(
        account_id=account.id,
        digest=account.password_digest,
        about=tuple(fact for fact in facts if fact),
        shortest=shortest,
        must_change=first is not None or account.password_checked_for < shortest,
        first_password_until=first,
        place_key=place_key,
        address_key=address_key,
    )


def _judged(knock: Knock, password: str, new_password: str) -> str:
    complaints = password_rules.complaints(new_password, about=knock.about, shortest=knock.shortest)
    if hashing.normal(new_password) == hashing.normal(password):
        complaints.append(password_rules.THE_SAME)
    if complaints:
        raise Invalid({"new_password": complaints})
    return hashing.digest_of(new_password)


def _proven(proof: Proof, *, at: datetime) -> Account:
    knock = proof.knock
    statement = (
        select(Account)
        .where(
            Account.id == knock.account_id,
            Account.password_digest == knock.digest,
            Account.closed_at.is_(None),
        )
        .with_for_update()
    )
    account = db.session.execute(statement).scalar_one_or_none()
    if account is None:
        raise WrongCredentials
    tallies.clear(knock.place_key)
    tallies.forgive(knock.address_key)
    if proof.new_digest is not None:
        account.password_digest = proof.new_digest
    if proof.changed:
        account.password_checked_for = knock.shortest
        account.password_set_at = at
        account.first_password_until = None
    db.session.flush()
    return account


def _changed(account: Account, *, by: Identity | None, at: datetime, but: UUID) -> None:
    devices.end_all(account.id, Ending.PASSWORD_CHANGED, at=at, but=but)
    audit.append("password_changed", by=by, at=at, subject_kind="account", subject_id=account.id)
