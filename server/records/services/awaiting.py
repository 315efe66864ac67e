"""What awaits the confirmation of an assessor, across people (待考核人签字)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select
from sqlalchemy.orm import aliased

from server.db import db
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.paging import Page, page
from server.people.models import Person
from server.people.models import within as people_within
from server.records import confirmations
from server.records.entries import RecordKind, TrainingPurpose
from server.records.models import Record
from server.regions.models import beneath
from server.scopes import Scope


@dataclass(frozen=True, kw_only=True)
class Awaiting:
    """An assessment that its assessor has not signed yet."""

    record_id: UUID
    person_id: UUID
    name: str
    happened_on: date
    #: Who taught and assessed, by name.
    source: str
    #: The training, as the ledger keeps it.
    content: Mapping[str, Any]
    #: Whether the worker has signed.
    by_worker: bool
    #: Why the worker does not; None where nothing was said.
    objection: str | None


def listed(
    scope: Scope,
    *,
    organisation_id: UUID | None = None,
    purpose: TrainingPurpose | None = None,
    since: date | None = None,
    until: date | None = None,
    objected: bool | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of assessments that await their assessor's signature, the newest first.

    Args:
        scope: where the asker assesses: of people seen there, taught by organisations of it.
        organisation_id: only those of this organisation and what lies beneath it.
        purpose: what the training was for.
        since: the first day on which it was finished.
        until: the last day.
        objected: whether the worker objects to it.
        cursor: where the page begins; None for the first.
        limit: how many.

    Raises:
        NotFound: the organisation asked for lies outside the scope.
    """
    statement = (
        select(
            Record.id,
            Record.person_id,
            Person.name,
            Record.happened_on,
            Record.source,
            Record.content,
        )
        .join(Person, Person.id == Record.person_id)
        .where(
            Record.kind == RecordKind.TRAINING,
            Record.content["passed"].as_string().is_not(None),
            _asked(),
            _plain(_taught_for()).in_(_assessing(scope, organisation_id)),
            people_within(scope),
            ~_said(RecordKind.CONFIRMATION, "assessor"),
            ~_corrected(),
            *_filters(purpose, since, until, objected),
        )
    )
    keys = [Record.happened_on, Record.id]
    found = page(statement, keys, cursor=cursor, limit=limit, descending=True)
    return Page(items=_told(found.items), next_cursor=found.next_cursor)


def _told(rows: Sequence[Any]) -> list[Awaiting]:
    signed, objections = _by_worker([row.id for row in rows])
    return [
        Awaiting(
            record_id=row.id,
            person_id=row.person_id,
            name=row.name,
            happened_on=row.happened_on,
            source=row.source,
            content=row.content,
            by_worker=row.id in signed,
            objection=None if row.id in signed else objections.get(row.id),
        )
        for row in rows
    ]


def _filters(
    purpose: TrainingPurpose | None, since: date | None, until: date | None, objected: bool | None
) -> Iterator[ColumnElement[bool]]:
    if purpose is not None:
        yield Record.purpose == purpose
    if since is not None:
        yield Record.happened_on >= since
    if until is not None:
        yield Record.happened_on <= until
    if objected is not None:
        # Objections are few: they are looked for once, not beside every entry.
        about = aliased(Record)
        disputed = select(about.subject_id).where(about.kind == RecordKind.OBJECTION)
        stands = and_(Record.id.in_(disputed), ~_said(RecordKind.CONFIRMATION, "worker"))
        yield stands if objected else ~stands


def _assessing(scope: Scope, organisation_id: UUID | None) -> Select[Any]:
    """Return the organisations whose assessments are asked for, as plain ids."""
    ids = select(_plain(cast(Organisation.id, String))).where(organisations_within(scope))
    if organisation_id is None:
        return ids
    asked = organisations.get(organisation_id, scope=scope)
    return ids.where(beneath(Organisation.path, asked.path))


def _asked() -> ColumnElement[bool]:
    """Return the condition that the law of its day asks for the assessor's signature."""
    return or_(
        *(
            and_(
                Record.purpose.in_(rule.purposes),
                Record.happened_on >= rule.effective_from,
                Record.happened_on <= (rule.effective_until or date.max),
            )
            for rule in confirmations.shipped()
            if "assessor" in rule.by
        )
    )


def _taught_for() -> ColumnElement[str]:
    """Return whose assessor signs: the employer it was for, else who taught."""
    return func.coalesce(
        Record.content["employer_id"].as_string(), Record.content["provider_id"].as_string()
    )


def _plain(written: ColumnElement[str]) -> ColumnElement[str]:
    """Return an id as digits alone: one database writes it with hyphens, the other without."""
    return func.replace(written, "-", "")


def _said(kind: RecordKind, role: str) -> ColumnElement[bool]:
    about = aliased(Record)
    return (
        select(about.id)
        .where(
            about.subject_id == Record.id,
            about.kind == kind,
            about.content["as"].as_string() == role,
        )
        .exists()
    )


def _corrected() -> ColumnElement[bool]:
    correction = aliased(Record)
    return select(correction.id).where(correction.corrects_id == Record.id).exists()


def _by_worker(record_ids: Collection[UUID]) -> tuple[set[UUID], dict[UUID, str]]:
    """Return which of these entries their workers signed, and what they object to others."""
    statement = select(Record.subject_id, Record.kind, Record.content).where(
        Record.subject_id.in_(record_ids),
        Record.kind.in_((RecordKind.CONFIRMATION, RecordKind.OBJECTION)),
    )
    signed, objections = set(), {}
    for subject_id, kind, content in db.session.execute(statement):
        if kind is RecordKind.OBJECTION:
            objections[subject_id] = str(content["words"])
        elif content["as"] == "worker":
            signed.add(subject_id)
    return signed, objections
