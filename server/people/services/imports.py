"""Entering a roster: every row is tried, each by itself, and answered (名册导入服务).

A roster is entered in batches, so that the writing of others never waits long. Whatever comes
between two batches, the same roster sent again under the same id ends it: nobody is entered twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from uuid import UUID, uuid5

from sqlalchemy import select

from server import catalogue
from server.db import db
from server.errors import DomainError, Message
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.people import importing, workbook
from server.people.drafts import PersonDraft, PostDraft, name_of
from server.people.importing import Complaint, ReadRow, RosterRow
from server.people.models import Person
from server.people.roster import PostRole
from server.people.services import numbers, people, posts
from server.policy import Identity, Permission
from server.regions import services as regions
from server.regions.models import Region, beneath


class Outcome(StrEnum):
    """What became of a row, or would become of it."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class RowReport:
    """What became of one row."""

    #: The row as the spreadsheet numbers it.
    row: int
    outcome: Outcome
    #: Who was entered or recognised; None where the row was refused.
    person_id: UUID | None = None
    #: Whether the person was known before.
    known: bool = False
    complaints: Sequence[Complaint] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """What became of a roster."""

    #: Whether anything was entered; False for a trial.
    stored: bool
    accepted_count: int
    refused_count: int
    rows: Sequence[RowReport]


@dataclass(frozen=True, kw_only=True)
class _Import:
    """What holds for every row of one roster."""

    id: UUID
    place: Organisation
    #: Held here, so that the session need not look it up again for every row.
    region: Region
    #: Departments by name; None where two have the name.
    departments: dict[str, UUID | None]
    by: Identity
    at: datetime


_OTHER_NAME = Complaint(
    field="name",
    code="name_differs",
    message=Message(
        en="This document is registered under another name.", zh="该证件已登记，但姓名不一致。"
    ),
)
_NO_DEPARTMENT = Complaint(
    field="department",
    code="department_unknown",
    message=Message(
        en="There is no such department, or more than one.",
        zh="没有该名称的部门，或有多个同名部门。",
    ),
)


class _RowRefused(Exception):
    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.code)
        self.complaint = complaint


def read(content: bytes, *, on: date) -> Iterator[list[ReadRow]]:
    """Return the rows of a workbook in batches, each to be entered in a transaction of its own.

    Args:
        content: the .xlsx workbook.
        on: the day of posts that name none.

    Raises:
        SheetUnreadable: it is no workbook, has no header, or too many rows.
    """
    sheet = workbook.first_sheet(content)
    return importing.batches(importing.read(sheet, catalogue=_items_by_name, on=on))


def enter(
    import_id: UUID,
    organisation_id: UUID,
    rows: Sequence[ReadRow],
    *,
    store: bool,
    by: Identity,
    at: datetime,
) -> list[RowReport]:
    """Try a batch against everything that is known, and enter the rows that are accepted.

    Each row is tried by itself: one that is refused leaves nothing behind and stops no other.
    The same batch again enters nobody twice.

    Args:
        import_id: the id the client made for this roster.
        organisation_id: for whom.
        rows: a batch of the roster.
        store: False tries only, with the same report, and leaves nothing behind.
        by: who asks.
        at: the moment.

    Raises:
        NotFound: the organisation is outside the asker's scope.
    """
    place = organisations.get(organisation_id, scope=by.scope(Permission.MANAGE_PEOPLE))
    context = _Import(
        id=import_id,
        place=place,
        region=regions.get(place.region_id),
        departments=_departments(place),
        by=by,
        at=at,
    )
    trial = None if store else db.session.begin_nested()
    reports = [_try_row(one, context) for one in rows]
    if trial is not None:
        trial.rollback()
    return reports if store else [_forget_new(report) for report in reports]


def summed_up(reports: Iterable[RowReport], *, stored: bool) -> Report:
    """Return the report on a whole roster, in the order of its rows."""
    rows = sorted(reports, key=lambda report: report.row)
    accepted = sum(report.outcome is Outcome.ACCEPTED for report in rows)
    return Report(
        stored=stored,
        accepted_count=accepted,
        refused_count=len(rows) - accepted,
        rows=rows,
    )


@cache
def _items_by_name(on: date) -> dict[str, str]:
    return {item.name_zh: item.code for item in catalogue.items(on)}


def _departments(place: Organisation) -> dict[str, UUID | None]:
    found: dict[str, UUID | None] = {}
    statement = select(Organisation.name, Organisation.id).where(
        beneath(Organisation.path, place.path), Organisation.id != place.id
    )
    for name, department_id in db.session.execute(statement):
        found[name] = None if name in found else department_id
    return found


def _try_row(read: ReadRow, context: _Import) -> RowReport:
    if read.row is None:
        return RowReport(row=read.number, outcome=Outcome.REFUSED, complaints=read.complaints)
    try:
        with db.session.begin_nested():
            return _enter_row(read.number, read.row, context)
    except _RowRefused as refused:
        complaint = refused.complaint
    except DomainError as refusal:
        complaint = Complaint(field=None, code=refusal.code, message=refusal.message)
    return RowReport(row=read.number, outcome=Outcome.REFUSED, complaints=[complaint])


def _enter_row(number: int, row: RosterRow, context: _Import) -> RowReport:
    organisation_id = context.place.id
    if row.department is not None:
        department_id = context.departments.get(row.department)
        if department_id is None:
            raise _RowRefused(_NO_DEPARTMENT)
        organisation_id = department_id
    person = numbers.find(row.document_type, row.document_number)
    known = person is not None
    if person is None:
        person = _register(number, row, context)
    elif person.name != name_of(row.name):
        raise _RowRefused(_OTHER_NAME)
    if row.role is not None:
        _assign(number, row, row.role, person.id, organisation_id, context)
    return RowReport(row=number, outcome=Outcome.ACCEPTED, person_id=person.id, known=known)


def _register(number: int, row: RosterRow, context: _Import) -> Person:
    draft = PersonDraft(
        name=row.name,
        registered_under_id=context.place.id,
        document_type=row.document_type,
        document_number=row.document_number,
        sex=row.sex,
        birth_on=row.birth_on,
        phone=row.phone,
        education=row.education,
    )
    person_id = uuid5(context.id, f"person {number}")
    return people.register(person_id, draft, by=context.by, at=context.at)


def _assign(
    number: int,
    row: RosterRow,
    role: PostRole,
    person_id: UUID,
    organisation_id: UUID,
    context: _Import,
) -> None:
    draft = PostDraft(
        person_id=person_id,
        organisation_id=organisation_id,
        role=role,
        items=row.items,
        from_on=row.from_on,
        until_on=row.until_on,
    )
    there = (one for one in posts.of(person_id) if one.organisation_id == organisation_id)
    if any(one.holding == draft.holding for one in there):
        return
    posts.assign(
        uuid5(context.id, f"post {number}"),
        draft,
        document_number=row.document_number,
        by=context.by,
        at=context.at,
    )


def _forget_new(report: RowReport) -> RowReport:
    return report if report.known else replace(report, person_id=None)
