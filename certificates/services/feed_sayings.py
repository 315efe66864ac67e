"""What an entry of the feed says to a system: no more of a person than was agreed (数据流内容)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from certificates.models import (
    Certificate,
    CertificateEvent,
    CoverageBatch,
    CoverageChange,
    CoverageIndicator,
    CoverageNumber,
    EventKind,
)
from server.db import db
from server.exchange.models import ExchangeAgreement, ExchangeEntry
from server.exchange.terms import PersonField
from server.people.models import Person
from server.people.models.doubles import PersonMerge
from server.people.services import numbers
from server.records.models import Record

#: What of a record of an exam is told.
_OUTCOME = (
    *("exam_id", "exam", "qualification", "part", "score", "max_score", "passed"),
    *("voided", "void_reason", "attempt_number"),
)
_SUMS = ("required", "missing", "excluded", "items_required", "items_missing", "items_excluded")

#: What is told, and whom it is about.
Told = tuple[str, dict[str, Any], tuple[UUID, ...]]


def told(entries: Sequence[ExchangeEntry], agreement: ExchangeAgreement) -> dict[int, Told]:
    """Return what each entry says, by its number; what is gone or superseded is left out."""
    by_kind: dict[str, dict[Any, int]] = {}
    for each in entries:
        # Where a merge was noted twice, with its undo, the last word stands.
        by_kind.setdefault(each.kind, {})[each.subject_id or each.number] = each.seq
    found: dict[int, Told] = {}
    for kind, say in _SAY.items():
        if kind in by_kind:
            found |= {by_kind[kind][key]: said for key, said in say(by_kind[kind], agreement)}
    return found


def _say_events(
    wanted: Mapping[UUID, int], agreement: ExchangeAgreement
) -> Iterator[tuple[UUID, Told]]:
    event, paper = CertificateEvent, Certificate
    statement = (
        select(event, paper, Person)
        .join(paper, paper.id == event.certificate_id)
        .join(Person, Person.id == paper.person_id)
        .where(event.id.in_(list(wanted)))
        .options(lazyload("*"))
    )
    for befell, held, person in db.session.execute(statement):
        issued = befell.kind is EventKind.ISSUED
        content = {
            "certificate_id": str(held.id),
            "serial": held.serial,
            "sequence": befell.sequence,
            "kind": befell.kind.value,
            "effective_on": befell.effective_on.isoformat(),
            "ground": befell.ground,
            "document": befell.document,
            "at": _moment(befell.at),
            **(_paper(held, person, agreement) if issued else {}),
        }
        yield befell.id, ("certificate" if issued else "status", content, (person.id,))


def _paper(held: Certificate, person: Person, agreement: ExchangeAgreement) -> dict[str, Any]:
    return {
        "number": held.number,
        "edition": held.edition,
        "title_zh": held.content["title_zh"],
        "qualification": held.content["qualification"],
        "issuer": held.content["issuer"],
        "valid_from": held.valid_from.isoformat(),
        "valid_until": held.valid_until.isoformat(),
        "review_days": held.review_days,
        "previous_id": str(held.previous_id) if held.previous_id else None,
        "holder": _holder(person, agreement, held.content["holder"]),
    }


def _say_records(
    wanted: Mapping[UUID, int], agreement: ExchangeAgreement
) -> Iterator[tuple[UUID, Told]]:
    statement = (
        select(Record, Person)
        .join(Person, Person.id == Record.person_id)
        .where(Record.id.in_(list(wanted)))
    )
    for record, person in db.session.execute(statement):
        content = {
            "record_id": str(record.id),
            "corrects_id": str(record.corrects_id) if record.corrects_id else None,
            "subject_id": str(record.subject_id),
            "happened_on": record.happened_on.isoformat(),
            "role": record.role,
            "item": record.item,
            **{name: record.content.get(name) for name in _OUTCOME},
            "candidate": _holder(person, agreement, None),
        }
        yield record.id, ("outcome", content, (person.id,))


def _holder(
    person: Person, agreement: ExchangeAgreement, frozen: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return of a person what the agreement tells: as on the day of issue, where that is frozen."""
    shown: dict[str, Any] = {"person_id": str(person.id)}
    if agreement.tells(PersonField.NAME):
        shown["name"] = frozen["name"] if frozen else person.name
    if agreement.tells(PersonField.DOCUMENT_MASKED):
        shown["document_masked"] = frozen["document_masked"] if frozen else person.document_masked
    if agreement.tells(PersonField.DOCUMENT):
        shown["document_type"] = person.document_type.value
        shown["document"] = numbers.opened(person)
    return shown


def _say_batches(
    wanted: Mapping[int, int], agreement: ExchangeAgreement
) -> Iterator[tuple[int, Told]]:
    latest = (
        select(ExchangeEntry.number, func.max(ExchangeEntry.seq))
        .where(ExchangeEntry.kind == "coverage_batch", ExchangeEntry.number.in_(list(wanted)))
        .group_by(ExchangeEntry.number)
    )
    newest = dict(db.session.execute(latest).all())
    batches = select(CoverageBatch).where(CoverageBatch.seq.in_(list(wanted)))
    changes = _changes(list(wanted), agreement)
    for batch in db.session.execute(batches).scalars():
        # After everything was counted anew numbers begin again: the earlier ones are forgotten.
        if newest.get(batch.seq) != wanted[batch.seq]:
            continue
        content = {
            "known_seq": batch.seq,
            "opening": batch.opening,
            "recorded_at": _moment(batch.recorded_at),
            "region_id": str(agreement.region_id),
            "changes": changes.get(batch.seq, []),
        }
        yield batch.seq, ("coverage", content, ())


def _changes(batches: Sequence[int], agreement: ExchangeAgreement) -> dict[int, list[Any]]:
    """Return what each batch changed in the sums of the agreement's region, by indicator and day.

    Added up from the last opening on, they are the sums of any day.
    """
    ledger = CoverageChange
    statement = (
        select(ledger, CoverageIndicator.key)
        .join(CoverageIndicator, CoverageIndicator.number == ledger.indicator)
        .join(CoverageNumber, CoverageNumber.number == ledger.region)
        .where(CoverageNumber.thing_id == agreement.region_id, ledger.seq.in_(batches))
        .order_by(ledger.seq, CoverageIndicator.key, ledger.day)
    )
    found: dict[int, list[Any]] = {}
    for line, key in db.session.execute(statement):
        day = date.fromordinal(line.day).isoformat()
        sums = {name: getattr(line, name) for name in _SUMS}
        found.setdefault(line.seq, []).append({"indicator": key, "day": day, **sums})
    return found


def _say_merges(
    wanted: Mapping[UUID, int], _agreement: ExchangeAgreement
) -> Iterator[tuple[UUID, Told]]:
    statement = select(PersonMerge).where(PersonMerge.id.in_(list(wanted)))
    for merge in db.session.execute(statement).scalars():
        content = {
            "kept_id": str(merge.kept_id),
            "merged_id": str(merge.merged_id),
            "undone": merge.undone_at is not None,
        }
        yield merge.id, ("person", content, ())


_SAY: dict[str, Any] = {
    "certificate_event": _say_events,
    "record": _say_records,
    "coverage_batch": _say_batches,
    "person_merge": _say_merges,
}


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
