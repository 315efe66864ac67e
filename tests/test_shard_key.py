"""Where one primary ends, attempts are spread by their id, by which all of theirs is found."""

from __future__ import annotations

import re

from sqlalchemy import Table

import wsgi  # noqa: F401  # brings every table
from server.app import engine_of
from server.db import Base, transaction
from tests.databases import count_statements
from tests.factories import exams as a
from tests.factories.sitting import answer, start, submit

#: What has a row, or a hundred, for each attempt, and none without.
GROWS = {"response_entry", "outcome", "response_sheet", "behaviour_event", "late_decision"}


def leads(table: Table, column: str) -> bool:
    """Say whether the rows of an attempt are found without reading those of others."""
    indexes = [list(index.columns) for index in table.indexes]
    ways = [list(table.primary_key.columns), *indexes]
    return any(way[0].name == column for way in ways if way)


def test_what_grows_with_attempts_is_found_by_the_attempt() -> None:
    tables = Base.metadata.tables
    holding = {
        table.name: key.parent.name
        for table in tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "attempt"
    }

    assert holding.keys() >= GROWS
    assert {holding[name] for name in GROWS} == {"attempt_id"}
    assert {name for name in GROWS if not leads(tables[name], "attempt_id")} == set()


def test_the_way_of_an_exam_asks_for_attempts_by_their_id(inside) -> None:
    with transaction():
        enrolment = a.an_enrolment(a.an_exam())

    with count_statements(engine_of(inside)) as sent, transaction():
        attempt = start(enrolment).attempt
        answer(attempt, right=3, wrong=2)
        submit(attempt)

    asked = re.compile(rf"\b(FROM|JOIN|INTO|UPDATE) ({'|'.join(sorted(GROWS))})\b")
    of_attempts = [one for one in sent if asked.search(one)]
    assert len(of_attempts) >= 4, sent
    assert [one for one in of_attempts if "attempt_id" not in one] == []
