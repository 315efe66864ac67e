"""Somebody comes back from outside: found by their verified number, linked, admitted (外部登录)."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from server.audit import services as audit
from server.auth import limits
from server.auth.errors import TooManyTries
from server.auth.models import Account
from server.auth.services import accounts, devices, tallies
from server.auth.services.devices import Admission, Arrival
from server.db import db, upsert
from server.errors import NotFound
from server.federation.errors import LinkedOtherwise, NoAccountForNumber, OutsideSignInRefused
from server.federation.models import IdentityProvider, OutsideIdentity, OutsideReturn
from server.people.services import numbers
from server.policy import Identity

#: How long it is remembered that a sign-in came back: longer than its ticket lives.
KEPT_FOR: Final = timedelta(hours=1)


def come_back(digest: str, *, address: str, at: datetime) -> None:
    """Note that a sign-in came back, before anything is asked outside in its name.

    Raises:
        TooManyTries: too many came back from this address without being admitted.
        OutsideSignInRefused: it came back before.
    """
    key = limits.key_of_address(address)
    around = tallies.locked(key, at=at)
    wait = limits.wait_at_address(around, at)
    if wait > limits.NO_WAIT:
        raise TooManyTries(retry_after=math.ceil(wait.total_seconds()))
    tallies.count(key, around, at=at, window=limits.ADDRESS_WINDOW)
    row = {"digest": digest, "returned_at": at}
    first = upsert(OutsideReturn).values(row).on_conflict_do_nothing()
    noted = db.session.execute(first.returning(OutsideReturn.digest)).first()
    if noted is None:
        raise OutsideSignInRefused(reason="used")


def admit(
    provider: IdentityProvider,
    *,
    subject: str,
    number: str,
    arrival: Arrival,
    at: datetime,
    lifetime: timedelta,
) -> Admission:
    """Sign in the account of whoever has this document, and link it with who they are outside.

    The number is asked for each time: an identity outside that is given to somebody else opens
    nobody's account here.

    Raises:
        NoAccountForNumber: nobody has this document, or no open account.
        LinkedOtherwise: either is linked with another already.
    """
    account = _account_of(provider, number)
    _link(provider, subject, account, at=at)
    admission = devices.begin(account, arrival, at=at, lifetime=lifetime)
    tallies.forgive(limits.key_of_address(arrival.address))
    audit.append(
        "signed_in",
        by=_as_oneself(account, arrival.address),
        at=at,
        subject_kind="account",
        subject_id=account.id,
        after={"device": arrival.name, "sid": admission.sid, "provider": provider.issuer},
    )
    return admission


def of_account(account_id: UUID) -> list[OutsideIdentity]:
    """Return the identities outside that are linked with an account, the earliest first."""
    statement = select(OutsideIdentity).where(OutsideIdentity.account_id == account_id)
    return list(db.session.execute(statement.order_by(OutsideIdentity.linked_at)).scalars())


def unlink(provider_id: UUID, *, by: Identity, at: datetime) -> None:
    """Take the link of one's own account with a provider away.

    Raises:
        NotFound: there is none.
    """
    mine = delete(OutsideIdentity).where(
        OutsideIdentity.provider_id == provider_id, OutsideIdentity.account_id == by.account_id
    )
    if not db.session.execute(mine.returning(OutsideIdentity.subject)).all():
        raise NotFound
    audit.append(
        "outside_identity_unlinked",
        by=by,
        at=at,
        subject_kind="account",
        subject_id=by.account_id,
        after={"provider_id": provider_id},
    )


def sweep(at: datetime) -> int:
    """Forget returns whose tickets are over; return how many."""
    old = delete(OutsideReturn).where(OutsideReturn.returned_at < at - KEPT_FOR)
    return len(db.session.execute(old.returning(OutsideReturn.digest)).all())


def _account_of(provider: IdentityProvider, number: str) -> Account:
    person = numbers.find(provider.document_type, number)
    if person is None:
        raise NoAccountForNumber
    # Where two entries of one person became one, the account is that of the entry that goes on.
    found = accounts.find_of(person.merged_into_id or person.id)
    if found is None or found.closed_at is not None:
        raise NoAccountForNumber
    return found


def _link(provider: IdentityProvider, subject: str, account: Account, *, at: datetime) -> None:
    here = OutsideIdentity.provider_id == provider.id
    either = (OutsideIdentity.subject == subject) | (OutsideIdentity.account_id == account.id)
    found = db.session.execute(select(OutsideIdentity).where(here, either)).scalars().all()
    if any((each.subject, each.account_id) != (subject, account.id) for each in found):
        raise LinkedOtherwise
    if found:
        found[0].used_at = at
        db.session.flush()
        return
    db.session.add(
        OutsideIdentity(
            provider_id=provider.id,
            subject=subject,
            account_id=account.id,
            linked_at=at,
            used_at=at,
        )
    )
    db.session.flush()
    audit.append(
        "outside_identity_linked",
        by=_as_oneself(account, None),
        at=at,
        subject_kind="account",
        subject_id=account.id,
        after={"provider": provider.issuer},
    )


def _as_oneself(account: Account, address: str | None) -> Identity:
    return Identity(account_id=account.id, person_id=account.person_id, address=address)
