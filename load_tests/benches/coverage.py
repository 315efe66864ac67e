"""Coverage: what a bureau asks, on a province of people with five years of history (持证率).

`COVERAGE_PEOPLE` says how many people there are, 20,000 where nothing is said; several numbers,
with commas between them, are built one after the other and held against each other.
`COVERAGE_DATABASE` names one database only. Beside each figure stands the plain count over people.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import psycopg
from rich.console import Console

from load_tests import missing_lists as lists
from load_tests import provinces
from load_tests.client import Client
from load_tests.messages import get, put
from load_tests.missing_lists import counters, shown, spent
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

#: Certificates for the one item of the one post, in the province that is asked about, of holders
#: who have nothing else: suspending one moves the figure by one.
LONE = """
SELECT certificate.id FROM certificate JOIN post ON post.person_id = certificate.person_id
 JOIN qualification ON qualification.id = certificate.qualification_id
  AND CAST(post.items AS text) = '["' || qualification.operation_item || '"]'
 JOIN organisation ON organisation.id = post.organisation_id
 JOIN region ON region.id = organisation.region_id AND region.path LIKE '%{province}%'
WHERE post.role = 'special_operations_worker' AND post.until_on IS NULL
 AND certificate.valid_from <= '{on}' AND certificate.valid_until > '{on}'
 AND 1 = (SELECT count(*) FROM certificate_event e WHERE e.certificate_id = certificate.id)
 AND 1 = (SELECT count(*) FROM post p WHERE p.person_id = certificate.person_id)
 AND 1 = (SELECT count(*) FROM certificate c WHERE c.person_id = certificate.person_id)
LIMIT 8
"""

#: An enterprise with workers, and an organisation that trains.
ENTERPRISE = "SELECT organisation_id FROM post WHERE role = 'special_operations_worker' LIMIT 1"
PROVIDER = "SELECT id FROM organisation WHERE kind = 'provider' LIMIT 1"

#: How often each question is asked, before that to warm a server that has just been started, and
#: how often a figure is moved.
TIMES, WARMING, MOVES = 60, 10, 8

#: What each question may take, in milliseconds.
LIMITS = {
    "one_indicator": 20,
    "province_with_parts": 150,
    "trend": 100,
    "missing_page": 100,
    "figure_moved": 1000,
}

#: What counting from nothing, checking and counting anew beside others may take at a million
#: people: the words of the command, and seconds. The last has no limit of its own: it locks nobody.
COMMANDS = {
    "rebuild": (("rebuild", "--from-nothing"), 300),
    "full_check": (("check",), 60),
    "count_anew": (("rebuild",), 300),
}

#: Megabytes that each of them may hold.
MEGABYTES = 1024

#: How much longer one indicator may take with more people: a fifth, and a millisecond of noise.
SLOPE, NOISE_MS = 1.2, 1.0


def run(console: Console) -> dict[str, Any]:
    """Measure on both databases, for each number of people."""
    sizes = [int(each) for each in os.environ.get("COVERAGE_PEOPLE", "20000").split(",")]
    only = os.environ.get("COVERAGE_DATABASE")
    found: dict[str, Any] = {}
    for database in [only] if only else ["sqlite", "postgresql"]:
        of_sizes = {f"{people:,}": on(database, people, console) for people in sizes}
        found[database] = of_sizes
        if len(of_sizes) > 1:
            _compare_sizes([*of_sizes.values()], console, database)
        _judge(of_sizes, console, database)
    return found


def _compare_sizes(found: list[dict[str, Any]], console: Console, database: str) -> None:
    """Say whether a figure takes as long for many people as for few; count it as failed else."""
    few, many = (each["one_indicator"] for each in (found[0], found[-1]))
    fine = many["p95_ms"] <= few["p95_ms"] * SLOPE + NOISE_MS
    many["failed"] += not fine
    console.print(
        f"{database}: one indicator p95 {few['p95_ms']} → {many['p95_ms']} ms with more people: "
        f"at most a fifth more is asked, {_verdict(fine=fine)}; its cost on the server "
        f"{few.get('cpu_ms')} → {many.get('cpu_ms')} ms of CPU, "
        f"{few.get('statements')} → {many.get('statements')} statements"
    )


def _judge(of_sizes: dict[str, dict[str, Any]], console: Console, database: str) -> None:
    """Print every limit with what was measured and whether it holds."""
    for people, rows in of_sizes.items():
        for name, row in rows.items():
            if "limit" in row:
                fine = row["limit_ratio"] <= 1
                console.print(
                    f"{database}, {people} people, {name}: {row['measured']} "
                    f"of {row['limit']}, {_verdict(fine=fine)}"
                )


def _verdict(*, fine: bool) -> str:
    return "holds" if fine else "[bold]MISSED[/bold]"


def on(database: str, people: int, console: Console) -> dict[str, Any]:
    """Build so many people on a database, and ask about them."""
    with fresh_server(database) as server:
        built_of = built(server, people, console)
        found: dict[str, Any] = {}
        for name in COMMANDS:
            found[name] = _commanded(server, name) | {"count": people}
            console.print(f"{database}, {name}: {found[name]}")
        server.start()
        return found | questions(server, built_of, console)


@dataclass(frozen=True, kw_only=True)
class Built:
    """What stands in the database, to ask about."""

    #: A region of each level.
    regions: dict[str, str]
    #: Certificates that move the figure.
    lone: list[str]
    #: An enterprise with special operations workers, and who trains most of them.
    enterprise: str
    provider: str


def built(server: ServerProcess, people: int, console: Console) -> Built:
    """Fill the database; return what there is to ask about."""
    server.stop()
    console.print(f"{server.database}: {people:,} people")
    writer = Writer(server.database_url, str(server.data_dir / "platform.db"))
    regions = populate(writer, people)
    writer.survey()

    def ids(words: str) -> list[str]:
        return [provinces.dashed(provinces.hexed(row[0])) for row in writer.rows(words)]

    found = Built(
        regions=regions,
        lone=ids(LONE.format(on=TODAY, province=regions["province"])),
        enterprise=ids(ENTERPRISE)[0],
        provider=ids(PROVIDER)[0],
    )
    writer.close()
    return found


def _commanded(server: ServerProcess, name: str) -> dict[str, Any]:
    """Run a command of coverage; return its seconds by the clock and of CPU, and its memory."""
    words, seconds_at_most = COMMANDS[name]
    began = time.perf_counter()
    with subprocess.Popen(
        server.command_line("coverage", *words), stdout=subprocess.DEVNULL, **server.surroundings()
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    return {
        "seconds": round(seconds, 1),
        "cpu_ms": round((used.ru_utime + used.ru_stime) * 1000),
        "rss_mb": round(used.ru_maxrss / 1024),
        "failed": int(process.returncode != 0 or used.ru_maxrss / 1024 > MEGABYTES),
        "limit_ratio": round(seconds / seconds_at_most, 3),
        "measured": f"{seconds:.0f} s and {used.ru_maxrss / 1024:.0f} MB",
        "limit": f"{seconds_at_most} s and {MEGABYTES} MB",
    }


def questions(server: ServerProcess, there: Built, console: Console) -> dict[str, Any]:
    """Move a figure, and ask what a bureau asks; return how long each took."""
    client = _signed_in(server, "administrator")
    days = [str(SINCE + timedelta(days=90 * step)) for step in range(24)]
    levels = list(there.regions.values())

    def one(number: int) -> dict[str, Any]:
        return {"region_id": levels[number % 5], "on": days[number % 24], "indicator": KEY}

    province = {"region_id": there.regions["province"]}
    span = {**province, "from_on": str(SINCE), "every": "day", "on": str(TODAY)}
    found = {
        # Before anything else: the first move after a start is the slowest.
        "figure_moved": _moved(server, client, there),
        "one_indicator": _timed(client, "/v1/coverage", one),
        "province_with_parts": _timed(
            client, "/v1/coverage", lambda _: {**province, "with_parts": "true"}
        ),
        "parts_of_one": _timed(
            client, f"/v1/coverage/{KEY}/parts", lambda _: {**province, "by": "region"}
        ),
        "trend": _timed(client, f"/v1/coverage/{KEY}/trend", lambda _: span),
        "missing_page": lists.measured(client, there.regions, there.enterprise, there.provider),
        "plain_count": _plain(server),
    }
    for name, limit in LIMITS.items():
        found[name]["limit_ratio"] = round(found[name]["p95_ms"] / limit, 3)
        found[name]["measured"] = f"p95 {found[name]['p95_ms']} ms"
        found[name]["limit"] = f"{limit} ms"
    console.print(f"{server.database}: the slowest list is {found['missing_page']['slowest']}")
    plain = found["plain_count"]
    times = plain["p50_ms"] / found["one_indicator"]["p50_ms"]
    console.print(
        f"{server.database}: a figure over HTTP takes 1/{times:.1f} of the plain count in SQL"
    )
    plain["per_figure"] = round(times, 2)
    return found


def _signed_in(server: ServerProcess, role: str) -> Client:
    account = next(one for one in server.sign_ins() if one.role == role)
    client = Client(server.url)
    client.sign_in(account.sign_in_name, account.password)
    return client


def _timed(client: Client, path: str, query: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    for number in range(WARMING):
        client.send(get(path, query=query(number)))
    taken, failed, before = [], 0, counters(client)
    for number in range(TIMES):
        began = time.perf_counter()
        reply = client.send(get(path, query=query(number)))
        taken.append((time.perf_counter() - began) * 1000)
        failed += reply.status != 200
    return shown(taken, failed) | spent(client, before)


def _moved(server: ServerProcess, client: Client, there: Built) -> dict[str, Any]:
    """Suspend certificates one by one; return how long it takes until the figure says so."""
    issuer = _signed_in(server, "issuer")
    query = {"region_id": there.regions["province"], "indicator": KEY}

    def covered() -> int:
        (item,) = client.send(get("/v1/coverage", query=query)).good()["items"]
        return int(item["covered_count"])

    taken, failed = [], 0
    for one in there.lone[:MOVES]:
        before, began = covered(), time.perf_counter()
        address = "/v1/certificates/{certificate_id}/suspension"
        reply = issuer.send(put(address, {"reason": "抽查"}, certificate_id=one))
        while covered() != before - 1 and time.perf_counter() - began < 10:
            time.sleep(0.01)
        taken.append((time.perf_counter() - began) * 1000)
        failed += reply.status != 200 or covered() != before - 1
    return shown(taken, failed) | {"first_ms": round(taken[0], 1)}


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
