"""What awaits the confirmation of an assessor, across people (待考核人签字)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select

from server.db import db
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.paging import Page, page
from server.people.models import Person
from server.people.models import within as people_within
from server.records.entries import RecordKind, TrainingPurpose
from server.records.models import AwaitedSignature, Record
from server.records.services import signatures
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
            AwaitedSignature.record_id,
            Record.person_id,
            Person.name,
            AwaitedSignature.happened_on,
            Record.source,
            Record.content,
        )
        .select_from(AwaitedSignature)
        .join(Record, Record.id == AwaitedSignature.record_id)
        .join(Person, Person.id == Record.person_id)
        .where(
            signatures.asked_of(AwaitedSignature),
            AwaitedSignature.organisation_id.in_(_assessing(scope, organisation_id)),
            people_within(scope),
            *signatures.unsettled(AwaitedSignature.record_id),
            *_filters(purpose, since, until, objected),
        )
    )
    keys = [AwaitedSignature.happened_on, AwaitedSignature.record_id]
    found = page(statement, keys, cursor=cursor, limit=limit, descending=True)
    return Page(items=_told(found.items), next_cursor=found.next_cursor)


def _told(rows: Sequence[Any]) -> list[Awaiting]:
    if not rows:
        return []
    signed, objections = _by_worker([row.record_id for row in rows])
    return [
        Awaiting(
            record_id=row.record_id,
            person_id=row.person_id,
            name=row.name,
            happened_on=row.happened_on,
            source=row.source,
            content=row.content,
            by_worker=row.record_id in signed,
            objection=None if row.record_id in signed else objections.get(row.record_id),
        )
        for row in rows
    ]


def _filters(
    purpose: TrainingPurpose | None, since: date | None, until: date | None, objected: bool | None
) -> Iterator[ColumnElement[bool]]:
    row = AwaitedSignature
    if purpose is not None:
        yield row.purpose == purpose
    if since is not None:
        yield row.happened_on >= since
    if until is not None:
        yield row.happened_on <= until
    if objected is not None:
        stands = and_(
            signatures.said(row.record_id, RecordKind.OBJECTION, "worker"),
            ~signatures.said(row.record_id, RecordKind.CONFIRMATION, "worker"),
        )
        yield stands if objected else ~stands


def _assessing(scope: Scope, organisation_id: UUID | None) -> Select[Any]:
    """Return the organisations whose assessments are asked for."""
    ids = select(Organisation.id).where(organisations_within(scope))
    if organisation_id is None:
        return ids
    asked = organisations.get(organisation_id, scope=scope)
    return ids.where(beneath(Organisation.path, asked.path))


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
