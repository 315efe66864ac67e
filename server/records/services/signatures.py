"""Keeping in view what awaits its assessor's signature, however long the ledger is (待签字索引)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import aliased

from server.db import db
from server.records import confirmations
from server.records.entries import RecordKind
from server.records.models import AwaitedSignature, Record

#: Whose signature it is.
ASSESSOR = "assessor"

#: Rows let go of by one statement.
_MANY = 500


def note(records: Iterable[Record]) -> None:
    """Keep of new entries what awaits its assessor, and let go of what they sign or correct."""
    added, settled = [], set()
    for record in records:
        if record.corrects_id is not None:
            settled.add(record.corrects_id)
        if record.kind is RecordKind.CONFIRMATION and record.content["as"] == ASSESSOR:
            settled.add(record.subject_id)
        added += _awaited(record)
    if added:
        db.session.add_all(added)
        db.session.flush()
    _let_go(settled)


def missed() -> list[AwaitedSignature]:
    """Return what awaits its assessor and is not kept: the whole ledger is looked through.

    There is such an entry when the rules were changed, or a server that knew nothing of this table
    wrote it while the platform was brought up to date.
    """
    taught_for = func.coalesce(
        Record.content["employer_id"].as_string(), Record.content["provider_id"].as_string()
    )
    kept = exists().where(AwaitedSignature.record_id == Record.id)
    statement = select(Record.id, taught_for, Record.purpose, Record.happened_on).where(
        Record.kind == RecordKind.TRAINING,
        Record.content["passed"].as_string().is_not(None),
        taught_for.is_not(None),
        asked_of(Record),
        ~kept,
        *unsettled(Record.id),
    )
    return [_row(*found) for found in db.session.execute(statement)]


def keep(missing: Sequence[AwaitedSignature]) -> int:
    """Keep what was missed, and let go of what nobody asks for any more; return how many."""
    known = _known([one.record_id for one in missing])
    added = [one for one in missing if one.record_id not in known]
    db.session.add_all(added)
    db.session.flush()
    row = AwaitedSignature
    entry = exists().where(Record.id == row.record_id)
    stands = and_(entry, asked_of(row), *unsettled(row.record_id))
    over = set(db.session.scalars(select(row.record_id).where(~stands)))
    _let_go(over)
    return len(added) + len(over)


def asked_of(table: type[Record] | type[AwaitedSignature]) -> ColumnElement[bool]:
    """Return the condition that the law of its day asks for the assessor's signature."""
    return or_(
        *(
            and_(
                table.purpose.in_(rule.purposes),
                table.happened_on >= rule.effective_from,
                table.happened_on <= (rule.effective_until or date.max),
            )
            for rule in confirmations.shipped()
            if ASSESSOR in rule.by
        )
    )


def unsettled(record_id: Any) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that the assessor has not signed an entry and nobody corrected it."""
    correction = aliased(Record)
    corrected = exists().where(correction.corrects_id == record_id)
    return ~said(record_id, RecordKind.CONFIRMATION, ASSESSOR), ~corrected


def said(record_id: Any, kind: RecordKind, role: str) -> ColumnElement[bool]:
    """Return the condition that somebody confirmed an entry, or objected to it."""
    about = aliased(Record)
    return exists().where(
        about.subject_id == record_id,
        about.kind == kind,
        about.content["as"].as_string() == role,
    )


def _awaited(record: Record) -> list[AwaitedSignature]:
    if record.kind is not RecordKind.TRAINING or record.content.get("passed") is None:
        return []
    day = record.happened_on
    taught_for = record.content.get("employer_id") or record.content.get("provider_id")
    asked = confirmations.asked_of(str(record.purpose), day.isoformat())
    if ASSESSOR not in asked or taught_for is None:
        return []
    return [_row(record.id, taught_for, str(record.purpose), day)]


def _row(record_id: UUID, taught_for: str, purpose: str, day: date) -> AwaitedSignature:
    return AwaitedSignature(
        record_id=record_id, organisation_id=UUID(taught_for), purpose=purpose, happened_on=day
    )


def _known(record_ids: Sequence[UUID]) -> set[UUID]:
    known: set[UUID] = set()
    for start in range(0, len(record_ids), _MANY):
        some = record_ids[start : start + _MANY]
        statement = select(AwaitedSignature.record_id).where(AwaitedSignature.record_id.in_(some))
        known.update(db.session.scalars(statement))
    return known


def _let_go(record_ids: set[UUID]) -> None:
    ids = sorted(record_ids)
    for start in range(0, len(ids), _MANY):
        some = ids[start : start + _MANY]
        db.session.execute(delete(AwaitedSignature).where(AwaitedSignature.record_id.in_(some)))
