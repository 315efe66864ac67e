"""The phone of another make knows the two pages of the documents, and nothing of the house."""

from __future__ import annotations

import ast
import sys
from itertools import chain

from tests.house import ROOT

FILES = [ROOT / "load_tests" / f"another_{part}.py" for part in ("line", "phone")]
TREES = [ast.parse(path.read_text("utf-8")) for path in FILES]
PAGES = "\n".join((ROOT / "docs" / f"{page}.md").read_text("utf-8") for page in ("attempt", "api"))

#: What it may import beside the standard library.
ALLOWED = {"cryptography", "load_tests.another_line"}


def texts(node: ast.expr | None) -> list[str]:
    """Return the text that stands there, if one does."""
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def said_or_read(node: ast.AST) -> list[str]:
    """Return the names and addresses in which a line speaks with the server."""
    if isinstance(node, ast.Subscript):
        return texts(node.slice)
    if isinstance(node, ast.Dict):
        return list(chain.from_iterable(map(texts, node.keys)))
    if isinstance(node, ast.Tuple):
        return list(chain.from_iterable(map(texts, node.elts)))
    if isinstance(node, ast.Call | ast.JoinedStr | ast.Compare):
        parts = node.args if isinstance(node, ast.Call) else list(ast.iter_child_nodes(node))
        found = chain.from_iterable(texts(part) for part in parts if isinstance(part, ast.expr))
        return [text for text in found if text.startswith("/") or "_" in text]
    return []


def test_it_imports_nothing_of_the_house():
    imported = {
        name
        for node in chain.from_iterable(map(ast.walk, TREES))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }

    foreign = {name for name in imported if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name if name in ALLOWED else name.split(".")[0] for name in foreign} <= ALLOWED


def test_every_name_it_says_or_reads_stands_on_the_two_pages():
    words = set(chain.from_iterable(map(said_or_read, chain.from_iterable(map(ast.walk, TREES)))))

    assert len(words) > 40
    assert {word for word in words if word.split("?")[0] not in PAGES} == set()
