"""What awaits its assessor is found by looking at that alone, not through the whole ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, event, insert, select, text

from server.app import engine_of
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person
from server.records import commands, confirmations
from server.records.entries import RecordKind, TrainingPurpose
from server.records.models import AwaitedSignature, Record
from server.records.services import awaiting, ledger
from server.scopes import EVERYWHERE, Scope
from tests.factories.organisations import an_organisation
from tests.factories.people import a_person
from tests.moments import NOON

Writing = Callable[[], AbstractContextManager[None]]

#: Results of the ledger that were signed long ago.
SIGNED = 2_000


def told(person: Person, plant: Organisation, *, on: date, purpose: str = "induction") -> Any:
    """Return a result as the ledger takes it."""
    return {
        "person_id": person.id,
        "kind": RecordKind.TRAINING,
        "happened_at": NOON,
        "happened_on": on,
        "purpose": purpose,
        "content": {"passed": True, "hours": "8.0", "provider_id": str(plant.id)},
        "source": plant.name,
        "recorded_at": NOON,
    }


@pytest.fixture
def plant(writing: Writing) -> Organisation:
    """Store an enterprise with somebody whose results were signed for years, and one was not."""
    with writing():
        place = an_organisation(name="某厂")
        person = a_person(place)
        rows: list[dict[str, Any]] = []
        for number in range(SIGNED):
            one = uuid4()
            on = date(2022, 1, 1) + timedelta(days=number % 1_500)
            rows += [
                {**told(person, place, on=on), "id": one, "subject_id": one},
                {
                    **told(person, place, on=on),
                    "id": uuid4(),
                    "kind": RecordKind.CONFIRMATION,
                    "purpose": None,
                    "subject_id": one,
                    "content": {"as": "assessor"},
                },
            ]
        db.session.execute(insert(Record), rows)
        ledger.add_all([Record(id=(one := uuid4()), subject_id=one, **told(person, place, on=DAY))])
    return place


DAY = date(2026, 6, 2)

FILTERS: list[dict[str, Any]] = [
    {},
    {"purpose": TrainingPurpose.NEW_TECHNOLOGY},
    {"since": date(2026, 1, 1), "until": date(2026, 12, 31)},
    {"objected": True},
    {"objected": False},
]


@contextmanager
def plans(engine: Any) -> Iterator[list[str]]:
    """Collect how the database goes about each question that is asked."""
    asked: list[tuple[str, Any]] = []
    found: list[str] = []

    def note(_connection: object, _cursor: object, words: str, given: Any, *_rest: object) -> None:
        if words.startswith("SELECT"):
            asked.append((words, given))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
    how = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        for words, given in asked:
            for row in connection.exec_driver_sql(f"{how} {words}", given):
                found.append(str(row[-1]))


@pytest.mark.parametrize("asked", FILTERS, ids=str)
@pytest.mark.parametrize("far", ["everywhere", "one enterprise", "an organisation"])
def test_nobody_goes_through_the_ledger_whatever_is_asked(
    app: Flask, plant: Organisation, asked: dict[str, Any], far: str
) -> None:
    scope = EVERYWHERE if far == "everywhere" else Scope(organisation_paths=(plant.path,))
    more: dict[str, Any] = {"organisation_id": plant.id} if far == "an organisation" else {}
    with app.app_context():
        engine = engine_of(app)
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
        with plans(engine) as found:
            items = awaiting.listed(scope, **asked, **more).items

    none = asked.get("purpose") or asked.get("objected")
    assert [one.happened_on for one in items] == ([] if none else [DAY])
    assert any("record" in line for line in found)
    # Every way to a row of the ledger is by an index: none is a scan of the whole.
    assert [line for line in found if "Seq Scan on record" in line or line == "SCAN record"] == []


@pytest.mark.parametrize(("asked", "statements"), [({}, 2), ({"objected": True}, 1)], ids=str)
def test_a_page_costs_two_statements_and_an_empty_one_costs_one(
    app: Flask,
    plant: Organisation,
    asked: dict[str, Any],
    statements: int,
    count_statements: Callable[[], AbstractContextManager[Any]],
) -> None:
    with app.app_context(), count_statements() as sent:
        awaiting.listed(EVERYWHERE, **asked)

    assert len(sent) == statements


def kept() -> set[UUID]:
    return set(db.session.scalars(select(AwaitedSignature.record_id)))


def added(person: Person, plant: Organisation, **changed: Any) -> Record:
    """Enter a result through the ledger."""
    one = uuid4()
    fields = {**told(person, plant, on=DAY), "id": one, "subject_id": one, **changed}
    ledger.add_all([found := Record(**fields)])
    return found


def test_only_what_awaits_is_kept_and_let_go_of_once_signed_or_corrected(inside: Flask) -> None:
    plant = an_organisation(name="某厂")
    person = a_person(plant)
    nobody = {"passed": True, "hours": "8.0"}

    signed, wrong, stays = (added(person, plant) for _ in range(3))
    added(person, plant, purpose="qualification")
    added(person, plant, happened_on=date(2021, 8, 31))
    added(person, plant, content={"passed": None, "provider_id": str(plant.id)})
    added(person, plant, content=nobody)
    assert kept() == {signed.id, wrong.id, stays.id}

    as_worker = {"kind": RecordKind.CONFIRMATION, "purpose": None, "content": {"as": "worker"}}
    added(person, plant, **as_worker, subject_id=signed.id)
    assert signed.id in kept()
    added(person, plant, **{**as_worker, "content": {"as": "assessor"}}, subject_id=signed.id)
    right = added(person, plant, corrects_id=wrong.id, reason="学时有误")

    assert kept() == {stays.id, right.id}


def test_the_work_finds_what_was_missed_and_lets_go_of_what_is_over(
    app: Flask, plant: Organisation, writing: Writing
) -> None:
    with writing():
        person = db.session.scalars(select(Person)).one()
        (known,) = kept()
        over = added(person, plant)
        # As a server leaves it that knows nothing of the table.
        db.session.execute(delete(AwaitedSignature).where(AwaitedSignature.record_id == known))
        row = {**told(person, plant, on=DAY), "id": uuid4(), "kind": RecordKind.CONFIRMATION}
        signature = {**row, "subject_id": over.id, "content": {"as": "assessor"}}
        db.session.execute(insert(Record), [signature])

    with app.app_context():
        assert [one.happened_on for one in awaiting.listed(EVERYWHERE).items] == []
        assert commands.SIGNATURES.run(NOON) == 2
        assert kept() == {known}
        assert commands.SIGNATURES.run(NOON) == 0


def test_the_migration_knew_the_rules_that_come_with_the_platform() -> None:
    # Who changes them need not change the migration: the work of the next night finds the rest.
    (rule,) = [one for one in confirmations.shipped() if "assessor" in one.by]

    assert set(rule.purposes) == {"induction", "post_change", "new_technology", "annual", "safety"}
    assert (rule.effective_from, rule.effective_until) == (date(2021, 9, 1), None)
