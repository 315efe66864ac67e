"""Coverage: what a bureau asks, on a province of people with five years of history (持证率).

`COVERAGE_PEOPLE` says how many people there are, 20,000 where nothing is said; the table that
counts is made with 100,000 and 1,000,000. Beside each figure stands the plain count over people.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg
from rich.console import Console

from load_tests.client import Client
from load_tests.messages import get
from load_tests.population import SINCE, TODAY, Writer, populate
from load_tests.server_process import ServerProcess, fresh_server

#: The indicator that is asked about, and the plain count of it on a day.
KEY = "shanxi-special-operations-certified"
PLAIN = """
SELECT count(DISTINCT post.person_id), count(DISTINCT certificate.person_id)
FROM post LEFT JOIN certificate ON certificate.person_id = post.person_id
 AND certificate.valid_from <= '{on}' AND certificate.valid_until >= '{on}'
WHERE post.role = 'special_operations_worker'
 AND post.from_on <= '{on}' AND (post.until_on IS NULL OR post.until_on > '{on}')
"""

#: How often each question is asked.
TIMES = 40


def run(console: Console) -> dict[str, Any]:
    """Measure on both databases."""
    people = int(os.environ.get("COVERAGE_PEOPLE", "20000"))
    return {name: _on(name, people, console) for name in ("sqlite", "postgresql")}


def _on(database: str, people: int, console: Console) -> dict[str, Any]:
    with fresh_server(database) as server:
        server.stop()
        console.print(f"{database}: {people:,} people")
        writer = Writer(server.database_url, str(server.data_dir / "platform.db"))
        asked = populate(writer, people)
        writer.close()
        found: dict[str, Any] = {}
        for name, word in (("rebuild", "rebuild"), ("full_check", "check")):
            found[name] = _commanded(server, word) | {"count": people}
        server.start()
        found |= _questions(server, asked)
        found["plain_count"] = _plain(server)
    times = found["plain_count"]["p50_ms"] / found["one_indicator"]["p50_ms"]
    console.print(f"{database}: a figure over HTTP takes 1/{times:.1f} of the plain count in SQL")
    found["plain_count"]["per_figure"] = round(times, 2)
    return found


def _commanded(server: ServerProcess, word: str) -> dict[str, Any]:
    """Run a command of coverage; return its seconds by the clock and of CPU, and its memory."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    server.command("coverage", word)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_ms": round(cpu * 1000),
        "rss_mb": round(after.ru_maxrss / 1024),
    }


def _questions(server: ServerProcess, asked: dict[str, str]) -> dict[str, Any]:
    account = next(one for one in server.sign_ins() if one.role == "administrator")
    client = Client(server.url)
    client.sign_in(account.sign_in_name, account.password)
    days = [str(SINCE + timedelta(days=90 * step)) for step in range(24)]
    levels = list(asked.values())

    def one(number: int) -> dict[str, Any]:
        return {"region_id": levels[number % 5], "on": days[number % 24], "indicator": KEY}

    province = {"region_id": asked["province"]}
    span = {**province, "from_on": str(SINCE), "every": "day", "on": str(TODAY)}
    return {
        "one_indicator": _timed(client, "/v1/coverage", one),
        "province": _timed(client, "/v1/coverage", lambda _: province),
        "parts": _timed(
            client, f"/v1/coverage/{KEY}/parts", lambda _: {**province, "by": "region"}
        ),
        "trend": _timed(client, f"/v1/coverage/{KEY}/trend", lambda _: span),
        "missing_page": _timed(
            client,
            f"/v1/coverage/{KEY}/missing",
            lambda number: {
                "region_id": levels[number % 5],
                **({"reason": "suspended"} if number % 2 else {}),
            },
        ),
    }


def _timed(client: Client, path: str, query: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    taken, failed = [], 0
    for number in range(TIMES):
        began = time.perf_counter()
        reply = client.send(get(path, query=query(number)))
        taken.append((time.perf_counter() - began) * 1000)
        failed += reply.status != 200
    cuts = statistics.quantiles(taken, n=100)
    return {
        "count": TIMES,
        "failed": failed,
        "p50_ms": round(cuts[49], 2),
        "p95_ms": round(cuts[94], 2),
        "p99_ms": round(cuts[98], 2),
    }


def _plain(server: ServerProcess) -> dict[str, Any]:
    """Count over people, as one would without sums."""
    words = PLAIN.format(on=date.today())  # noqa: DTZ011  # a benchmark lives in the day of its machine
    began = time.perf_counter()
    if server.database_url is None:
        connection = sqlite3.connect(server.data_dir / "platform.db")
        connection.execute(words).fetchall()
        connection.close()
    else:
        with psycopg.connect(server.database_url) as postgresql:
            postgresql.execute(words).fetchall()
    taken = (time.perf_counter() - began) * 1000
    return {"count": 1, "p50_ms": round(taken, 1)}
