"""The ledger: every part adds to it, nobody changes it (培训记录)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import aliased

from server import days
from server.audit import masking
from server.audit.errors import NumberNotMasked
from server.db import db
from server.errors import NotFound
from server.plain_sql import Statement, hyphened
from server.policy import Identity
from server.records import entries
from server.records.entries import RecordKind, TrainingDone, TrainingPurpose
from server.records.models import Record
from server.records.services import signatures


def add(person_id: UUID, kind: RecordKind, **told: Any) -> Record:
    """Add one fact to a person's ledger, told as `entry` takes it.

    Raises:
        NumberNotMasked: an identity number stands in it in clear.
    """
    record = entry(person_id, kind, **told)
    add_all([record])
    return record


def add_all(records: Iterable[Record]) -> None:
    """Add facts to the ledger, of one person or of many."""
    added = list(records)
    db.session.add_all(added)
    db.session.flush()
    signatures.note(added)


def entry(
    person_id: UUID,
    kind: RecordKind,
    *,
    subject_id: UUID,
    happened_at: datetime,
    content: Mapping[str, object],
    source: str,
    at: datetime,
    by: Identity | None = None,
    record_id: UUID | None = None,
    purpose: str | None = None,
    role: str | None = None,
    item: str | None = None,
    corrects_id: UUID | None = None,
    reason: str | None = None,
) -> Record:
    """Return one fact as a person's ledger takes it.

    Args:
        person_id: whose.
        kind: what it speaks of.
        subject_id: what it is about: an attempt, a certificate.
        happened_at: when it happened.
        content: plain values, as the caller wants to read them again.
        source: who says so, in words.
        at: the moment of writing.
        by: who writes; None where the platform does.
        record_id: the id the client made, where it made one.
        purpose: what a training was for.
        role: the role it was for; None for anything.
        item: the operation item it was for; None for anything.
        corrects_id: the entry that this one corrects.
        reason: why.

    Raises:
        NumberNotMasked: an identity number stands in it in clear.
    """
    plain = {str(key): masking.plain(value) for key, value in content.items()}
    if masking.holds_an_id_number(plain) or masking.holds_an_id_number([source, reason]):
        raise NumberNotMasked
    return Record(
        id=record_id or uuid4(),
        person_id=person_id,
        kind=kind,
        subject_id=subject_id,
        happened_at=happened_at,
        happened_on=days.civil_day(happened_at),
        purpose=purpose,
        role=role,
        item=item,
        content=plain,
        source=source,
        recorded_at=at,
        recorded_by_id=by.account_id if by else None,
        corrects_id=corrects_id,
        reason=reason,
    )


def get(record_id: UUID, *, person_id: UUID) -> Record:
    """Return an entry of a person's ledger.

    Raises:
        NotFound: the person's ledger has no such entry.
    """
    record = db.session.get(Record, record_id)
    if record is None or record.person_id != person_id:
        raise NotFound
    return record


def of(person_id: UUID, kind: RecordKind | None = None) -> list[Record]:
    """Return everything in a person's ledger (of one kind), as it happened."""
    statement = select(Record).where(Record.person_id == person_id)
    if kind is not None:
        statement = statement.where(Record.kind == kind)
    ordered = statement.order_by(Record.happened_at, Record.recorded_at, Record.id)
    return list(db.session.execute(ordered).scalars())


#: What the lines of a file are made of, in the order of the fields of a line, and as text. All of
#: them come back as one row: see `server.plain_sql`.
_ROWS = Statement(
    sqlite="""
        SELECT json_group_array(json_array(id, kind,
            replace(replace(happened_at, ' ', 'T'), '.000000', '') || '+00:00', happened_on,
            subject_id, json(content), source,
            replace(replace(recorded_at, ' ', 'T'), '.000000', '') || '+00:00',
            corrects_id, reason))
        FROM record WHERE person_id = ?
    """,
    postgresql="""
        SELECT json_agg(json_build_array(id, kind,
            replace(to_char(happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
                '.000000', '') || '+00:00',
            happened_on, subject_id, content, source,
            replace(to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
                '.000000', '') || '+00:00',
            corrects_id, reason))::text
        FROM record WHERE person_id = %s::uuid
    """,
)
_KINDS = {kind.value: kind for kind in RecordKind}


def rows_of(person_id: UUID) -> list[tuple[Any, ...]]:
    """Return what the lines of a person's file are made of, in any order.

    By hand, because a file of five hundred lines is five thousand values, and passing each
    through the toolkit cost half of a look.
    """
    rows = []
    found = _ROWS.run(db.session.connection(), person_id.hex)
    for id, kind, at, on, subject, content, source, recorded, corrects, reason in found:
        own = hyphened(id)
        about = own if subject == id else hyphened(subject)
        wrong = None if corrects is None else hyphened(corrects)
        rows.append((own, _KINDS[kind], at, on, about, content, source, recorded, wrong, reason))
    return rows


def row_of(record: Record) -> tuple[Any, ...]:
    """Return what the line of an entry is made of."""
    return (
        str(record.id),
        record.kind,
        record.happened_at.astimezone(UTC).isoformat(),
        record.happened_on.isoformat(),
        str(record.subject_id),
        record.content,
        record.source,
        record.recorded_at.astimezone(UTC).isoformat(),
        None if record.corrects_id is None else str(record.corrects_id),
        record.reason,
    )


def standing(person_id: UUID, kind: RecordKind | None = None) -> list[Record]:
    """Return what stands in a person's ledger: corrected entries and withdrawals left out."""
    found: list[Record] = entries.standing(of(person_id))
    return [record for record in found if kind is None or record.kind is kind]


class Fact(NamedTuple):
    """What rules ask of an entry that stands."""

    kind: RecordKind
    happened_on: date
    purpose: str | None
    role: str | None
    item: str | None
    content: Mapping[str, Any]


def facts_of(person_ids: Collection[UUID], kinds: Collection[RecordKind]) -> dict[UUID, list[Fact]]:
    """Return what stands of these kinds in the ledgers of many people, as it happened.

    One statement, however many they are; everybody who was asked about is in the reply.
    """
    correction = aliased(Record)
    corrected = select(correction.id).where(correction.corrects_id == Record.id).exists()
    statement = (
        select(
            Record.person_id,
            Record.kind,
            Record.happened_on,
            Record.purpose,
            Record.role,
            Record.item,
            Record.content,
        )
        .where(Record.person_id.in_(person_ids), Record.kind.in_(kinds), ~corrected)
        .order_by(Record.happened_at, Record.recorded_at, Record.id)
    )
    found: dict[UUID, list[Fact]] = {one: [] for one in person_ids}
    for person_id, *told in db.session.execute(statement):
        found[person_id].append(Fact(*told))
    return found


def trained(
    person_id: UUID,
    *,
    role: str,
    item: str | None = None,
    purpose: TrainingPurpose = TrainingPurpose.QUALIFICATION,
) -> list[TrainingDone]:
    """Return the training that counts for a role and, where it has one, its operation item."""
    facts = facts_of([person_id], [RecordKind.TRAINING])[person_id]
    return training_in(facts, role=role, item=item, purpose=purpose)


def training_in(
    facts: Iterable[Fact],
    *,
    role: str,
    item: str | None = None,
    purpose: TrainingPurpose = TrainingPurpose.QUALIFICATION,
) -> list[TrainingDone]:
    """Return the training among facts that counts for a role and its operation item."""
    return [
        TrainingDone(on=fact.happened_on, hours=entries.hours_of(fact.content))
        for fact in facts
        if fact.kind is RecordKind.TRAINING
        and fact.purpose == purpose
        and entries.fits(role, fact.role)
        and entries.fits(item, fact.item)
        and fact.content.get("passed") is not False
    ]


def barred(
    person_ids: Collection[UUID], *, role: str | None = None, item: str | None = None, on: date
) -> set[UUID]:
    """Return who of these is barred on a day: from everything, or from the role and its item.

    Bars are imposed where people are examined; each stands in the file, too, so that whoever
    teaches can heed it.
    """
    correction = aliased(Record)
    corrected = select(correction.id).where(correction.corrects_id == Record.id).exists()
    statement = select(Record.person_id, Record.role, Record.item, Record.content).where(
        Record.person_id.in_(person_ids),
        Record.kind == RecordKind.BAR,
        Record.happened_on <= on,
        ~corrected,
    )
    return {
        person_id
        for person_id, of_role, of_item, content in db.session.execute(statement)
        if (content.get("until_on") or "9999-12-31") >= on.isoformat()
        and (of_role is None or (of_role == role and entries.fits(item, of_item)))
    }
