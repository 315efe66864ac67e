"""SQL by hand spells ids and moments as the columns do, on both databases."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server import plain_sql
from server.app import engine_of
from server.db import db
from server.plain_sql import Insertion, Statement
from tests.factories import exams as a
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

FIND = Statement(
    sqlite="""
        SELECT json_group_array(json_array(id, deadline_at)) FROM attempt
        WHERE id = ? AND deadline_at = ?
    """,
    postgresql="""
        SELECT json_agg(json_build_array(id, deadline_at))::text FROM attempt
        WHERE id = %s::uuid AND deadline_at = %s
    """,
)


@pytest.mark.parametrize("fraction", [0, 1, 120_000])
@pytest.mark.parametrize("hours", [0, 8])
def test_a_row_is_found_by_what_goes_in_and_comes_out_as_it_was(fraction, hours):
    attempt = a.an_attempt(a.an_exam())
    attempt.deadline_at = attempt.deadline_at.replace(microsecond=fraction)
    db.session.flush()
    connection = db.session.connection()
    spelt = plain_sql.spelling(connection)
    elsewhere = attempt.deadline_at.astimezone(timezone(timedelta(hours=hours)))

    rows = FIND.run(connection, attempt.id.hex, spelt.moment_in(elsewhere))

    found = [(spelt.id_out(of), spelt.moment_out(moment)) for of, moment in rows]
    assert found == [(attempt.id, attempt.deadline_at)]
    assert found[0][1].isoformat() == attempt.deadline_at.isoformat()


def test_texts_of_every_kind_go_in_as_they_are():
    connection = db.session.connection()
    connection.execute(text("CREATE TEMPORARY TABLE said (word TEXT, number INTEGER)"))
    keep = Statement(
        sqlite="INSERT INTO said SELECT value ->> 0, value ->> 1 FROM json_each(?)",
        postgresql="INSERT INTO said SELECT * FROM unnest(%s::text[], %s::integer[])",
    )
    words = ['"', "\\", "a,b", "{}", "NULL", "", " 断电 ", None]

    keep.write(connection, [(word, number) for number, word in enumerate(words)])

    rows = connection.execute(text("SELECT word FROM said ORDER BY number")).scalars()
    assert list(rows) == words


@pytest.mark.parametrize(("count", "most"), [(1, 1), (16, 1), (85, 1), (512, 1), (700, 2)])
def test_rows_that_may_repeat_go_in_with_a_statement_or_a_few(count, most, count_statements):
    connection = db.session.connection()
    connection.execute(text("CREATE TEMPORARY TABLE many (number INTEGER UNIQUE, word TEXT)"))
    keep = Insertion("many", {"number": "integer", "word": "text"}, ending="ON CONFLICT DO NOTHING")

    with count_statements() as sent:
        keep.write(connection, [(number, f"“{number}”") for number in range(count)])
    keep.write(connection, [(0, "again")])

    assert 0 < len(sent) <= most
    rows = connection.execute(text("SELECT number, word FROM many ORDER BY number"))
    assert [tuple(row) for row in rows] == [(number, f"“{number}”") for number in range(count)]


def test_what_the_driver_refuses_is_refused_as_any_other_statement():
    connection = db.session.connection()
    connection.execute(text("CREATE TEMPORARY TABLE once (number INTEGER UNIQUE)"))
    keep = Insertion("once", {"number": "integer"})

    keep.write(connection, [(1,)])

    with pytest.raises(IntegrityError):
        keep.write(connection, [(2,), (1,)])


def test_a_first_statement_begins_a_transaction_that_can_be_undone(app):
    columns = {"name": "text", "holder": "text", "until_at": "timestamptz"}
    add = Insertion("work_lease", columns)
    with engine_of(app).execution_options(writes=True).connect() as connection:
        add.write(connection, [("backup", "nobody", NOON.isoformat())])
        connection.rollback()

    assert not db.session.execute(text("SELECT count(*) FROM work_lease")).scalar()
