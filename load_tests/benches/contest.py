"""A final: ten thousand people respond to one question within ten seconds (竞赛决赛).

On each database a final is drilled (`flask contest-drill`) with three sizes of crowd. Everybody
responds once within ten seconds, while the board is looked at four times a second. Told are how
long a response took to be safe, how old the board was, and what one response cost the machine's
processors: with ten times as many participants it must cost the same.

About two minutes; with `SHORT=1` in the environment a tenth of the crowd, on SQLite only.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from bisect import bisect_right
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3
from rich.console import Console

from load_tests import postgres, proc
from load_tests.rush import Rush, Rushed, request
from load_tests.server_process import ServerProcess

#: The crowd, and the others that its cost is compared with.
CROWD, SMALLER, LARGER = 10_000, 1_000, 30_000

#: Seconds within which everybody responds.
WITHIN = 10.0

#: Connections on their way at once.
CONNECTIONS = 128

#: Seconds between two looks at the board.
LOOK = 0.25

WORKERS = {"sqlite": 1, "postgresql": 2}


def run(console: Console) -> dict[str, Any]:
    """Measure both databases and return their figures."""
    short = os.environ.get("SHORT", "") not in ("", "0")
    sizes = [CROWD // 10] if short else [SMALLER, CROWD, LARGER]
    found: dict[str, Any] = {}
    for database in ["sqlite"] if short else list(WORKERS):
        console.print(f"{database}: finals of {', '.join(f'{size:,}' for size in sizes)} …")
        found[database] = _measure(database, sizes)
    return found


def _measure(database: str, sizes: list[int]) -> dict[str, Any]:
    with ExitStack() as stack:
        url = None
        if database == "postgresql":
            url = stack.enter_context(postgres.private_server(durable=True))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="contest-")))
        settings = {"WORKERS": str(WORKERS[database])}
        server = ServerProcess(folder / "data", database_url=url, settings=settings)
        stack.callback(server.stop)
        server.start()
        roots = [server.pid] if url is None else [server.pid, postgres.pid_of(url)]
        meter = proc.Meter(lambda: [pid for root in roots for pid in proc.family(root)])
        return {f"final_of_{size}": _final(server, folder, size, meter) for size in sizes}


def _final(server: ServerProcess, folder: Path, size: int, meter: proc.Meter) -> dict[str, Any]:
    out = folder / f"final-{size}.txt"
    server.command("contest-drill", "--participants", str(size), "--out", str(out))
    round_id, *lines = out.read_text("ascii").splitlines()
    body = json.dumps({"slot": 1, "chosen": [0]}).encode()
    requests = [_response(line, body) for line in lines]
    looks = _Looks(f"{server.url}/v1/contest-boards/{round_id}")
    rush = Rush(server.url, connections=CONNECTIONS)
    meter.spent()
    began = time.perf_counter()
    with looks.going_on():
        rushed = rush.arrive(requests, within=WITHIN)
        time.sleep(2 * LOOK)
    cpu = meter.spent()
    rush.close()
    return {
        "count": len(rushed.ms),
        "failed": rushed.failed,
        "per_second": rushed.per_second,
        "p50_ms": rushed.percentile(50),
        "p95_ms": rushed.percentile(95),
        "p99_ms": rushed.percentile(99),
        "cpu_ms": cpu / max(1, len(rushed.ms)) * 1000,
        "board_age_ms": looks.oldest(rushed, began) * 1000,
        "board_ms": looks.slowest() * 1000,
        "seconds": rushed.seconds,
        "rss_mb": server.rss_mb() or 0.0,
    }


def _response(line: str, body: bytes) -> bytes:
    entry_id, token = line.split()
    return request("PUT", f"/v1/contest-entries/{entry_id}/responses", token=token, body=body)


@dataclass
class _Looks:
    """Looks at a board while a crowd responds."""

    url: str
    #: When each look began and ended, and how many people the board knew.
    seen: list[tuple[float, float, int]] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def going_on(self) -> ExitStack:
        """Look every so often, until the block ends."""
        stack = ExitStack()
        thread = threading.Thread(target=self._look, daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(self._over.set)
        return stack

    def oldest(self, rushed: Rushed, began: float) -> float:
        """Return the most seconds by which a board was behind what had been acknowledged."""
        acknowledged = sorted(rushed.seconds_of)
        behind = 0.0
        for looked_at, _, people in self.seen:
            at = looked_at - began
            known = bisect_right(acknowledged, at)
            if people < known:
                # The first that it does not know was acknowledged so long before.
                behind = max(behind, at - acknowledged[people])
        return behind

    def slowest(self) -> float:
        """Return the seconds that the slowest look took."""
        return max((ended - began for began, ended, _ in self.seen), default=0.0)

    def _look(self) -> None:
        pool = urllib3.PoolManager()
        while not self._over.wait(LOOK):
            began = time.perf_counter()
            reply = pool.request("GET", self.url)
            people = json.loads(reply.data)["people_count"]
            self.seen.append((began, time.perf_counter(), people))
