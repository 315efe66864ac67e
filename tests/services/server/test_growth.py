"""How large a database grows is worked out from the rows it holds."""

from __future__ import annotations

from fractions import Fraction

import pytest

from server.doctor import growth
from server.doctor.growth import Plan, Table
from tests.factories import exams as a

PLAN = Plan(people=1000, candidates_a_day=10, words=100, audit=2, passing=50, words_stay=73)


def test_a_plan_is_what_its_rows_take():
    each = growth.each(
        {
            "person": Table(rows=10, size=1000),
            "account": Table(rows=5, size=500),
            "response_entry": Table(rows=200, size=20_000),
            "attempt": Table(rows=2, size=400),
            "outcome": Table(rows=2, size=100),
        }
    )

    assert each["person"] == Fraction(150)
    assert each["attempt"] == Fraction(250)
    assert each["certificate"] == 0
    sizes = {line.name: (line.count, line.size) for line in growth.lines(each, PLAN)}
    assert sizes["people, once"] == (1000, 150_000)
    assert sizes["attempts, a year"] == (2500, 625_000)
    # A fifth of the year, which is fifty days of exams.
    assert sizes["words at hand"] == (10 * 50 * 100, 5_000_000)
    assert sizes["certificates, a year"] == (1250, 0)


def test_tables_are_measured_with_their_indexes(app, config, writing):
    if config.on_sqlite and not growth.tells_pages():
        pytest.skip("UNPROVED: sizes of SQLite; this Python's has no dbstat")
    with writing():
        a.an_attempt(a.an_exam())

    said = app.test_cli_runner().invoke(args=["growth", "--people", "1000000"])

    assert said.exit_code == 0, said.output
    assert "people, once" in said.output
    assert "1,000,000" in said.output
    assert "attempt" in said.output
