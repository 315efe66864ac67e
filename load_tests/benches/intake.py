"""Intake: saves, starts and hand-ins a second, durable, beside the limit of this machine (收卷).

On each database a drill is prepared (`flask exams drill`), and one operation after the other is
asked of the platform and of the limit server (`load_tests.limit_server`) with the same client, one
right after the other, so that both meet the same machine. The share of the limit counts more than
the figure: the figure depends on the machine. `sizes` (`load_tests.sizes`) says what an operation
costs as the database grows, `crowd` (`load_tests.minutes`) how those fare who save each minute.

About sixteen minutes; five with `SHORT=1` (sizes up to 10,000, a small crowd). Some parts only:
`PARTS=rates,sizes,crowd`.
"""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console

from load_tests import minutes, postgres, sizes
from load_tests.drilled import Candidate, drill
from load_tests.rush import Rush, Rushed
from load_tests.server_process import ServerProcess
from load_tests.slow_commits import slowly_committing
from load_tests.spawning import ROOT

#: Connections that stay busy: as many as the limit server has threads.
CROWD = 128

#: Connections where the flush of a slow disk is felt.
LARGE_CROWD = 256

#: Seconds that an operation is asked, in so many pairs of turns beside the limit.
SECONDS, PAIRS = 9.0, 5
#: Pairs of a quick disk and a slow one.
SLOW_PAIRS = 3

#: Candidates who have begun, of whom so many save before memory is looked at; who have not begun;
#: and who all start within one second.
SITTING, FIRST, WAITING, AT_NINE = 6000, 1000, 8000, 2000

#: Server processes: SQLite has one writer, PostgreSQL several.
WORKERS = {"sqlite": 1, "postgresql": 2}

#: Threads of the limit server: as many as the platform has there.
THREADS = {"sqlite": 128, "postgresql": 64}

#: Candidates who save once a minute, and seconds that they are watched; in a short run.
STEADY, STEADY_SECONDS = 20_000, 90.0
STEADY_SHORT, STEADY_SHORT_SECONDS = 5_000, 30.0

#: Candidates whose saves are asked of the same attempts, to see that the machine stands them.
MANY, MANY_SECONDS = 150_000, 20.0


def run(console: Console) -> dict[str, Any]:
    """Measure both databases and return their figures."""
    short = os.environ.get("SHORT", "") not in ("", "0")
    measures: dict[str, Callable[[str, Console], dict[str, Any]]] = {
        "rates": _measure,
        "sizes": lambda database, console: {"sizes": _sizes(database, console, short=short)},
        "crowd": lambda database, console: _steady(database, console, short=short),
    }
    parts = os.environ.get("PARTS") or ",".join(measures)
    figures: dict[str, Any] = {}
    for database in WORKERS:
        figures[database] = {}
        for part in parts.split(","):
            figures[database] |= measures[part](database, console)
    return figures


def _sizes(database: str, console: Console, *, short: bool) -> dict[str, Any]:
    console.print(f"{database}: sizes …")
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        wanted = sizes.SIZES[:-1] if short else sizes.SIZES
        return sizes.measure(database, Path(folder), wanted)


def _steady(database: str, console: Console, *, short: bool) -> dict[str, Any]:
    """Let many candidates save once a minute, and then as often as the most would."""
    count = STEADY_SHORT if short else STEADY
    seconds = STEADY_SHORT_SECONDS if short else STEADY_SECONDS
    console.print(f"{database}: {count:,} candidates save once a minute …")
    with ExitStack() as stack:
        url = None
        if database == "postgresql":
            url = stack.enter_context(postgres.private_server(durable=True))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="intake-")))
        settings = {"WORKERS": str(WORKERS[database])}
        server = ServerProcess(folder / "data", database_url=url, settings=settings)
        stack.callback(server.stop)
        server.start()
        crowd = drill(server, folder, count, started=True, held=10)
        bare = server.rss_mb() or 0.0
        meter = sizes.metered(server)
        steady = minutes.measure(server.url, crowd, seconds=seconds, meter=meter)
        held = (server.rss_mb() or 0.0) - bare
        pause = minutes.PAUSE * count / MANY
        many = minutes.measure(server.url, crowd, seconds=MANY_SECONDS, meter=meter, pause=pause)
        return {
            "crowd": steady,
            f"crowd_as_of_{MANY}": many,
            "memory_of_crowd": {"mb_per_10_000_attempts": held / count * 10_000},
        }


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
        sitting = drill(server, folder, SITTING, started=True)
        waiting = drill(server, folder, WAITING, started=False)
        where = limit_url or str(folder / "limit.db")
        limit = stack.enter_context(_limit_server(where, THREADS[database], WORKERS[database]))
        console.print(f"{database}: save …")
        early, later = sitting[:FIRST], sitting[FIRST:]
        with _crowd(server.url, CROWD) as rush:  # who saves has saved before: once a minute
            rush.hold((one.save(1) for one in early), seconds=60)
            # What threads and connections hold is the same for ten attempts and for ten thousand.
            bare = server.rss_mb() or 0.0
            rush.hold((one.save(1) for one in later), seconds=60)
        figures = {"save": _beside(server.url, limit, lambda: _saves(sitting))}
        held = (server.rss_mb() or 0.0) - bare
        figures["memory"] = {"mb_per_10_000_attempts": held / len(later) * 10_000}
        figures["spread"] = sizes.spread(server, sitting)
        figures["slow_disk"] = _slow_disk(server, sitting)
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
    """Ask the platform and the limit the same, in turns; return the figures and their ratio.

    What shares the machine disturbs now the one, now the other: so each turn is held against the
    one right beside it, and the middle of these ratios counts. The first pair warms both.
    """
    pairs: list[tuple[Rushed, Rushed]] = []
    for _ in range(1 + PAIRS):
        theirs, ours = (_turn(asked, requests(), crowd) for asked in (limit_url, url))
        pairs.append((ours, theirs))
    counted = pairs[1:]
    limit = median(theirs.per_second for _, theirs in counted)
    ratios = [ours.per_second / theirs.per_second for ours, theirs in counted if theirs.per_second]
    middle = sorted((ours for ours, _ in counted), key=lambda turn: turn.per_second)[PAIRS // 2]
    return _shown(middle) | {
        "failed": sum(ours.failed for ours, _ in pairs),
        "limit_per_second": limit,
        "limit_ratio": median(ratios) if ratios else 0.0,
        "limit_ratios": [round(ratio, 3) for ratio in ratios],
    }


def _turn(url: str, requests: Iterator[bytes], crowd: int) -> Rushed:
    with _crowd(url, crowd) as rush:
        return rush.hold(requests, seconds=SECONDS / PAIRS)


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
    # The limit's turn may use the same candidates as the platform's, which comes after.
    turns = (number // 2 for number in itertools.count())
    part = len(candidates) // (1 + PAIRS)

    def some() -> Iterator[bytes]:
        turn = next(turns)
        return map(ask, candidates[turn * part : (turn + 1) * part])

    return some


def _slow_disk(server: ServerProcess, candidates: list[Candidate]) -> dict[str, Any]:
    """Return the saves a second when every commit takes longer, as a share of those when not.

    The middle of some pairs counts, as in `_beside`.
    """
    pairs: list[tuple[Rushed, Rushed]] = []
    for _ in range(SLOW_PAIRS):
        quick = _large_crowd(server.url, candidates)
        with slowly_committing(server) as slow_server:
            pairs.append((_large_crowd(slow_server.url, candidates), quick))
    pairs.sort(key=lambda pair: pair[0].per_second / (pair[1].per_second or 1.0))
    slow, quick = pairs[SLOW_PAIRS // 2]
    share = slow.per_second / (quick.per_second or 1.0)
    return _shown(slow) | {"quick_per_second": quick.per_second, "share_of_quick": share}


def _large_crowd(url: str, candidates: list[Candidate]) -> Rushed:
    with _crowd(url, LARGE_CROWD) as rush:
        # A server that was just started knows no phone's token yet.
        rush.hold((one.save(1) for one in candidates), seconds=60)
        return rush.hold(_saves(candidates), seconds=SECONDS / PAIRS)


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


@contextmanager
def _limit_server(database: str, threads: int, workers: int) -> Iterator[str]:
    """Run the limit server for as long as the block lasts."""
    # A port that was free a moment ago; the platform's own way to find one.
    port = ServerProcess(Path("limit")).port
    words = [sys.executable, "-m", "load_tests.limit_server", str(port)]
    words += [str(threads), str(workers), database]
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
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
