"""Tables in docs that say which test proves what are true: every test they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: A file of tests, or a test of the file named last before it, or of any file of the row.
NAMED = re.compile(r"`(tests/[\w/]+\.py)`|`(test_\w+)`")
PAGES = sorted(
    page for page in (ROOT / "docs").rglob("*.md") if "`test_" in page.read_text("utf-8")
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    text, lost, file, named = page.read_text("utf-8"), [], "", 0

    for path, test in NAMED.findall(text):
        file = path or file
        content = (ROOT / file).read_text("utf-8") if (ROOT / file).is_file() else ""
        named += 1
        if not content or (test and not re.search(rf"^def {test}\(", content, re.M)):
            lost.append(test or path)

    assert named > 3
    assert lost == []


def test_some_page_names_tests() -> None:
    assert len(PAGES) >= 2
