"""The page of promises names tests that exist, and the table of teeth guards that stand."""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.faults.teeth import TEETH, standing
from tests.house import ROOT

PAGE = (ROOT / "docs" / "attempt-proofs.md").read_text("utf-8")

_NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


@cache
def named_in(path: str) -> set[str]:
    """Return the names of the tests in a file below tests/."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_test_that_a_promise_names_exists():
    named = _NAMED.findall(PAGE)

    assert len(named) > 70
    assert [(path, name) for path, name in named if name not in named_in(path)] == []


def test_every_promise_names_a_test():
    # The table of teeth at the end names files, whose guards are looked at below.
    promised = PAGE.partition("\n## Which guard")[0]
    rows = [line for line in promised.splitlines() if line.startswith("| ")]
    promises = [row for row in rows if not row.startswith(("| promise", "| what happened"))]

    assert len(promises) > 60
    assert [row for row in promises if not _NAMED.search(row)] == []


def test_every_guard_of_the_table_of_teeth_stands_where_it_says():
    assert [tooth.name for tooth in TEETH if not standing(tooth)] == []
