"""Intake: saves, starts and hand-ins a second, durable, beside the limit of this machine (收卷).

On each database a drill is prepared (`flask exams drill`), and one operation after the other is
asked of the platform and of the limit server (`load_tests.limit_server`) with the same client, one
right after the other, so that both meet the same machine. The share of the limit counts more than
the figure: the figure depends on the machine.
"""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console

from load_tests import postgres
from load_tests.rush import Rush, Rushed, request
from load_tests.server_process import ROOT, ServerProcess

#: Connections that stay busy.
CROWD = 64

#: Connections where the flush of a slow disk is felt.
LARGE_CROWD = 256

#: Seconds that an operation is asked.
SECONDS = 6.0

#: Candidates who have begun, who have not, and who all start within one second.
SITTING, WAITING, AT_NINE = 6000, 8000, 2000

#: Milliseconds that an ordinary disk or a synchronous replica adds to a commit.
SLOW_DISK_MS = 5

#: Questions that an attempt answers before it is handed in.
QUESTIONS = 100

#: Server processes: SQLite has one writer, PostgreSQL several.
WORKERS = {"sqlite": 1, "postgresql": 2}


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A candidate of the drill."""

    attempt_id: str
    enrolment_id: str
    token: str

    def save(self, sequence: int) -> bytes:
        """Return a request that saves two entries, as a phone sends them."""
        slot = random.randrange(1, QUESTIONS)
        entries = [
            {"slot": slot, "chosen": [sequence % 2], "sequence": sequence},
            {"slot": slot + 1, "chosen": [1], "sequence": sequence + 1},
        ]
        return self._put("/responses", {"epoch": 1, "entries": entries})

    def save_all(self) -> bytes:
        """Return a request that answers every question."""
        entries = [
            {"slot": slot, "chosen": [0], "sequence": 1_000_000 - QUESTIONS + slot}
            for slot in range(1, QUESTIONS + 1)
        ]
        return self._put("/responses", {"epoch": 1, "entries": entries})

    def start(self) -> bytes:
        """Return a request that starts the attempt."""
        return self._put("", {"enrolment_id": self.enrolment_id})

    def submit(self) -> bytes:
        """Return a request that hands in."""
        return self._put("/submission", {})

    def _put(self, ending: str, body: dict[str, Any]) -> bytes:
        path = f"/v1/attempts/{self.attempt_id}{ending}"
        return request("PUT", path, token=self.token, body=json.dumps(body).encode())


def run(console: Console) -> dict[str, Any]:
    """Measure both databases and return their figures."""
    return {database: _measure(database, console) for database in WORKERS}


def _measure(database: str, console: Console) -> dict[str, Any]:
    with ExitStack() as stack:
        url, limit_url = None, None
        if database == "postgresql":
            url = stack.enter_context(postgres.private_server(durable=True))
            limit_url = stack.enter_context(postgres.private_server(durable=True))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="intake-")))
        settings = {"WORKERS": str(WORKERS[database])}
        server = ServerProcess(folder / "data", database_url=url, settings=settings)
        stack.callback(server.stop)
        server.start()
        bare = server.rss_mb() or 0.0
        sitting = _drill(server, folder, SITTING, started=True)
        waiting = _drill(server, folder, WAITING, started=False)
        limit = stack.enter_context(
            _limit_server(limit_url or str(folder / "limit.db"), WORKERS[database])
        )
        console.print(f"{database}: save …")
        figures = {"save": _beside(server.url, limit, lambda: _saves(sitting))}
        held = (server.rss_mb() or 0.0) - bare
        figures["memory"] = {"mb_per_10_000_attempts": held / SITTING * 10_000}
        figures["flat"] = _flatness(server.url, sitting)
        if url is not None:
            figures["slow_disk"] = _slow_disk(url, server.url, sitting)
        console.print(f"{database}: start …")
        nine, others = waiting[:AT_NINE], waiting[AT_NINE:]
        figures["nine_o_clock"] = _at_nine(server.url, nine)
        figures["start"] = _beside(server.url, limit, _share(others, Candidate.start))
        console.print(f"{database}: submit …")
        with _crowd(server.url, CROWD) as rush:
            answered = rush.hold((one.save_all() for one in sitting), seconds=120)
        figures["save_whole_paper"] = _shown(answered)
        figures["submit"] = _beside(server.url, limit, _share(sitting, Candidate.submit))
        return figures


def _beside(
    url: str, limit_url: str, requests: Callable[[], Iterator[bytes]], *, crowd: int = CROWD
) -> dict[str, Any]:
    """Ask the platform and the limit the same, in turns; return the figures and their ratio."""
    rushed: dict[str, list[Rushed]] = {url: [], limit_url: []}
    for _ in range(3):
        for asked in (limit_url, url):
            with _crowd(asked, crowd) as rush:
                rushed[asked].append(rush.hold(requests(), seconds=SECONDS / 3))
    ours, theirs = _best(rushed[url]), _best(rushed[limit_url])
    ratio = ours["per_second"] / theirs["per_second"] if theirs["per_second"] else 0.0
    return ours | {"limit_per_second": theirs["per_second"], "limit_ratio": ratio}


def _best(turns: list[Rushed]) -> dict[str, Any]:
    """Return the turn that others on the machine disturbed least, and failures of all turns."""
    best = max(turns, key=lambda turn: turn.per_second)
    return _shown(best) | {"failed": sum(turn.failed for turn in turns)}


def _shown(rushed: Rushed) -> dict[str, Any]:
    return {
        "count": len(rushed.ms),
        "failed": rushed.failed,
        "per_second": rushed.per_second,
        "p50_ms": rushed.percentile(50),
        "p99_ms": rushed.percentile(99),
        "client_cpu_share": rushed.client_cpu_seconds / rushed.seconds if rushed.seconds else 0.0,
    }


def _saves(candidates: list[Candidate]) -> Iterator[bytes]:
    sequence = itertools.count(int(time.monotonic() * 100) % 400_000 + 1, 2)
    return (random.choice(candidates).save(next(sequence)) for _ in itertools.count())


def _share(
    candidates: list[Candidate], ask: Callable[[Candidate], bytes]
) -> Callable[[], Iterator[bytes]]:
    """Return a source that gives each turn its own candidates: each starts or hands in once."""
    # Six turns: three of the platform, three of the limit.
    turns = itertools.count()

    def some() -> Iterator[bytes]:
        turn = next(turns) % 6
        # The limit's turns may use the same candidates as the platform's, which come after.
        part = len(candidates) // 3
        return map(ask, candidates[turn // 2 * part : (turn // 2 + 1) * part])

    return some


def _flatness(url: str, candidates: list[Candidate]) -> dict[str, Any]:
    """Return the saves a second to few attempts and to many, and the slope between them."""
    figures: dict[str, Any] = {}
    for size in (100, 1000, len(candidates)):
        with _crowd(url, CROWD) as rush:
            figures[f"attempts_{size}"] = rush.hold(
                _saves(candidates[:size]), seconds=SECONDS / 3
            ).per_second
    few, many = figures["attempts_100"], figures[f"attempts_{len(candidates)}"]
    return figures | {"slope": (few - many) / few if few else 0.0}


def _slow_disk(database: str, url: str, candidates: list[Candidate]) -> dict[str, Any]:
    """Return the saves a second when every commit takes longer, as a share of those when not.

    PostgreSQL itself waits that long before each flush; SQLite has no such setting.
    """
    with psycopg.connect(database, autocommit=True) as connection:
        quick = _large_crowd(url, candidates)
        connection.execute("ALTER SYSTEM SET commit_siblings = 0")
        connection.execute(f"ALTER SYSTEM SET commit_delay = {SLOW_DISK_MS * 1000}")
        connection.execute("SELECT pg_reload_conf()")
        slow = _large_crowd(url, candidates)
        connection.execute("ALTER SYSTEM RESET ALL")
        connection.execute("SELECT pg_reload_conf()")
    share = slow.per_second / quick.per_second if quick.per_second else 0.0
    return _shown(slow) | {"quick_per_second": quick.per_second, "share_of_quick": share}


def _large_crowd(url: str, candidates: list[Candidate]) -> Rushed:
    with _crowd(url, LARGE_CROWD) as rush:
        return rush.hold(_saves(candidates), seconds=SECONDS / 3)


def _at_nine(url: str, candidates: list[Candidate]) -> dict[str, Any]:
    with _crowd(url, LARGE_CROWD) as rush:
        return _shown(rush.arrive([one.start() for one in candidates], within=1.0))


@contextmanager
def _crowd(url: str, connections: int) -> Iterator[Rush]:
    rush = Rush(url, connections=connections)
    try:
        yield rush
    finally:
        rush.close()


def _drill(server: ServerProcess, folder: Path, count: int, *, started: bool) -> list[Candidate]:
    out = folder / f"drill-{started}.txt"
    words = ["exams", "drill", "--candidates", str(count), "--out", str(out)]
    server.command(*words, *(["--started"] if started else []))
    lines = (line.split() for line in out.read_text("ascii").splitlines())
    return [
        Candidate(attempt_id=attempt, enrolment_id=enrolment, token=token)
        for attempt, enrolment, token in lines
    ]


@contextmanager
def _limit_server(database: str, workers: int) -> Iterator[str]:
    """Run the limit server for as long as the block lasts."""
    # A port that was free a moment ago; the platform's own way to find one.
    port = ServerProcess(Path("limit")).port
    words = [sys.executable, "-m", "load_tests.limit_server", str(port), str(CROWD), str(workers)]
    with subprocess.Popen([*words, database], cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(url: str) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            Rush(url, connections=1).close()
            return
        except ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
