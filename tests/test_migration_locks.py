"""Migrations of a platform in use take no lock that lasts as long as a table is large.

PostgreSQL builds an index, checks a constraint or rewrites a table while everybody waits. What is
small or new may be changed at once; what grows with people and exams is changed in steps.
"""

from __future__ import annotations

import ast

import pytest

import wsgi  # noqa: F401  # brings every table
from server.app import MIGRATIONS
from server.db import Base
from tests.migration_calls import calls_of, name_of

#: The first migration written after people had begun to use the platform.
FIRST_IN_USE = 38

#: Tables that grow with people, questions or exams without end.
LARGE = {
    *("attempt", "response_entry", "response_sheet", "behaviour_event", "enrolment", "outcome"),
    *("audit_entry", "person", "account", "post", "certificate", "certificate_event", "record"),
    *("question", "question_version", "question_use", "practice_response", "practice_showing"),
    *("coverage_change", "coverage_day", "coverage_stretch", "study_stretch", "file_access"),
    *("message", "message_delivery", "photo", "check_in", "class_attendance"),
}

#: Calls that lock a table for as long as it is large, and what makes them harmless.
SLOW = {
    "create_index": "postgresql_concurrently=True",
    "create_unique_constraint": "an index made concurrently",
    "create_check_constraint": "postgresql_not_valid=True, then VALIDATE CONSTRAINT",
    "create_foreign_key": "postgresql_not_valid=True, then VALIDATE CONSTRAINT",
}

HARMLESS = {"postgresql_concurrently", "postgresql_not_valid"}


def complaints(source: str) -> list[str]:
    """Return what of a migration locks a large table for long."""
    tree = ast.parse(source)
    calls = list(calls_of(tree))
    made = {table for call, table in calls if name_of(call) == "create_table"}
    return [
        f"line {call.lineno}: {name_of(call)} on {table}: {cure}"
        for call, table in calls
        if table in LARGE - made
        for cure in [_cure(call)]
        if cure
    ]


def _cure(call: ast.Call) -> str:
    given = {word.arg: word.value for word in call.keywords}
    if name_of(call) in SLOW and not HARMLESS & given.keys():
        return SLOW[name_of(call)]
    if name_of(call) == "alter_column" and "type_" in given:
        return "a new column, filled in steps"
    if name_of(call) == "add_column" and _is_filled_at_once(call):
        return "nullable first, or a server_default"
    return ""


def _is_filled_at_once(call: ast.Call) -> bool:
    columns = [word for word in call.args if isinstance(word, ast.Call)]
    given = [{word.arg: word.value for word in column.keywords} for column in columns]
    return any(
        getattr(one.get("nullable"), "value", True) is False and "server_default" not in one
        for one in given
    )


def test_no_migration_in_use_locks_a_large_table_for_long() -> None:
    found = {
        path.stem: complaints(path.read_text("utf-8"))
        for path in (MIGRATIONS / "versions").glob("[0-9]*.py")
        if int(path.stem[:4]) >= FIRST_IN_USE
    }
    assert found
    assert {name: complaint for name, complaint in found.items() if complaint} == {}


def test_every_large_table_is_one() -> None:
    assert set(Base.metadata.tables) >= LARGE


@pytest.mark.parametrize(
    ("line", "locks"),
    [
        ('op.create_index("ix", "attempt", ["a"])', True),
        ('op.create_index("ix", "attempt", ["a"], postgresql_concurrently=True)', False),
        ('op.create_index("ix", "work_lease", ["a"])', False),
        ('op.create_table("attempt")\nop.create_index("ix", "attempt", ["a"])', False),
        ('op.alter_column("person", "name", type_=Text())', True),
        ('op.alter_column("person", "name", nullable=True)', False),
        ('op.add_column("outcome", Column("a", Text(), nullable=False))', True),
        ('op.add_column("outcome", Column("a", Text(), nullable=False, server_default=""))', False),
        ('op.add_column("outcome", Column("a", Text()))', False),
        ('with op.batch_alter_table("post") as batch:\n batch.create_index("ix", ["a"])', True),
        ('op.create_foreign_key("fk", "post", "person", ["a"], ["id"])', True),
    ],
)
def test_what_locks_for_long_is_found(line: str, *, locks: bool) -> None:
    assert bool(complaints(line)) is locks
