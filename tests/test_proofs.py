"""Tables in docs that say which test proves what are true: every test they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: What stands between backticks and names a file of tests, a test, or both: `file.py::test`.
SPAN = re.compile(r"`([^`\n]*\btest_[^`\n]*)`")

#: A name, of which an ellipsis leaves out the beginning or the end.
NAME = re.compile(r"(…?)(test_\w+|\w+)(…?)")

TESTS = [path for path in (ROOT / "tests").rglob("test_*.py")]
PAGES = sorted(
    page for page in (ROOT / "docs").rglob("*.md") if "`test_" in page.read_text("utf-8")
)


def files_called(name: str) -> list[Path]:
    """Return the files that end as the page calls them; folders may be left out as `…`."""
    asked = name.rpartition("…/")[2]
    return [path for path in TESTS if f"/{path.relative_to(ROOT)}".endswith(f"/{asked}")]


def is_there(name: str, files: list[Path]) -> bool:
    """Say whether one of the files has this test, or one that begins or ends so."""
    parts = NAME.fullmatch(name)
    if parts is None:
        return False
    before, word, after = (r"\w*" if part == "…" else part for part in parts.groups())
    asked = re.compile(rf"^def {before}{word}{after}\(", re.MULTILINE)
    return any(asked.search(file.read_text("utf-8")) for file in files)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    lost: list[str] = []
    files: list[Path] = []
    named = 0
    for span in SPAN.findall(page.read_text("utf-8")):
        file, _, test = span.partition("::") if ".py" in span or "::" in span else ("", "", span)
        files = files_called(file) if file.endswith(".py") else files
        named += 1
        if not files or (test and not is_there(test, files)):
            lost.append(span)

    assert named
    assert lost == []


def test_every_code_that_training_is_said_to_refuse_with_is_one() -> None:
    refusals = (ROOT / "docs" / "api.md").read_text("utf-8")
    page = (ROOT / "docs" / "training-proofs.md").read_text("utf-8")
    tables = re.findall(r"\| code \|.*?(?=\n\n|\Z)", page, re.DOTALL)
    lines = [line.split("|")[2] for table in tables for line in table.splitlines()[2:]]
    named = [code for cell in lines for code in re.findall(r"`([a-z_]+)`", cell)]

    assert len(named) > 20
    assert [code for code in named if f"`{code}`" not in refusals] == []


def test_some_page_names_tests() -> None:
    assert len(PAGES) >= 2
