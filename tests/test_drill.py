"""The drill plays a whole exam day against the real server, with Locust, and says go or no go."""

from __future__ import annotations

import json
import re

import pytest

from load_tests.drill import __main__ as drill
from load_tests.drill.timetable import Timetable
from tests.databases import Database, SqliteDatabase

pytestmark = pytest.mark.slow

#: A day of a few seconds.
TINY = Timetable(
    warm_up=2,
    rush=1,
    day=2,
    outage=1.5,
    comeback=1,
    comparison=1,
    last_minute=1.5,
    results=1.5,
    pause=0.4,
    within=0.4,
)

CANDIDATES = 6


def test_a_drill_leaves_a_page_with_a_verdict_and_no_ledger_that_differs(
    _database: Database,  # noqa: PT019  # its kind is used
    tmp_path,
):
    if not isinstance(_database, SqliteDatabase):
        pytest.skip("runs with --database=sqlite: the drill brings a server of its own")

    words = ["--database", "sqlite", "--candidates", str(CANDIDATES), "--processes", "2"]
    status = drill.main([*words, "--out", str(tmp_path)], table=TINY)

    told = json.loads((tmp_path / "report.json").read_text("utf-8"))
    counts, page = told["counts"], (tmp_path / "report.html").read_text("utf-8")
    assert counts["judged"] == counts["handed_in"] == CANDIDATES
    assert counts["outcomes"] == CANDIDATES * 3
    assert counts["acknowledged"] > CANDIDATES
    assert {counts.get(name, 0) for name in ("lost", "doubled", "invented", "refused")} == {0}
    assert told["go"] is (status == 0)
    assert {one["operation"] for one in told["operations"]} >= {
        "start",
        "save",
        "catch_up",
        "submit",
    }
    assert re.search("可以开考|不可开考", page)
