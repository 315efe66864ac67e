"""Webhooks of other systems: opened, signed, tried again, given up (对接通知).

A hook only says that the feed has moved; what moved is fetched by cursor. So nothing personal is
pushed anywhere, and a hook that was lost, doubled or given up loses nobody an entry.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4, uuid5

from sqlalchemy import select

from server.db import db
from server.errors import IdTaken, NotFound
from server.exchange import feed_rules
from server.exchange.models import (
    ExchangeAgreement,
    ExchangeArrival,
    ExchangeDeadLetter,
    ExchangeHook,
)
from server.exchange.services import feed
from server.jobs import sealing
from server.messages import sending
from server.messages.reaching import Reach
from server.moments import MOMENT
from server.paging import Page, page

#: How long the former secret of a hook signs beside the new one.
BOTH_FOR: Final = timedelta(days=7)

#: Hooks that are told at a time.
_MOST: Final = 20

#: How long a try may take; nobody else tries meanwhile.
_LEASE: Final = timedelta(minutes=1)

SEALED_AS: Final = "exchange_hook"

#: Hooks that are to be told something; for the work that tells them.
DUE = select(ExchangeHook.id).where(
    ExchangeHook.closed_at.is_(None),
    ExchangeHook.next_at <= MOMENT,
    feed.is_behind(ExchangeHook.position),
)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A hook, and once the secret that signs what it is sent."""

    hook: ExchangeHook
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Telling:
    """One webhook that is to be sent."""

    hook_id: UUID
    address: str
    message_id: str
    body: bytes
    secrets: tuple[bytes, ...] = field(repr=False)


def open_(
    hook_id: UUID,
    agreement: ExchangeAgreement,
    *,
    address: str,
    may_be_plain: bool,
    reach: Reach,
    at: datetime,
) -> Opened:
    """Tell a system at an address when its feed moves, from now on; the same again is harmless.

    Raises:
        ChannelUnfit: nothing may be sent there.
        IdTaken: another hook stands under this id.
    """
    known = db.session.get(ExchangeHook, hook_id)
    if known is not None:
        if (known.agreement_id, known.address) != (agreement.id, address):
            raise IdTaken
        return Opened(hook=known)
    sending.check_webhook(address, may_be_plain=may_be_plain, reach=reach)
    secret = secrets.token_bytes(32)
    made = ExchangeHook(
        id=hook_id,
        agreement_id=agreement.id,
        address=address,
        secret=_sealed(hook_id, secret),
        position=feed.head(),
        tries=0,
        next_at=at,
        opened_at=at,
    )
    db.session.add(made)
    db.session.flush()
    return Opened(hook=made, secret=feed_rules.secret_text(secret))


def change_secret(hook_id: UUID, agreement: ExchangeAgreement, *, at: datetime) -> Opened:
    """Give a hook another secret; for some days the former one signs beside it.

    Raises:
        NotFound: the system has no such hook.
    """
    found = get(hook_id, agreement)
    secret = secrets.token_bytes(32)
    found.former_secret, found.former_until = found.secret, at + BOTH_FOR
    found.secret = _sealed(hook_id, secret)
    db.session.flush()
    return Opened(hook=found, secret=feed_rules.secret_text(secret))


def close(hook_id: UUID, agreement: ExchangeAgreement, *, at: datetime) -> ExchangeHook:
    """Send nothing more to a hook.

    Raises:
        NotFound: the system has no such hook.
    """
    found = get(hook_id, agreement)
    found.closed_at = found.closed_at or at
    db.session.flush()
    return found


def get(hook_id: UUID, agreement: ExchangeAgreement) -> ExchangeHook:
    """Return a hook of a system.

    Raises:
        NotFound: it has no such hook.
    """
    found = db.session.get(ExchangeHook, hook_id)
    if found is None or found.agreement_id != agreement.id:
        raise NotFound
    return found


def given_up(agreement: ExchangeAgreement, *, cursor: str | None, limit: int) -> Page:
    """Return a page of the webhooks that a system did not take, the latest first (死信)."""
    statement = (
        select(ExchangeDeadLetter)
        .join(ExchangeHook, ExchangeHook.id == ExchangeDeadLetter.hook_id)
        .where(ExchangeHook.agreement_id == agreement.id)
    )
    order = [ExchangeDeadLetter.given_up_at, ExchangeDeadLetter.id]
    return page(statement, order, cursor=cursor, limit=limit, descending=True)


def take(at: datetime) -> list[Telling]:
    """Take the hooks that are due, for one process only, with what each is told.

    What is tried again is told again as it was: under the same id, up to the same entry.
    """
    end = feed.head()
    due = (
        select(ExchangeHook)
        .where(
            ExchangeHook.closed_at.is_(None),
            ExchangeHook.next_at <= at,
            ExchangeHook.position < end,
        )
        .order_by(ExchangeHook.next_at, ExchangeHook.id)
        .limit(_MOST)
        .with_for_update(skip_locked=True)
    )
    found = list(db.session.execute(due).scalars())
    for hook in found:
        hook.told_until = hook.told_until or end
        hook.tries += 1
        hook.next_at = at + _LEASE
    db.session.flush()
    return [_telling(hook, at) for hook in found]


def end(hook_id: UUID, *, failure: str | None, at: datetime) -> None:
    """Note that a hook was told, or when it is tried again; in the end it is given up."""
    hook = db.session.get(ExchangeHook, hook_id, populate_existing=True)
    if hook is None or hook.told_until is None:
        return
    hook.failure = failure
    again = None if failure is None else feed_rules.next_try(hook.tries, at)
    if again is not None:
        hook.next_at = again
        db.session.flush()
        return
    if failure is not None:
        db.session.add(
            ExchangeDeadLetter(
                id=uuid4(),
                hook_id=hook.id,
                from_seq=hook.position + 1,
                until_seq=hook.told_until,
                failure=failure,
                given_up_at=at,
            )
        )
    hook.position, hook.told_until, hook.tries, hook.next_at = hook.told_until, None, 0, at
    db.session.flush()


def letter(letter_id: UUID, agreement: ExchangeAgreement, *, at: datetime) -> Telling:
    """Return a webhook that was given up, to be sent again.

    Raises:
        NotFound: the system has none of this id, or its hook is closed.
    """
    found = db.session.get(ExchangeDeadLetter, letter_id)
    hook = None if found is None else db.session.get(ExchangeHook, found.hook_id)
    if found is None or hook is None or hook.closed_at or hook.agreement_id != agreement.id:
        raise NotFound
    return _said(hook, found.from_seq, found.until_seq, at)


def letter_sent(letter_id: UUID, *, at: datetime) -> ExchangeDeadLetter:
    """Note that a webhook that was given up has come through after all."""
    found = db.session.get_one(ExchangeDeadLetter, letter_id)
    found.sent_at = found.sent_at or at
    db.session.flush()
    return found


def arrived(agreement: ExchangeAgreement, message_id: str, *, at: datetime) -> bool:
    """Note that a webhook of a system arrived; say whether it is the first time."""
    key = (agreement.id, message_id)
    if db.session.get(ExchangeArrival, key) is not None:
        return False
    db.session.add(ExchangeArrival(agreement_id=agreement.id, message_id=message_id, arrived_at=at))
    db.session.flush()
    return True


def secrets_of(hook: ExchangeHook, at: datetime) -> tuple[bytes, ...]:
    """Return the secrets that sign for a hook: its own, and for some days the one before."""
    found = [_opened(hook.id, hook.secret)]
    if hook.former_secret is not None and hook.former_until and at < hook.former_until:
        found.append(_opened(hook.id, hook.former_secret))
    return tuple(found)


def all_secrets(agreement: ExchangeAgreement, at: datetime) -> list[bytes]:
    """Return every secret by which webhooks between a system and us are signed."""
    statement = select(ExchangeHook).where(
        ExchangeHook.agreement_id == agreement.id, ExchangeHook.closed_at.is_(None)
    )
    hooks = db.session.execute(statement).scalars()
    return [secret for hook in hooks for secret in secrets_of(hook, at)]


def _telling(hook: ExchangeHook, at: datetime) -> Telling:
    return _said(hook, hook.position + 1, hook.told_until or hook.position, at)


def _said(hook: ExchangeHook, first: int, last: int, at: datetime) -> Telling:
    said = {"type": "feed.advanced", "data": {"from_seq": first, "until_seq": last}}
    return Telling(
        hook_id=hook.id,
        address=hook.address,
        # The same news has the same id, however often it is sent.
        message_id=f"msg_{uuid5(hook.id, f'{first}-{last}').hex}",
        body=json.dumps(said, separators=(",", ":")).encode(),
        secrets=secrets_of(hook, at),
    )


def _sealed(hook_id: UUID, secret: bytes) -> bytes:
    return sealing.current().seal(secret, job_id=hook_id, name=SEALED_AS)


def _opened(hook_id: UUID, sealed: bytes) -> bytes:
    return sealing.current().open(sealed, job_id=hook_id, name=SEALED_AS)
