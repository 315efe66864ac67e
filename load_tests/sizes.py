"""What an operation costs as the database grows: a table of sizes, and its slope (规模表).

A server of its own for each size, all on the same machine, asked in turns. The cost of an operation
is the CPU of the server and of its database, by the scheduler's own clock, for a turn of
operations, divided by their number. What disturbs the machine disturbs a whole round, one turn of
every size: so each turn is held against its own round, and told is the mean of these shares, times
what an operation costs in the median round. (A mean, for the turn in which a database tidies up
belongs to the cost.) Statements are counted by the server itself, for each group that shares a
commit.

*Slope*: by how much the cost grows for each tenfold of attempts, as a share of the cost at the
smallest size: the line of least squares through the costs over log10 of the sizes. *Growth*: the
cost at the largest size over that at the smallest, less one.
"""

from __future__ import annotations

import math
import random
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, geometric_mean, median
from time import perf_counter
from typing import Any

import psycopg
from prometheus_client.parser import text_string_to_metric_families

from load_tests import postgres, proc
from load_tests.client import Client
from load_tests.drilled import Candidate, drill
from load_tests.messages import get
from load_tests.proc import Meter
from load_tests.rush import Rush, Rushed
from load_tests.server_process import ServerProcess

#: Attempts in the database, each holding so many responses.
SIZES, HELD = (100, 1_000, 10_000, 100_000), 10

#: Turns of each size, and operations of a turn: one alone is a tenth off as often as not.
TURNS, SAVES, OTHERS = 30, 600, 150

#: Connections that stay busy.
CROWD = 32

#: Attempts that saves are spread over, from everywhere among all: as many at every size.
SAVERS = 100


@dataclass(kw_only=True)
class Sized:
    """A server whose database holds so many attempts, and candidates who have not begun."""

    size: int
    server: ServerProcess
    sitting: list[Candidate]
    waiting: list[Candidate]
    meter: Meter
    #: Seconds that filling took.
    filled_in: float
    #: CPU microseconds of an operation, turn by turn, by operation.
    costs: dict[str, list[float]] = field(default_factory=dict)
    failed: int = 0

    def ask(self, requests: Iterable[bytes]) -> Rushed:
        """Ask what belongs to no turn."""
        with closing(Rush(self.server.url, connections=CROWD)) as rush:
            return rush.hold(iter(requests), seconds=120)

    def turn(self, operation: str, requests: Sequence[bytes]) -> None:
        """Ask some operations, and note what each has cost."""
        # Opened before the look: a server closes connections that are idle for long.
        with closing(Rush(self.server.url, connections=CROWD)) as rush:
            self.meter.spent()
            rushed = rush.hold(iter(requests), seconds=120)
            spent = self.meter.spent()
        self.failed += rushed.failed
        self.costs.setdefault(operation, []).append(spent / len(requests) * 1_000_000)


def measure(database: str, folder: Path, sizes: Sequence[int] = SIZES) -> dict[str, Any]:
    """Return cost and statements of save, start and submit at each size, with their slopes.

    Args:
        database: `sqlite` or `postgresql`.
        folder: where servers may keep what they keep.
        sizes: attempts in the database.
    """
    with _servers(database, folder, sizes) as servers:
        statements = {
            "save": _ask(servers, "save", _saves, TURNS),
            "start": _ask(servers, "start", _starts, TURNS),
        }
        for one in servers:
            one.ask(two.save_all() for two in one.waiting)
        statements["submit"] = _ask(servers, "submit", _submits, TURNS)
        return {
            **{name: _told(servers, name, statements[name]) for name in statements},
            "filling": {f"seconds_{one.size}": one.filled_in for one in servers},
        }


def metered(server: ServerProcess) -> Meter:
    """Return what reads the CPU that a server and its database spend."""
    url = server.database_url
    roots = [server.pid] if url is None else [server.pid, postgres.pid_of(url)]
    return Meter(lambda: [pid for root in roots for pid in proc.family(root)])


def spread(server: ServerProcess, sitting: Sequence[Candidate]) -> dict[str, Any]:
    """Return the cost of a save as more and more phones save at once, with its slope.

    The database stays as it is: what grows is how much of it they touch.

    Args:
        server: with the attempts.
        sitting: candidates who have saved before.
    """
    meter = metered(server)
    costs: dict[int, list[float]] = {
        count: [] for count in (SAVERS, 10 * SAVERS, len(sitting)) if count <= len(sitting)
    }
    failed = 0
    for number in range(TURNS):
        for count, turns in costs.items():
            savers = random.choices(sitting[:count], k=SAVES)
            first = 500_000 + 2 * SAVES * number
            with closing(Rush(server.url, connections=CROWD)) as rush:
                meter.spent()
                saves = (one.save(first + 2 * each) for each, one in enumerate(savers))
                failed += rush.hold(saves, seconds=120).failed
                turns.append(meter.spent() / SAVES * 1_000_000)
    told = settled(costs)
    named = {f"cpu_us_{count}": round(cost, 1) for count, cost in told.items()}
    return {**named, "slope": round(slope(told), 4), "failed": failed}


def _ask(
    servers: Sequence[Sized],
    operation: str,
    requests: Callable[[Sized, int], list[bytes]],
    turns: int,
) -> dict[int, float]:
    """Ask an operation of all servers in turns; return the statements of a group, by size."""
    before = {one.size: _groups(one.server) for one in servers}
    for number in range(turns):
        # Each time another begins, so that no size is always first.
        for one in (*servers[number % len(servers) :], *servers[: number % len(servers)]):
            one.turn(operation, requests(one, number))
    return {one.size: _groups(one.server).statements_since(before[one.size]) for one in servers}


def _saves(one: Sized, number: int) -> list[bytes]:
    savers = one.sitting[:: max(1, len(one.sitting) // SAVERS)]
    first = 1000 * (number + 1)
    return [random.choice(savers).save(first + 2 * each) for each in range(SAVES)]


def _starts(one: Sized, number: int) -> list[bytes]:
    return [two.start() for two in one.waiting[number * OTHERS : (number + 1) * OTHERS]]


def _submits(one: Sized, number: int) -> list[bytes]:
    return [two.submit() for two in one.waiting[number * OTHERS : (number + 1) * OTHERS]]


def _told(servers: Sequence[Sized], name: str, statements: Mapping[int, float]) -> dict[str, Any]:
    costs = settled({one.size: one.costs[name] for one in servers})
    return {
        **{f"cpu_us_{size}": round(cost, 1) for size, cost in costs.items()},
        **{f"statements_{size}": round(statements[size], 2) for size in costs},
        "slope": round(slope(costs), 4),
        "growth": round(costs[max(costs)] / costs[min(costs)] - 1, 4),
        "failed": sum(one.failed for one in servers),
    }


def settled(costs: Mapping[int, Sequence[float]]) -> dict[int, float]:
    """Return what an operation costs at each size, of turns that were taken in rounds.

    Args:
        costs: of each size turn by turn, the first turns of all sizes being one round, and so on.
    """
    rounds = [geometric_mean(turns) for turns in zip(*costs.values(), strict=True)]
    return {
        size: median(rounds) * fmean(cost / one for cost, one in zip(turns, rounds, strict=True))
        for size, turns in costs.items()
    }


def slope(costs: Mapping[int, float]) -> float:
    """Return the growth of a cost for each tenfold of the size, as a share of the smallest's."""
    pairs = [(math.log10(size), cost) for size, cost in costs.items()]
    if len(pairs) < 2:
        return 0.0
    middle = sum(x for x, _ in pairs) / len(pairs)
    rise = sum((x - middle) * cost for x, cost in pairs)
    return rise / sum((x - middle) ** 2 for x, _ in pairs) / costs[min(costs)]


@dataclass(frozen=True, kw_only=True)
class _Groups:
    """Groups and statements that a server has counted so far."""

    groups: float
    statements: float

    def statements_since(self, before: _Groups) -> float:
        """Return the statements of one group since then."""
        groups = self.groups - before.groups
        return (self.statements - before.statements) / groups if groups else 0.0


def _groups(server: ServerProcess) -> _Groups:
    text = Client(server.url).send(get("/metrics")).raw.decode()
    counted = dict.fromkeys(("platform_groups_total", "platform_group_statements_total"), 0.0)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name in counted:
                counted[sample.name] += sample.value
    groups, statements = counted.values()
    return _Groups(groups=groups, statements=statements)


@contextmanager
def _servers(database: str, folder: Path, sizes: Sequence[int]) -> Iterator[list[Sized]]:
    """Run a filled server for each size, made from one mould, for as long as the block lasts."""
    with ExitStack() as stack:
        url = None
        if database == "postgresql":
            url = stack.enter_context(postgres.private_server(durable=True))
        mould = ServerProcess(folder / "mould", database_url=url)
        mould.start()
        mould.stop()
        found = []
        for size in sizes:
            server = _cast(mould, url, folder, size)
            stack.callback(server.stop)
            server.start()
            found.append(_filled(server, folder, size))
        yield found


def _cast(mould: ServerProcess, url: str | None, folder: Path, size: int) -> ServerProcess:
    """Return a server that begins with what the mould has kept."""
    data_dir = folder / f"size-{size}"
    shutil.copytree(mould.data_dir, data_dir)
    # One process each, and nothing beside the requests: only they are measured.
    settings = {"WORKERS": "1", "BACKGROUND_WORK": "false"}
    if url is None:
        return ServerProcess(data_dir, settings=settings)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE size_{size} TEMPLATE postgres")
    own = url.replace("/postgres?", f"/size_{size}?")
    return ServerProcess(data_dir, database_url=own, settings=settings)


def _filled(server: ServerProcess, folder: Path, size: int) -> Sized:
    began = perf_counter()
    sitting = drill(server, folder, size, started=True, held=HELD)
    filled_in = perf_counter() - began
    waiting = drill(server, folder, OTHERS * TURNS, started=False)
    one = Sized(
        size=size,
        server=server,
        sitting=sitting,
        waiting=waiting,
        meter=metered(server),
        filled_in=round(filled_in, 1),
    )
    # What is kept after the first time – tokens, papers – is not what grows with a database.
    one.ask(_saves(one, 0))
    return one
