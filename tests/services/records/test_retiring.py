"""A file ages: three years after the last post, six after special operations, it is let go of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.db import db
from server.people.models import Person
from server.people.roster import PostRole
from server.policy import Role
from server.records.entries import RecordKind
from server.records.models import Record, RetiredRecord
from server.records.services import files, ledger, retiring
from server.scopes import EVERYWHERE
from tests.factories.lives import a_line
from tests.factories.organisations import an_organisation
from tests.factories.people import a_person, a_post, who
from tests.moments import NOON

LEFT = date(2020, 6, 15)
MONTH = timedelta(days=30)


def moment(on: date) -> datetime:
    return NOON.replace(year=on.year, month=on.month, day=on.day)


def announce(on: date) -> int:
    return retiring.announce(at=moment(on), on=on)


def let_go(on: date) -> int:
    return retiring.let_go(at=moment(on), on=on)


def somebody_who_left(role: PostRole) -> Person:
    """Store somebody who left their last post, with a line of every sort."""
    works = an_organisation(name="某厂")
    person = a_person(works)
    items = ("1.2",) if role is PostRole.SPECIAL_OPERATIONS_WORKER else ()
    a_post(person, works, role=role, items=items, from_on=date(2014, 1, 1), until_on=LEFT)
    for kind in (
        RecordKind.TRAINING,
        RecordKind.VIOLATION,
        RecordKind.HEALTH,
        RecordKind.NOTE,
        RecordKind.EXAM,
        RecordKind.CERTIFICATE,
        RecordKind.BAR,
    ):
        a_line(person, kind, on=date(2015, 3, 1), content={"summary": "某事"})
    return person


def kinds(person: Person) -> set[RecordKind]:
    return {one.kind for one in ledger.of(person.id)}


@pytest.mark.parametrize(
    ("role", "years"),
    [
        (PostRole.SPECIAL_OPERATIONS_WORKER, 6),
        (PostRole.EMPLOYEE, 3),
        (PostRole.PRINCIPAL, 3),
    ],
)
def test_what_the_law_no_longer_asks_for_goes_after_its_years_and_a_month_on_the_list(
    inside: Flask, role: PostRole, years: int
) -> None:
    person = somebody_who_left(role)
    last = LEFT.replace(year=LEFT.year + years)
    before = files.read(person.id, at=NOON, on=last)

    assert announce(last) == 0
    assert announce(last + timedelta(days=1)) == 4
    assert announce(last + timedelta(days=2)) == 0
    assert let_go(last + MONTH) == 0
    assert let_go(last + MONTH + timedelta(days=1)) == 4

    # Whether somebody was certified, examined or barred is answered for ever.
    assert kinds(person) == {RecordKind.EXAM, RecordKind.CERTIFICATE, RecordKind.BAR}
    after = files.read(person.id, at=NOON, on=last)
    assert len(before.lines) - len(after.lines) == 4
    gone = db.session.execute(select(RetiredRecord)).scalars().all()
    assert {one.kind for one in gone} == {"training", "violation", "health", "note"}
    assert all(len(one.line_hash) == 64 and one.retired_at is not None for one in gone)


def test_who_must_be_kept_longer_holds_up_nobody(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One at a time: welders who left first are not due, nor are their files looked at."""
    monkeypatch.setattr(retiring, "_PEOPLE", 1)
    for _ in range(2):
        somebody_who_left(PostRole.SPECIAL_OPERATIONS_WORKER)
    clerks = {somebody_who_left(PostRole.EMPLOYEE).id for _ in range(2)}
    day = date(2024, 7, 1)

    assert [announce(day), announce(day), announce(day)] == [4, 4, 0]
    assert {one.person_id for one in retiring.listed(EVERYWHERE, limit=10).items} == clerks


def test_who_works_again_or_is_in_dispute_keeps_the_file(inside: Flask) -> None:
    idle, returned = (somebody_who_left(PostRole.EMPLOYEE) for _ in range(2))
    a_post(returned, from_on=date(2024, 1, 1))
    day = date(2024, 7, 1)

    assert announce(day) == 4
    listed = retiring.listed(EVERYWHERE, limit=10).items
    assert {one.person_id for one in listed} == {idle.id}
    held: UUID = next(one.record_id for one in listed if one.kind == "violation")
    retiring.hold(held, reason="事故调查尚未结束", by=who(*Role), at=moment(day))

    assert let_go(day + MONTH) == 3
    assert db.session.get(Record, held) is not None
    assert kinds(returned) >= {RecordKind.TRAINING, RecordKind.VIOLATION}


def test_six_years_count_for_who_welded_once_and_managed_later(inside: Flask) -> None:
    person = somebody_who_left(PostRole.SPECIAL_OPERATIONS_WORKER)
    a_post(person, role=PostRole.SAFETY_MANAGER, from_on=LEFT, until_on=date(2021, 6, 15))

    assert announce(date(2027, 6, 15)) == 0
    assert announce(date(2027, 6, 16)) == 4
