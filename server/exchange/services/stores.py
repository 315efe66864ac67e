"""Learning record stores: opened by agreement, sent statements, tried again (学习记录库服务).

What is owed to a store is the feed itself, from where it stands on: entries are numbered, their
statements have ids made of them, so whatever is sent twice is one statement there. A store that
does not answer is waited for; an entry that it refuses is put on a list, and the others go on.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.errors import IdTaken, NotFound
from server.exchange import feed_rules, terms
from server.exchange.errors import PurposeForbids
from server.exchange.models import (
    ExchangeAgreement,
    ExchangeRecordStore,
    ExchangeRefusedStatement,
)
from server.exchange.services import feed
from server.exchange.terms import Ability
from server.jobs import sealing
from server.messages import sending
from server.messages.reaching import Reach
from server.moments import MOMENT
from server.paging import Page, page
from server.policy import Identity

#: Entries that are sent together.
AT_ONCE: Final = 50

#: Stores that are sent to at a time, and how long one try may take.
_MOST, _LEASE = 10, timedelta(minutes=1)

SEALED_AS: Final = "exchange_record_store"

#: Stores that are owed something; for the work that sends it.
DUE = select(ExchangeRecordStore.id).where(
    ExchangeRecordStore.closed_at.is_(None),
    ExchangeRecordStore.next_at <= MOMENT,
    feed.is_behind(ExchangeRecordStore.position),
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a store is, and how it knows us."""

    endpoint: str
    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Due:
    """A store that is owed something, taken by one process for a while."""

    store_id: UUID
    agreement_id: UUID
    endpoint: str
    #: The header by which it knows us.
    authorization: str = field(repr=False)
    position: int
    #: Entries that are sent together now.
    limit: int
    #: Whether what is owed was not counted yet.
    first: bool


def open_(
    store_id: UUID,
    agreement: ExchangeAgreement,
    place: Place,
    *,
    may_be_plain: bool,
    reach: Reach,
    by: Identity,
    at: datetime,
) -> ExchangeRecordStore:
    """Send statements to a store from now on; asked again, its key is changed.

    Raises:
        PurposeForbids: the agreement does not give statements.
        ChannelUnfit: nothing may be sent there.
        IdTaken: another store stands under this id.
    """
    if not agreement.may(Ability.STATEMENTS):
        raise PurposeForbids(what=Ability.STATEMENTS.value)
    endpoint = place.endpoint.rstrip("/")
    sending.check_webhook(endpoint, may_be_plain=may_be_plain, reach=reach)
    found = db.session.get(ExchangeRecordStore, store_id)
    if found is not None and (found.agreement_id, found.endpoint) != (agreement.id, endpoint):
        raise IdTaken
    if found is None:
        found = ExchangeRecordStore(
            id=store_id,
            agreement_id=agreement.id,
            endpoint=endpoint,
            position=feed.head(),
            singly_until=0,
            tries=0,
            next_at=at,
            opened_at=at,
        )
        db.session.add(found)
    sealed = sealing.current().seal(place.secret.encode(), job_id=store_id, name=SEALED_AS)
    found.key, found.secret, found.next_at = place.key, sealed, at
    db.session.flush()
    audit.append(
        "exchange_record_store_opened",
        by=by,
        at=at,
        subject_kind="exchange_agreement",
        subject_id=agreement.id,
        after={"endpoint": endpoint},
        region_path=agreement.region.path,
    )
    return found


def close(store_id: UUID, agreement: ExchangeAgreement, *, at: datetime) -> ExchangeRecordStore:
    """Send nothing more to a store.

    Raises:
        NotFound: the agreement has no such store.
    """
    found = get(store_id, agreement)
    found.closed_at = found.closed_at or at
    db.session.flush()
    return found


def get(store_id: UUID, agreement: ExchangeAgreement) -> ExchangeRecordStore:
    """Return a store of an agreement.

    Raises:
        NotFound: it has no such store.
    """
    found = db.session.get(ExchangeRecordStore, store_id)
    if found is None or found.agreement_id != agreement.id:
        raise NotFound
    return found


def refused(store: ExchangeRecordStore, *, cursor: str | None, limit: int) -> Page:
    """Return a page of the entries that a store refused, the latest first."""
    statement = select(ExchangeRefusedStatement).where(
        ExchangeRefusedStatement.store_id == store.id
    )
    order = [ExchangeRefusedStatement.seq, ExchangeRefusedStatement.id]
    return page(statement, order, cursor=cursor, limit=limit, descending=True)


def take(at: datetime) -> list[Due]:
    """Take the stores that are owed something, for one process only."""
    owed = (
        select(ExchangeRecordStore, ExchangeAgreement)
        .join(ExchangeAgreement, ExchangeAgreement.id == ExchangeRecordStore.agreement_id)
        .where(
            ExchangeRecordStore.closed_at.is_(None),
            ExchangeRecordStore.next_at <= at,
            ExchangeRecordStore.position < feed.head(),
        )
        .order_by(ExchangeRecordStore.next_at, ExchangeRecordStore.id)
        .limit(_MOST)
        .with_for_update(of=ExchangeRecordStore, skip_locked=True)
    )
    today, found = civil_day(at), list[Due]()
    for store, agreed in db.session.execute(owed).all():
        store.next_at = at + _LEASE
        if terms.stands(agreed.valid_from, agreed.valid_until, agreed.ended_on, on=today):
            store.tries += 1
            found.append(_due(store))
    db.session.flush()
    return found


def end(due: Due, *, until_seq: int, status: int | None, failure: str | None, at: datetime) -> None:
    """Note what became of a try.

    Args:
        due: what was tried.
        until_seq: the last entry that was sent, or had nothing to send.
        status: what the store answered; None where it did not.
        failure: why it was not taken; None where it was.
        at: the moment.
    """
    store = db.session.get_one(ExchangeRecordStore, due.store_id, populate_existing=True)
    store.failure = failure
    if failure is not None and not _is_about_content(status):
        again = feed_rules.next_try(store.tries, at) or at + feed_rules.WAITS[-1]
        store.next_at = again
        db.session.flush()
        return
    if failure is not None and due.limit > 1:
        # One of them is refused: which one shows when each is sent alone.
        store.singly_until = until_seq
    else:
        if failure is not None:
            _refuse(store, until_seq, failure, at)
        store.position = until_seq
    store.tries, store.next_at = 0, at
    db.session.flush()


def postpone(due: Due, *, until: datetime, failure: str) -> None:
    """Try a store again at a moment: its agreement gives no more before."""
    store = db.session.get_one(ExchangeRecordStore, due.store_id, populate_existing=True)
    store.tries, store.next_at, store.failure = 0, until, failure
    db.session.flush()


def _is_about_content(status: int | None) -> bool:
    """Say whether a store refused what it was sent, rather than who sent it or when."""
    return status in (400, 409, 413, 422)


def _refuse(store: ExchangeRecordStore, seq: int, failure: str, at: datetime) -> None:
    db.session.add(
        ExchangeRefusedStatement(
            id=uuid4(), store_id=store.id, seq=seq, failure=failure, refused_at=at
        )
    )


def _due(store: ExchangeRecordStore) -> Due:
    secret = sealing.current().open(store.secret, job_id=store.id, name=SEALED_AS).decode()
    pair = base64.b64encode(f"{store.key}:{secret}".encode()).decode()
    return Due(
        store_id=store.id,
        agreement_id=store.agreement_id,
        endpoint=store.endpoint,
        authorization=f"Basic {pair}",
        position=store.position,
        limit=1 if store.position < store.singly_until else AT_ONCE,
        first=store.tries == 1,
    )
