"""Seeing which facts change, and booking them before they are committed (触发入账).

Whoever writes a post, a certificate, an event of one, a training record, an organisation or a
region need know nothing of coverage: the session tells. A few people are booked in the
transaction of the fact itself, so that the figure has moved when the fact is acknowledged. Where
one transaction concerns many (an import, a reform), they wait, and are booked in small steps right
after; figures say how many wait, and since when.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from certificates.models import Certificate, CertificateEvent
from certificates.services.counts import booking, waiting
from certificates.services.counts.waiting import Concerned
from server import clock
from server.db import db, transaction
from server.organisations.models import Organisation
from server.people.events import PeopleMerged
from server.people.models import Post
from server.records.entries import RecordKind
from server.records.models import Record
from server.regions.models import Region
from server.work import Work

#: So many people and organisations are booked at once; more of them wait.
AT_ONCE = 50

#: Seconds between two lots of those who wait: who waits for SQLite looks again after milliseconds.
BREATH = 0.01

#: Entries of the training file that are counted, or that take back what is.
_COUNTED = (RecordKind.TRAINING, RecordKind.EXAM, RecordKind.CORRECTION)

_KEY = "coverage_noticed"


@dataclass
class _Noticed:
    """What the transaction that is open has touched so far."""

    concerned: Concerned = field(default_factory=Concerned)
    #: Whether it is being booked right now: what booking reads is no news.
    busy: bool = False


def notice(session: Session, _context: UOWTransaction) -> None:
    """Remember who is concerned by what was just written."""
    for thing in (*session.new, *session.dirty):
        if isinstance(thing, Post | Certificate | CertificateEvent | Record):
            _notice_fact(session, thing)
        elif isinstance(thing, Organisation):
            _noticed(session).concerned.organisations.add(thing.id)
        elif isinstance(thing, Region) and inspect(thing).attrs.path.history.deleted:
            _noticed(session).concerned.regions.add(thing.id)


def _notice_fact(session: Session, thing: Post | Certificate | CertificateEvent | Record) -> None:
    concerned = _noticed(session).concerned
    if isinstance(thing, CertificateEvent):
        # What is new itself cannot be got by its key before the flush is over.
        held = thing.__dict__.get("certificate") or session.get(Certificate, thing.certificate_id)
        concerned.people |= {held.person_id} if held else set()
    elif not isinstance(thing, Record) or thing.kind in _COUNTED:
        concerned.people.add(thing.person_id)
    if isinstance(thing, Post):
        concerned.posts.add((thing.organisation_id, thing.role.value))


def settle(session: Session) -> None:
    """Book everybody noticed so far, or let them wait where they are many."""
    noticed: _Noticed | None = session.info.get(_KEY)
    if noticed is None or noticed.busy:
        return
    noticed.busy = True
    try:
        session.flush()
        now = clock.now()
        people, organisations = waiting.resolved(noticed.concerned, most=AT_ONCE, at=now)
        booking.book(people, organisations, at=now)
        session.flush()
    finally:
        session.info.pop(_KEY, None)


def book_merged(event: PeopleMerged) -> None:
    """Count two people anew whose rows were moved past the session, which tells nothing of it."""
    booking.book([event.kept_id, event.merged_id], [], at=event.at)


def work_off(at: datetime) -> int:
    """Book some of those who wait; return how many. Opens its own transaction."""
    done = 0
    while True:
        with transaction():
            people, organisations = waiting.next_of(AT_ONCE * 4)
            booking.book(people, organisations, at=clock.now())
            waiting.done([*people, *organisations])
        taken = len(people) + len(organisations)
        done += taken
        if not taken or clock.now() - at > timedelta(seconds=5):
            return done
        time.sleep(BREATH)


#: Books those who wait.
BOOK = Work(
    name="coverage_booking",
    every=timedelta(seconds=1),
    urgent=True,
    run=work_off,
    waiting=(waiting.ANY,),
)


def _noticed(session: Session) -> _Noticed:
    found: _Noticed = session.info.setdefault(_KEY, _Noticed())
    return found


@event.listens_for(db.session, "after_flush")
def _notice_after_flush(session: Session, context: UOWTransaction) -> None:
    notice(session, context)


# Before the audit takes its place in the chain, which everybody waits for.
@event.listens_for(db.session, "before_commit", insert=True)
def _settle_before_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        settle(session)


@event.listens_for(db.session, "after_transaction_end")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_KEY, None)
