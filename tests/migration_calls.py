"""What a migration does to which table, as its text says."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def calls_of(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Give the calls that change something, each with the table that it changes."""
    of_batch = dict(_batches(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            whom = getattr(node.func.value, "id", "")
            if whom == "op":
                yield node, _table(node)
            elif whom in of_batch:
                yield node, of_batch[whom]


def _batches(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Give the name of each batch of changes, and its table."""
    for node in ast.walk(tree):
        for item in node.items if isinstance(node, ast.With) else ():
            if isinstance(item.context_expr, ast.Call) and isinstance(item.optional_vars, ast.Name):
                yield item.optional_vars.id, _table(item.context_expr)


def name_of(call: ast.Call) -> str:
    """Return what a call does."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _table(call: ast.Call) -> str:
    """Return the table of a call: its first word, or the second after the name of an index."""
    named = name_of(call).startswith("create_") and name_of(call) != "create_table"
    words = [word.value for word in call.args if isinstance(word, ast.Constant)]
    place = 1 if named else 0
    return str(words[place]) if len(words) > place else ""
