"""A migration that takes something away says which code can do without it.

The release before serves a database that a newer one has migrated, down to `schema_floor`. What
only adds leaves the floor where it is. What takes away, renames or forbids must raise it, and its
way back must lower it again: else a server of the release before would be let in, and fail.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from server.app import MIGRATIONS
from tests.migration_calls import calls_of, name_of

#: The migration that laid the floor; those before it are served by nobody older.
LAID_BY = 49

VERSIONS = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))
NAMES = {path.stem for path in VERSIONS}

#: What code of an earlier release would miss, or be refused by.
CONTRACTS = {
    *("drop_column", "drop_table", "rename_table"),
    *("create_unique_constraint", "create_check_constraint", "create_foreign_key"),
}

#: The same in words of SQL.
SQL = re.compile(r"\b(DROP (TABLE|COLUMN)|RENAME|SET NOT NULL|ADD CONSTRAINT)\b", re.IGNORECASE)

FLOOR = re.compile(r"UPDATE schema_floor SET oldest = '(\w+)'")


def contractions(function: ast.FunctionDef) -> list[str]:
    """Return what a way of a migration takes away from code that knew the schema before."""
    calls = list(calls_of(function))
    made = {table for call, table in calls if name_of(call) == "create_table"}
    # A key over a column that nobody knew before refuses nothing that they write.
    new = {
        (table, column)
        for call, table in calls
        if name_of(call) == "add_column"
        for column in _first_words(call)
    }
    return [
        f"line {call.lineno}: {name_of(call)} on {table}"
        for call, table in calls
        if table not in made and _contracts(call) and not _is_over(call, table, new)
    ]


def _first_words(call: ast.Call) -> set[str]:
    """Return the names of the columns that are described among the words of a call."""
    described = [word for word in call.args if isinstance(word, ast.Call) and word.args]
    return {str(getattr(column.args[0], "value", "")) for column in described}


def _is_over(call: ast.Call, table: str, new: set[tuple[str, str]]) -> bool:
    """Say whether a key or an index lies over new columns of its table only."""
    over = next((word.elts for word in call.args if isinstance(word, ast.List)), [])
    return bool(over) and all((table, str(getattr(one, "value", ""))) in new for one in over)


def _contracts(call: ast.Call) -> bool:
    name, given = name_of(call), {word.arg: word.value for word in call.keywords}
    if name == "execute":
        return bool(SQL.search(ast.unparse(call)))
    if name == "alter_column":
        forbids = getattr(given.get("nullable"), "value", True) is False
        return forbids or bool({"new_column_name", "type_"} & given.keys())
    if name == "create_index":
        return getattr(given.get("unique"), "value", False) is True
    if name == "add_column":
        return any(_is_asked_for(word) for word in call.args if isinstance(word, ast.Call))
    return name in CONTRACTS


def _is_asked_for(column: ast.Call) -> bool:
    """Say whether a new column refuses rows that do not name it."""
    given = {word.arg: word.value for word in column.keywords}
    return getattr(given.get("nullable"), "value", True) is False and "server_default" not in given


def fault(source: str) -> str:
    """Return what is wrong with what a migration says of the floor; nothing where all is well."""
    ways = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    taken = contractions(ways["upgrade"])
    if not taken:
        return ""
    for way, function in ways.items():
        floors = FLOOR.findall(ast.unparse(function))
        if way in ("upgrade", "downgrade") and not NAMES.intersection(floors):
            return f"{way} sets no floor, and the way up takes away: {'; '.join(taken)}"
    return ""


def test_what_takes_something_away_raises_the_floor() -> None:
    since = [path for path in VERSIONS if int(path.stem[:4]) > LAID_BY]
    assert since
    assert {path.stem: wrong for path in since if (wrong := fault(_text(path)))} == {}


def _text(path: Path) -> str:
    return path.read_text("utf-8")


RAISED = "op.execute(\"UPDATE schema_floor SET oldest = '0050_expert_appraisals'\")"
LOWERED = "op.execute(\"UPDATE schema_floor SET oldest = '0048_record_stores'\")"


@pytest.mark.parametrize(
    ("change", "takes_away"),
    [
        ('op.drop_column("person", "nickname")', True),
        ('op.drop_table("post")', True),
        ('op.execute("ALTER TABLE post RENAME COLUMN a TO b")', True),
        ('op.alter_column("post", "a", nullable=False)', True),
        ('op.alter_column("post", "a", nullable=True)', False),
        ('op.add_column("post", sa.Column("a", sa.Text(), nullable=False))', True),
        ('op.add_column("post", sa.Column("a", sa.Text(), nullable=True))', False),
        ('op.create_index("ix", "post", ["a"], unique=True)', True),
        ('op.create_index("ix", "post", ["a"])', False),
        ('op.create_foreign_key("fk", "post", "person", ["a"], ["id"])', True),
        (
            'op.add_column("post", sa.Column("a", sa.Uuid()))\n'
            '    op.create_foreign_key("fk", "post", "person", ["a"], ["id"])',
            False,
        ),
        ('with op.batch_alter_table("post") as batch:\n        batch.drop_column("a")', True),
        ('op.create_table("fresh")\n    op.create_index("ix", "fresh", ["a"], unique=True)', False),
    ],
)
def test_what_takes_something_away_is_found(change: str, *, takes_away: bool) -> None:
    ways = "def upgrade():\n    {}\n\ndef downgrade():\n    {}\n"

    assert bool(fault(ways.format(change, "pass"))) is takes_away
    assert bool(fault(ways.format(f"{change}\n    {RAISED}", "pass"))) is takes_away
    assert not fault(ways.format(f"{change}\n    {RAISED}", LOWERED))
