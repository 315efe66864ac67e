"""Statistics: a million responses gathered, calculated and stored, and their pages read (统计).

On each database a drill on twenty forms is answered by the Rasch model.
What is measured is the job's own work, started from the console: first from the words of the
phones (gather and calculate), then once more from the sheets (calculate). Beside the second pass
candidates save responses, so that what they wait can be read.
"""

from __future__ import annotations

import itertools
import json
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rich.console import Console

from load_tests import postgres
from load_tests.figures import percentile
from load_tests.rush import Rush, request
from load_tests.server_process import ServerProcess

#: Candidates, and the forms they share: with papers of 65 places, a million responses.
CANDIDATES, FORMS = 15_400, 20

#: Responses that must be gone over.
RESPONSES = 1_000_000

#: Candidates who sit while a pass goes on.
SITTING = 50

#: Seconds of one core in which a pass over all of it must be done.
LIMIT_SECONDS = 10.0


def run(console: Console) -> dict[str, Any]:
    """Measure both databases and return their figures."""
    return {database: _measure(database, console) for database in ("sqlite", "postgresql")}


def _measure(database: str, console: Console) -> dict[str, Any]:
    with ExitStack() as stack:
        url = None
        if database == "postgresql":
            url = stack.enter_context(postgres.private_server(durable=True))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="statistics-")))
        # No job may begin by itself while the passes are measured.
        settings = {"BACKGROUND_WORK": "false"}
        server = ServerProcess(folder / "data", database_url=url, settings=settings)
        stack.callback(server.stop)
        server.start()
        console.print(f"{database}: {CANDIDATES} candidates answer …")
        _drill(server, folder / "answered", CANDIDATES, "--forms", str(FORMS), "--answered")
        sitting = _drill(server, folder / "sitting", SITTING, "--started")
        idle = _saves(server, sitting, lambda: time.sleep(3))
        console.print(f"{database}: from the words of the phones …")
        figures = {"first_pass": _pass(server)}
        console.print(f"{database}: once more, from the sheets, while others save …")
        again: dict[str, Any] = {}
        beside = _saves(server, sitting, lambda: again.update(_pass(server, "--everything")))
        return figures | {"later_pass": again, "saves_idle": idle, "saves_beside": beside}


def _drill(server: ServerProcess, out: Path, count: int, *words: str) -> list[tuple[str, str]]:
    """Prepare a drill; return its attempts with the tokens of their candidates."""
    server.command("exams", "drill", "--candidates", str(count), "--out", str(out), *words)
    lines = (line.split() for line in out.read_text("ascii").splitlines())
    return [(attempt, token) for attempt, _, token in lines]


def _pass(server: ServerProcess, *words: str) -> dict[str, Any]:
    return _shown(json.loads(server.command("exams", "statistics", *words).splitlines()[-1]))


def _shown(told: dict[str, Any]) -> dict[str, Any]:
    seconds = told["seconds"]
    return {
        "count": told["response_count"],
        "questions": told["question_count"],
        "flags": told["flag_count"],
        "seconds": seconds,
        "cpu_seconds": told["cpu_seconds"],
        "per_second": round(told["response_count"] / seconds),
        "rss_mb": told["rss_mb"],
        "limit_ratio": round(told["cpu_seconds"] / LIMIT_SECONDS, 3),
        "failed": int(told["response_count"] < RESPONSES),
    }


def _saves(
    server: ServerProcess, sitting: list[tuple[str, str]], work: Callable[[], object]
) -> dict[str, Any]:
    """Save responses, one at a time, for as long as the work beside it lasts; return the delays."""
    thread = threading.Thread(target=work)
    rush = Rush(server.url, connections=1)
    ms: list[float] = []
    failed = 0
    thread.start()
    for sequence in itertools.count(int(time.monotonic() * 10) % 500_000):
        if not thread.is_alive():
            break
        attempt, token = sitting[sequence % len(sitting)]
        entries = [{"slot": sequence % 100 + 1, "chosen": [0], "sequence": sequence}]
        body = json.dumps({"epoch": 1, "entries": entries}).encode()
        path = f"/v1/attempts/{attempt}/responses"
        saved = rush.hold(iter([request("PUT", path, token=token, body=body)]), seconds=5)
        ms += saved.ms
        failed += saved.failed
        time.sleep(0.005)
    thread.join()
    rush.close()
    return {
        "count": len(ms),
        "failed": failed,
        "p50_ms": round(percentile(ms, 0.50), 2),
        "p99_ms": round(percentile(ms, 0.99), 2),
    }
