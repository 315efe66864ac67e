"""Entering a roster: every row is tried, each by itself, and answered (名册导入服务).

A roster is entered in batches, so that the writing of others never waits long. Whatever comes
between two batches, the same roster sent again under the same id ends it: nobody is entered twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID, uuid5

from sqlalchemy import select

from server import catalogue
from server.db import db
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.people import importing
from server.people.drafts import PersonDraft, PostDraft, name_of
from server.people.importing import RosterRow
from server.people.models import Person
from server.people.naming import Named
from server.people.services import newcomers, numbers, people, posts
from server.people.services.newcomers import Newcomer
from server.policy import Identity, Permission
from server.regions import services as regions
from server.regions.models import Region, beneath
from server.sheets import entering, reading, workbook
from server.sheets.entering import Outcome, RowReport
from server.sheets.reading import ReadRow


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

    def person_id(self, number: int) -> UUID:
        """Return the id of whoever a row registers: the same, however often it is sent."""
        return uuid5(self.id, f"person {number}")


def read(content: bytes, *, on: date) -> Iterator[list[ReadRow[RosterRow]]]:
    """Return the rows of a workbook in batches, each to be entered in a transaction of its own.

    Args:
        content: the .xlsx workbook.
        on: the day of posts that name none.

    Raises:
        SheetUnreadable: it is no workbook, has no header, or too many rows.
    """
    form = importing.form(_items_by_name, on=on)
    return reading.batches(reading.read(workbook.first_sheet(content), form), form)


def enter(
    import_id: UUID,
    organisation_id: UUID,
    rows: Sequence[ReadRow[RosterRow]],
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
    return entering.enter(
        rows,
        lambda number, row: _enter_row(number, row, context),
        store=store,
        together=lambda plain: _enter_newcomers(plain, context),
    )


def known_as(row: Named) -> Person | None:
    """Return whom a row of any sheet names; None for somebody who is not registered.

    Raises:
        RowRefused: the document is registered under another name.
    """
    person = numbers.find(row.document_type, row.document_number)
    check_name(person, row)
    return person


def check_name(person: Person | None, row: Named) -> None:
    """Make sure that whoever has the document of a row has its name, too.

    Raises:
        RowRefused: the document is registered under another name.
    """
    if person is not None and person.name != name_of(row.name):
        raise entering.refused(
            "name",
            "name_differs",
            en="This document is registered under another name.",
            zh="该证件已登记，但姓名不一致。",
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


def _enter_newcomers(rows: Mapping[int, RosterRow], context: _Import) -> Mapping[int, RowReport]:
    """Enter together whoever is plainly new and comes to a place that there is."""
    placed = {number: _place_of(row, context) for number, row in rows.items()}
    scope = context.by.scope(Permission.MANAGE_POSTS)
    for place in {one for number, one in placed.items() if one and rows[number].role}:
        organisations.get(place, scope=scope)
    asked = [
        Newcomer(
            id=context.person_id(number),
            draft=_person_draft(rows[number], context),
            post=_post_of(number, rows[number], context.person_id(number), place, context),
        )
        for number, place in placed.items()
        if place is not None
    ]
    entered = newcomers.register(asked, by=context.by, at=context.at)
    return {
        number: RowReport(row=number, outcome=Outcome.ACCEPTED, person_id=person_id)
        for number in rows
        if (person_id := context.person_id(number)) in entered
    }


def _place_of(row: RosterRow, context: _Import) -> UUID | None:
    """Return where a row's post is; None where there is no such department, or more than one."""
    return context.place.id if row.department is None else context.departments.get(row.department)


def _enter_row(number: int, row: RosterRow, context: _Import) -> RowReport:
    place = _place_of(row, context)
    if place is None:
        raise entering.refused(
            "department",
            "department_unknown",
            en="There is no such department, or more than one.",
            zh="没有该名称的部门，或有多个同名部门。",
        )
    person = known_as(row)
    known = person is not None
    if person is None:
        draft = _person_draft(row, context)
        person = people.register(context.person_id(number), draft, by=context.by, at=context.at)
    post = _post_of(number, row, person.id, place, context)
    if post is not None:
        _assign(*post, row, context)
    return RowReport(row=number, outcome=Outcome.ACCEPTED, person_id=person.id, known=known)


def _person_draft(row: RosterRow, context: _Import) -> PersonDraft:
    return PersonDraft(
        name=row.name,
        registered_under_id=context.place.id,
        document_type=row.document_type,
        document_number=row.document_number,
        sex=row.sex,
        birth_on=row.birth_on,
        phone=row.phone,
        education=row.education,
    )


def _post_of(
    number: int, row: RosterRow, person_id: UUID, place: UUID, context: _Import
) -> tuple[UUID, PostDraft] | None:
    """Return the post of a row under its id; None where the row names none."""
    if row.role is None:
        return None
    draft = PostDraft(
        person_id=person_id,
        organisation_id=place,
        role=row.role,
        items=row.items,
        from_on=row.from_on,
        until_on=row.until_on,
    )
    return uuid5(context.id, f"post {number}"), draft


def _assign(post_id: UUID, draft: PostDraft, row: RosterRow, context: _Import) -> None:
    held = posts.of(draft.person_id)
    there = [one.holding for one in held if one.organisation_id == draft.organisation_id]
    if draft.holding not in there:
        number = row.document_number
        posts.assign(post_id, draft, document_number=number, by=context.by, at=context.at)
