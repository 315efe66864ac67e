"""Devices that are signed in: refreshing their tokens, and signing them out (登录设备)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, select, update

from server.audit import services as audit
from server.auth import limits, rotation
from server.auth.errors import RefreshRefused, RefreshReused
from server.auth.models import Account, Ending, SignedInDevice
from server.auth.rotation import RefreshToken, Verdict
from server.db import db
from server.errors import NotFound, NotSignedIn
from server.paging import Page, page
from server.policy import Identity

#: Bytes of the key that makes successors of refresh tokens.
_KEY_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Admission:
    """That an account is signed in on a device, and the newest refresh token of it."""

    account_id: UUID
    person_id: UUID
    sid: UUID
    refresh_token: str = field(repr=False)
    #: The first moment at which the refresh token no longer counts.
    refresh_expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Refresh:
    """What came of showing a refresh token. Ask `admitted` once the transaction is committed.

    A reuse ends the family, and that must be stored although the caller is refused; so it is no
    exception inside the transaction.
    """

    verdict: Verdict
    admission: Admission | None = None

    def admitted(self) -> Admission:
        """Return the new tokens.

        Raises:
            RefreshReused: an old token was shown, and the device was signed out.
            RefreshRefused: the token says nothing, or the device is not signed in any more.
        """
        if self.admission is not None:
            return self.admission
        raise RefreshReused if self.verdict is Verdict.REUSED else RefreshRefused


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """The device from which somebody signs in."""

    #: The number that the app made for itself.
    device_id: UUID
    name: str
    address: str


def begin(account: Account, arrival: Arrival, *, at: datetime, lifetime: timedelta) -> Admission:
    """Sign an account in on a device; an earlier sign-in of the same device ends."""
    _end(
        Ending.SIGNED_IN_AGAIN,
        SignedInDevice.account_id == account.id,
        SignedInDevice.device_id == arrival.device_id,
        at=at,
    )
    sid = uuid4()
    token = RefreshToken(sid=sid, number=0, secret=secrets.token_bytes(rotation.SECRET_BYTES))
    device = SignedInDevice(
        id=sid,
        account_id=account.id,
        device_id=arrival.device_id,
        name=arrival.name,
        place=limits.place_of(arrival.address),
        signed_in_at=at,
        family_key=secrets.token_bytes(_KEY_BYTES),
        token_number=token.number,
        token_digest=token.digest,
        rotated_at=at,
        expires_at=at + lifetime,
    )
    db.session.add(device)
    db.session.flush()
    return _admission(device, account.person_id, token)


def refresh(text: str, *, device_id: UUID, at: datetime, lifetime: timedelta) -> Refresh:
    """Replace a refresh token by its successor, as `server.auth.rotation` rules.

    The row of the device is locked, so that of two requests with one token the second sees what
    the first did: a repetition within the leeway, which is given the same successor.
    """
    token = rotation.read(text)
    found = None if token is None else _living(token.sid, at)
    if token is None or found is None:
        return Refresh(verdict=Verdict.UNKNOWN)
    device, person_id = found
    verdict = rotation.judge(token, device.family, device_id=device_id, at=at)
    if verdict is Verdict.ROTATE:
        _rotate(device, token.successor(device.family_key), at=at, lifetime=lifetime)
    if verdict is Verdict.REUSED:
        _end(Ending.REUSE, SignedInDevice.id == device.id, at=at)
        _tell("refresh_token_reused", device, by=None, at=at)
    if verdict in (Verdict.REUSED, Verdict.UNKNOWN):
        return Refresh(verdict=verdict)
    newest = token.successor(device.family_key)
    return Refresh(verdict=verdict, admission=_admission(device, person_id, newest))


def number_of(sid: UUID) -> UUID:
    """Return the number that the phone of a sign-in made for itself: `device_id`.

    Raises:
        NotSignedIn: there is no such sign-in.
    """
    statement = select(SignedInDevice.device_id).where(SignedInDevice.id == sid)
    found = db.session.execute(statement).scalar()
    if found is None:
        raise NotSignedIn
    return found


def listed(account_id: UUID, *, at: datetime, cursor: str | None, limit: int) -> Page:
    """Return a page of the devices on which an account is signed in, the newest first."""
    statement = select(SignedInDevice).where(
        SignedInDevice.account_id == account_id,
        SignedInDevice.ended_at.is_(None),
        SignedInDevice.expires_at > at,
    )
    keys = [SignedInDevice.signed_in_at, SignedInDevice.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def sign_out(sid: UUID, *, by: Identity, at: datetime) -> SignedInDevice:
    """Sign out one of one's own devices; repeating it changes nothing.

    Raises:
        NotFound: one has no such device.
    """
    device = db.session.get(SignedInDevice, sid)
    if device is None or device.account_id != by.account_id:
        raise NotFound
    if device.ended_at is None:
        device.ended_at, device.ended_because = at, Ending.SIGNED_OUT
        db.session.flush()
        _tell("signed_out", device, by=by, at=at)
    return device


def sign_out_everywhere(*, by: Identity, at: datetime) -> int:
    """Sign out all of one's own devices, this one as well; return how many there were."""
    ended = end_all(by.account_id, Ending.SIGNED_OUT, at=at)
    audit.append(
        "signed_out_everywhere",
        by=by,
        at=at,
        subject_kind="account",
        subject_id=by.account_id,
        after={"device_count": ended},
    )
    return ended


def end_all(account_id: UUID, because: Ending, *, at: datetime, but: UUID | None = None) -> int:
    """End the sign-ins of an account on all devices, or on all but one; return how many."""
    conditions = [SignedInDevice.account_id == account_id]
    if but is not None:
        conditions.append(SignedInDevice.id != but)
    return _end(because, *conditions, at=at)


def _living(sid: UUID, at: datetime) -> tuple[SignedInDevice, UUID] | None:
    statement = (
        select(SignedInDevice, Account.person_id)
        .join(Account, Account.id == SignedInDevice.account_id)
        .where(
            SignedInDevice.id == sid,
            SignedInDevice.ended_at.is_(None),
            SignedInDevice.expires_at > at,
            Account.closed_at.is_(None),
        )
        .with_for_update(of=SignedInDevice)
        .execution_options(populate_existing=True)
    )
    row = db.session.execute(statement).one_or_none()
    return None if row is None else (row[0], row[1])


def _rotate(
    device: SignedInDevice, newest: RefreshToken, *, at: datetime, lifetime: timedelta
) -> None:
    device.token_number = newest.number
    device.token_digest = newest.digest
    device.rotated_at = at
    device.expires_at = at + lifetime
    db.session.flush()


def _end(because: Ending, *conditions: ColumnElement[bool], at: datetime) -> int:
    """End every living sign-in that meets the conditions, in one statement."""
    statement = (
        update(SignedInDevice)
        .where(SignedInDevice.ended_at.is_(None), *conditions)
        .values(ended_at=at, ended_because=because)
        .returning(SignedInDevice.id)
    )
    return len(db.session.execute(statement).all())


def _admission(device: SignedInDevice, person_id: UUID, token: RefreshToken) -> Admission:
    return Admission(
        account_id=device.account_id,
        person_id=person_id,
        sid=device.id,
        refresh_token=token.text,
        refresh_expires_at=device.expires_at,
    )


def _tell(action: str, device: SignedInDevice, *, by: Identity | None, at: datetime) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="account",
        subject_id=device.account_id,
        after={"device": device.name, "sid": device.id},
    )
