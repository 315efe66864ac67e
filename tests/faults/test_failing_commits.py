"""A commit fails although every statement succeeded: who waited for it is told, and nothing stays.

The failure is the database's own: a deferred foreign key, broken by a trigger on what is saved, is
checked when the transaction commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import Connection, Engine

from server import clock
from server.app import engine_of
from tests.faults import seats
from tests.faults.doors import assert_told_to_come_back, at_once, said, save
from tests.faults.ledger import words_of

pytestmark = pytest.mark.slow

SEATS = 20

_DEBTS = """
    CREATE TABLE debt (id INTEGER PRIMARY KEY);
    CREATE TABLE owed (debt_id INTEGER REFERENCES debt (id) DEFERRABLE INITIALLY DEFERRED)
"""

_SQLITE = """
    CREATE TRIGGER breaks_commits AFTER INSERT ON response_entry WHEN NEW.slot = 13
    BEGIN INSERT INTO owed VALUES (1); END
"""

_POSTGRESQL = """
    CREATE FUNCTION break_commit() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO owed VALUES (1); RETURN NULL; END $$;
    CREATE TRIGGER breaks_commits AFTER INSERT ON response_entry
    FOR EACH ROW WHEN (NEW.slot = 13) EXECUTE FUNCTION break_commit()
"""


@contextmanager
def commits_that_fail(engine: Engine) -> Iterator[None]:
    """Let every commit fail that holds a response to the thirteenth question."""
    on_sqlite = engine.dialect.name == "sqlite"
    with engine.begin() as connection:
        _run(connection, _DEBTS)
        connection.exec_driver_sql(_SQLITE if on_sqlite else _POSTGRESQL)
    try:
        yield
    finally:
        with engine.begin() as connection:
            on = "" if on_sqlite else " ON response_entry"
            _run(connection, f"DROP TRIGGER breaks_commits{on}; DROP TABLE owed; DROP TABLE debt")
            if not on_sqlite:
                _run(connection, "DROP FUNCTION break_commit")


def _run(connection: Connection, statements: str) -> None:
    for statement in statements.split(";"):
        connection.exec_driver_sql(statement)


def test_a_failed_commit_is_told_to_everybody_who_waited_and_stores_nothing(app, writing, config):
    taken = seats.taken(writing, config, SEATS, at=clock.now())

    with commits_that_fail(engine_of(app)):
        replies = at_once([partial(save, app, seat, 13) for seat in taken])
        assert words_of(engine_of(app)) == []

    assert len(replies) == SEATS
    for reply in replies:
        assert_told_to_come_back(reply)
    again = at_once([partial(save, app, seat, 13) for seat in taken])
    assert {said(reply)["entries"][0]["verdict"] for reply in again} == {"accepted"}
    assert len(words_of(engine_of(app))) == SEATS


def test_a_commit_that_fails_for_one_takes_nobody_else_down(app, writing, config):
    taken = seats.taken(writing, config, SEATS, at=clock.now())

    with commits_that_fail(engine_of(app)):
        slots = [13, *range(14, 13 + SEATS)]
        replies = at_once(
            [partial(save, app, seat, slot) for seat, slot in zip(taken, slots, strict=True)]
        )

    assert_told_to_come_back(replies[0])
    assert {reply.status_code for reply in replies[1:]} == {200}
    assert sorted(word.slot for word in words_of(engine_of(app))) == slots[1:]
