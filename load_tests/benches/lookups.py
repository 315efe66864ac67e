"""Results are out: how many look theirs up at once, few candidates and many (成绩查询高峰).

Everybody looks up by number and name, without an account, again and again: what a release at ten
o'clock brings. Measured with a thousand outcomes in the database and with twenty thousand more.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid5

from rich.console import Console

from load_tests import cast, journeys
from load_tests.cast import Cast
from load_tests.rush import Rush, Rushed, request
from load_tests.server_process import ServerProcess, fresh_server

#: People who sit and look up; others have outcomes beside theirs.
PEOPLE = 6
#: Outcomes of others, in steps.
FEW, MANY = 1_000, 20_000
#: Connections at once, and seconds of each rush.
CONNECTIONS, SECONDS = 32, 6.0
#: Milliseconds of the 99th of a hundred replies, and lookups a second, that are asked for: a quiet
#: machine of two cores holds half as many again.
MOST_P99_MS, LEAST_PER_SECOND = 500.0, 1_000.0


def run(console: Console) -> dict[str, Any]:
    """Measure lookups beside few and many outcomes."""
    with fresh_server(durable=True) as server, tempfile.TemporaryDirectory() as folder:
        console.print(f"{PEOPLE} candidates sit on {server.database} …")
        crowd = cast.gather(server.url, server.sign_ins(), PEOPLE, seed=3)
        requests = [_asked(place) for place in _sat(crowd)]
        found = {}
        for count in (FEW, MANY):
            _others(server, Path(folder), count)
            console.print(f"{count} more have outcomes; everybody looks up for {SECONDS:.0f} s …")
            found[f"beside_{count}"] = _rush(server, requests)
        return found


def _sat(crowd: Cast) -> list[cast.Place]:
    for number, place in enumerate(crowd.places):
        attempt_id = uuid5(place.enrolment_id, "attempt")
        choose = journeys.guesser(number)
        place.candidate.phone.run(
            journeys.sit(attempt_id, place.enrolment_id, choose=choose, saves=2)
        )
    return crowd.places


def _asked(place: cast.Place) -> bytes:
    papers = place.candidate.papers
    body = {"document_number": papers.document_number, "name": papers.name}
    return request("POST", "/v1/outcome-lookups", body=json.dumps(body).encode())


def _others(server: ServerProcess, folder: Path, count: int) -> None:
    out = str(folder / "drill.txt")
    words = ("exams", "drill", "--candidates", str(count), "--answered", "--released")
    server.command(*words, "--out", out)


def _rush(server: ServerProcess, requests: list[bytes]) -> dict[str, float | None]:
    rush = Rush(server.url, connections=CONNECTIONS)
    try:
        rush.hold(itertools.cycle(requests), seconds=1.0)
        cpu = server.cpu_seconds()
        went: Rushed = rush.hold(itertools.cycle(requests), seconds=SECONDS)
        after = server.cpu_seconds()
    finally:
        rush.close()
    spent = None if cpu is None or after is None else after - cpu
    count = len(went.ms)
    return {
        "count": count,
        "failed": went.failed
        + (went.percentile(99) > MOST_P99_MS)
        + (went.per_second < LEAST_PER_SECOND),
        "per_second": round(went.per_second, 1),
        "p50_ms": round(went.percentile(50), 2),
        "p99_ms": round(went.percentile(99), 2),
        "cpu_ms": None if spent is None else round(spent * 1000 / max(1, count), 3),
        "seconds": round(went.seconds, 2),
    }
