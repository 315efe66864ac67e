"""One person, one file: a long file read, ten thousand judged, a crowd that studies (一人一档).

Everybody comes by roster over HTTP, as an enterprise brings its people; one of them is given a
file of five hundred entries; five hundred learners send ten thousand heartbeats a minute. Both
databases; the server's own CPU is told beside the time, which says more where the machine is busy.
`PARTS=file,verdicts,heartbeats` takes some of the parts only.
"""

from __future__ import annotations

import io
import os
import time
from datetime import timedelta
from typing import Any

import xlsxwriter
from rich.console import Console

from load_tests import heartbeats, people
from load_tests.chapters import school
from load_tests.client import Client
from load_tests.expectations import Report
from load_tests.figures import percentile
from load_tests.messages import Ask, get, put
from load_tests.server_process import ServerProcess, fresh_server
from load_tests.setting import Setting, appoint, build, today

#: People of the enterprise, rows of one roster, and entries of the long file.
PEOPLE, ROWS, ENTRIES = 10_000, 2_000, 500

#: Milliseconds in which the file is read, and seconds in which everybody is judged.
LIMIT_MS, LIMIT_SECONDS = 30.0, 2.0

TIMES = 20

#: Seconds that heartbeats are sent: each learner's token is met twenty times, as in the ten minutes
#: that one lives while its phone sends a heartbeat every half minute.
SECONDS = 60.0

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def run(console: Console) -> dict[str, Any]:
    """Measure both databases and return their figures."""
    found: dict[str, Any] = {}
    parts = (os.environ.get("PARTS") or "file,verdicts,heartbeats").split(",")
    for database in os.environ.get("DATABASES", "sqlite,postgresql").split(","):
        with fresh_server(durable=True, database=database) as server:
            setting = build(server.url, server.sign_ins(), seed=5)
            officer = appoint(setting, "enterprise_safety_officer", "enterprise")
            if "heartbeats" in parts:
                console.print(f"{database}: five hundred learners study …")
                place = school.found(Report(console=console), setting)
                beats = heartbeats.measure(server, place, seconds=SECONDS)
                found[f"{database}_heartbeats"] = beats
            if "file" in parts or "verdicts" in parts:
                console.print(f"{database}: {PEOPLE} people come by roster …")
                _bring(setting, officer)
            if "file" in parts:
                file = _long_file(setting, officer)
                found[f"{database}_file"] = _measured(server, officer, file, LIMIT_MS, TIMES)
            if "verdicts" in parts:
                found[f"{database}_verdicts"] = _judged(server, setting, officer)
    return found


def _bring(setting: Setting, officer: Client) -> None:
    everybody = people.some(PEOPLE, seed=7, on=today())
    for start in range(0, PEOPLE, ROWS):
        target = io.BytesIO()
        with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["姓名", "证件号码", "岗位", "上岗日期"])
            began = (today() - timedelta(days=90)).isoformat()
            for row, one in enumerate(everybody[start : start + ROWS], start=1):
                sheet.write_row(row, 0, [one.name, one.document_number, "其他从业人员", began])
        ask = Ask(
            method="PUT",
            address="/v1/organisations/{organisation_id}/roster-imports/{import_id}",
            ids={
                "organisation_id": setting.organisations["enterprise"],
                "import_id": setting.new_id(),
            },
            query={"store": "true"},
            file=target.getvalue(),
            file_type=_SHEET,
        )
        officer.send(ask).good()


def _long_file(setting: Setting, officer: Client) -> Ask:
    address = "/v1/people"
    (first,) = officer.send(get(address, query={"limit": 1})).good()["items"]
    body = {
        "kind": "note",
        "happened_on": today(),
        "organisation_id": setting.organisations["enterprise"],
        "summary": "班前安全讲话记录",
    }
    for _ in range(ENTRIES):
        entry = "/v1/people/{person_id}/file-entries/{entry_id}"
        ids = {"person_id": first["id"], "entry_id": setting.new_id()}
        officer.send(put(entry, body, **ids)).good()
    return get("/v1/people/{person_id}/file", person_id=first["id"])


def _judged(server: ServerProcess, setting: Setting, officer: Client) -> dict[str, Any]:
    """Judge everybody at one place: the summary of an enterprise."""
    ask = get(
        "/v1/organisations/{organisation_id}/on-post-summary",
        organisation_id=setting.organisations["enterprise"],
    )
    return _measured(server, officer, ask, LIMIT_SECONDS * 1000, 5) | {
        "people": officer.send(ask).good()["post_count"]
    }


def _measured(
    server: ServerProcess, officer: Client, ask: Ask, limit_ms: float, times: int
) -> dict[str, Any]:
    officer.send(ask).good()
    ms, cpu = [], server.cpu_seconds() or 0.0
    for _ in range(times):
        began = time.perf_counter()
        officer.send(ask).good()
        ms.append((time.perf_counter() - began) * 1000)
    spent = (server.cpu_seconds() or 0.0) - cpu
    return {
        "count": times,
        "p50_ms": round(percentile(ms, 0.50), 1),
        "p95_ms": round(percentile(ms, 0.95), 1),
        "cpu_ms": round(spent * 1000 / times, 1),
        "limit_ratio": round(percentile(ms, 0.50) / limit_ms, 3),
    }
