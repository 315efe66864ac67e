"""What the feed for other systems says: where a fact belongs, who is counted for it (数据流)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from certificates.models import (
    Certificate,
    CertificateEvent,
    Issuer,
)
from certificates.services import feed_sayings
from certificates.services.feed_sayings import Told
from exams.models import Attempt, Exam, Practical
from server.db import db
from server.exchange.feed_rules import cursor_behind, seq_of
from server.exchange.models import ExchangeAgreement, ExchangeEntry, ExchangePending
from server.exchange.services import feed, usage
from server.exchange.services.feed import Kept
from server.exchange.terms import Ability
from server.organisations.models import Organisation
from server.records.entries import RecordKind
from server.records.models import Record

#: The tables that each ability follows; what two people became one concerns all who follow people.
_TABLES: dict[Ability, tuple[str, ...]] = {
    Ability.CERTIFICATES: ("certificate_event", "person_merge"),
    Ability.OUTCOMES: ("record", "person_merge"),
    Ability.COVERAGE: ("coverage_batch",),
}

#: The abilities by which the feed is followed.
FOLLOWING = tuple(_TABLES)


@dataclass(frozen=True, kw_only=True)
class Item:
    """An entry as it is told."""

    seq: int
    kind: str
    entered_at: datetime
    #: None where what it spoke of is not kept any longer.
    content: Mapping[str, Any] | None
    #: Whom it is about, where it is about one.
    person_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class FeedPage:
    """Some entries, and where to go on."""

    items: list[Item]
    next_cursor: str
    #: Whether there is more right now.
    more: bool


def resolve(noted: Sequence[ExchangePending]) -> Mapping[int, Kept]:
    """Return where noted facts belong: certificates to their issuer's, outcomes to the exam's."""
    ids: dict[str, set[UUID]] = {}
    for each in noted:
        if each.subject_id is not None:
            ids.setdefault(each.kind, set()).add(each.subject_id)
    regions = dict(_regions(ids))
    found: dict[int, Kept] = {}
    for each in noted:
        if each.kind in ("coverage_batch", "person_merge"):
            found[each.place] = Kept(region_id=None)
        elif each.subject_id in regions:
            found[each.place] = Kept(region_id=regions[each.subject_id])
    return found


def followed(
    agreement: ExchangeAgreement,
    abilities: Iterable[Ability],
    *,
    cursor: str | None,
    limit: int,
    at: datetime,
) -> FeedPage:
    """Return the next entries of a system's feed, once they are counted.

    Raises:
        ForeignCursor: the cursor was given to another client.
        BadFeedCursor: it is none of the feed.
        QuotaSpent: the agreement gives no more today.
    """
    following = sorted(set(abilities) & set(FOLLOWING))
    begin = seq_of(cursor, agreement.id, head=feed.head())
    some = read(agreement, following, seq=begin, limit=limit)
    if some.items:
        # Counted under the first of what it follows, whatever the page holds.
        usage.note(agreement, following[0], at=at, units=len(some.items), people=some.people)
    cursor = cursor_behind(some.until_seq, agreement.id)
    return FeedPage(items=some.items, next_cursor=cursor, more=some.more)


@dataclass(frozen=True, kw_only=True)
class Read:
    """Some entries, whom they are about, and how far was looked."""

    items: list[Item]
    people: set[UUID]
    until_seq: int
    more: bool


def read(
    agreement: ExchangeAgreement,
    following: Sequence[Ability],
    *,
    seq: int,
    limit: int,
    until: int | None = None,
) -> Read:
    """Return what a system may read behind an entry, up to another where one is given."""
    kinds = sorted({table for ability in following for table in _TABLES[ability]})
    path = agreement.region.path
    stretch = feed.behind(seq, region_path=path, kinds=kinds, limit=limit, until=until)
    told = feed_sayings.told(stretch.entries, agreement)
    return Read(
        items=[_item(each, told.get(each.seq)) for each in stretch.entries],
        people={person for _, _, each in told.values() for person in each},
        until_seq=stretch.until_seq,
        more=stretch.more,
    )


_GONE = {
    "certificate_event": "certificate",
    "record": "outcome",
    "coverage_batch": "coverage",
    "person_merge": "person",
}


def _item(entry: ExchangeEntry, told: Told | None) -> Item:
    kind, content, people = told or (_GONE[entry.kind], None, ())
    return Item(
        seq=entry.seq,
        kind=kind,
        entered_at=entry.entered_at,
        content=content,
        person_id=people[0] if len(people) == 1 else None,
    )


def _regions(ids: Mapping[str, set[UUID]]) -> Iterator[Row[UUID, UUID]]:
    for kind, statements in (
        ("certificate_event", [_of_events]),
        ("record", [_of_attempts, _of_practicals]),
    ):
        for statement in statements:
            if ids.get(kind):
                yield from db.session.execute(statement(ids[kind])).all()


def _of_events(ids: set[UUID]) -> Select[UUID, UUID]:
    return (
        select(CertificateEvent.id, Organisation.region_id)
        .join(Certificate, Certificate.id == CertificateEvent.certificate_id)
        .join(Issuer, Issuer.id == Certificate.issuer_id)
        .join(Organisation, Organisation.id == Issuer.organisation_id)
        .where(CertificateEvent.id.in_(ids))
    )


def _exams(ids: set[UUID]) -> tuple[type[Record], type[Record], Select[UUID, UUID]]:
    """Return the record, what it corrects, and a statement that joins both."""
    record, corrected = aliased(Record), aliased(Record)
    joined = (
        select(record.id, Organisation.region_id)
        .outerjoin(corrected, corrected.id == record.corrects_id)
        .where(
            record.id.in_(ids),
            func.coalesce(corrected.kind, record.kind) == RecordKind.EXAM,
        )
    )
    return record, corrected, joined


def _of_attempts(ids: set[UUID]) -> Select[UUID, UUID]:
    record, corrected, joined = _exams(ids)
    subject = func.coalesce(corrected.subject_id, record.subject_id)
    return (
        joined.join(Attempt, Attempt.id == subject)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Organisation, Organisation.id == Exam.organisation_id)
    )


def _of_practicals(ids: set[UUID]) -> Select[UUID, UUID]:
    record, corrected, joined = _exams(ids)
    subject = func.coalesce(corrected.subject_id, record.subject_id)
    return joined.join(Practical, Practical.id == subject).join(
        Organisation, Organisation.id == Practical.organisation_id
    )
