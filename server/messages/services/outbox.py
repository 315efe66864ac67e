"""The outbox: each message once, sent by every channel of its organisation (发件箱)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update

from server.db import db, upsert
from server.errors import Message as Sentence
from server.errors import NotFound
from server.messages.models import Message, MessageChannel, MessageDelivery
from server.moments import MOMENT
from server.paging import Page, page

#: How long one try may take before another process tries.
_LEASE = timedelta(minutes=1)

#: Tries after which a message is given up; the waits between them double from a minute.
MOST_TRIES = 8

#: Messages sent in one turn.
_MOST = 20

#: What is to be sent; for the work that sends it.
DUE = select(MessageDelivery.id).where(
    MessageDelivery.ended_at.is_(None), MessageDelivery.next_at <= MOMENT
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is told."""

    kind: str
    title: Sentence
    body: Sentence
    subject_id: UUID | None = None


def tell(
    told: Told,
    *,
    once: str,
    person_id: UUID | None = None,
    organisation_id: UUID | None = None,
    at: datetime,
) -> bool:
    """Tell a person or an organisation something; what was told under a key is not told again.

    Args:
        told: what.
        once: the key, such as `certificate_due:<post>:<item>:<day>:30`; the recipient is added.
        person_id: who finds it in the app.
        organisation_id: whose staff find it, and whose channels carry it outside.
        at: the moment.

    Returns:
        Whether it was told now.
    """
    insert = upsert(Message).values(
        once=f"{once}:{person_id or organisation_id}",
        person_id=person_id,
        organisation_id=organisation_id,
        kind=told.kind,
        title_zh=told.title.zh,
        title_en=told.title.en,
        body_zh=told.body.zh,
        body_en=told.body.en,
        subject_id=told.subject_id,
        made_at=at,
    )
    made = db.session.execute(
        insert.on_conflict_do_nothing(index_elements=["once"]).returning(Message.id)
    ).scalar()
    if made is None:
        return False
    if organisation_id is not None:
        _send(made, organisation_id, at=at)
    return True


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing told to one person, once under its key."""

    person_id: UUID
    told: Told
    once: str


def tell_people(letters: Sequence[Notice], *, at: datetime) -> None:
    """Tell many people something each, in one statement; as `tell`, for what only people read."""
    rows = [
        {
            "id": uuid4(),
            "once": f"{each.once}:{each.person_id}",
            "person_id": each.person_id,
            "kind": each.told.kind,
            "title_zh": each.told.title.zh,
            "title_en": each.told.title.en,
            "body_zh": each.told.body.zh,
            "body_en": each.told.body.en,
            "subject_id": each.told.subject_id,
            "made_at": at,
        }
        for each in letters
    ]
    if rows:
        unless_told = upsert(Message).on_conflict_do_nothing(index_elements=["once"])
        db.session.execute(unless_told, rows)


def _send(message_id: UUID, organisation_id: UUID, *, at: datetime) -> None:
    channels = select(MessageChannel.id).where(
        MessageChannel.organisation_id == organisation_id, MessageChannel.closed_at.is_(None)
    )
    for channel_id in db.session.execute(channels).scalars():
        db.session.add(MessageDelivery(message_id=message_id, channel_id=channel_id, next_at=at))
    db.session.flush()


def of_person(person_id: UUID, *, cursor: str | None = None, limit: int = 50) -> Page:
    """Return a page of a person's messages, the newest first."""
    statement = select(Message).where(Message.person_id == person_id)
    keys = [Message.made_at, Message.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def of_organisation(organisation_id: UUID, *, cursor: str | None, limit: int) -> Page:
    """Return a page of an organisation's messages, the newest first."""
    statement = select(Message).where(Message.organisation_id == organisation_id)
    keys = [Message.made_at, Message.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def read(message_id: UUID, *, person_id: UUID, at: datetime) -> Message:
    """Note that a person has read a message of theirs.

    Raises:
        NotFound: they have no such message.
    """
    found = db.session.get(Message, message_id)
    if found is None or found.person_id != person_id:
        raise NotFound
    found.read_at = found.read_at or at
    db.session.flush()
    return found


def take(at: datetime) -> list[MessageDelivery]:
    """Take what is due, for one process only, for as long as a try may take."""
    due = (
        select(MessageDelivery.id)
        .where(MessageDelivery.ended_at.is_(None), MessageDelivery.next_at <= at)
        .order_by(MessageDelivery.next_at, MessageDelivery.id)
        .limit(_MOST)
        .with_for_update(skip_locked=True)
    )
    ids = list(db.session.execute(due).scalars())
    if not ids:
        return []
    db.session.execute(
        update(MessageDelivery)
        .where(MessageDelivery.id.in_(ids))
        .values(next_at=at + _LEASE, tries=MessageDelivery.tries + 1)
        .execution_options(synchronize_session=False)
    )
    taken = select(MessageDelivery).where(MessageDelivery.id.in_(ids))
    fresh = taken.execution_options(populate_existing=True)
    return list(db.session.execute(fresh).scalars())


def end(delivery_id: UUID, *, failure: str | None, at: datetime) -> None:
    """Note that a message is through, or when it is tried again; in the end it is given up."""
    found = db.session.get(MessageDelivery, delivery_id, populate_existing=True)
    if found is None or found.ended_at is not None:
        return
    found.failure = failure
    if failure is None:
        found.delivered, found.ended_at = True, at
    elif found.tries >= MOST_TRIES:
        found.ended_at = at
    else:
        found.next_at = at + timedelta(minutes=2 ** (found.tries - 1))
    db.session.flush()
