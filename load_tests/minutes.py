"""A minute and more of an exam as it is: every candidate saves once a minute (平稳作答).

Open loop: requests are due by the candidates' own clocks, whatever the server does, and a reply's
time counts from when it was due. Each candidate has an attempt and a token of their own.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from load_tests.drilled import Candidate
from load_tests.figures import percentile
from load_tests.proc import Meter
from load_tests.rush import Rush, Rushed

#: Seconds between two saves of a candidate, and the share by which they differ.
PAUSE, JITTER = 60.0, 0.25

#: Connections: what a proxy keeps open to the server.
CONNECTIONS = 256

#: Seconds of a slice.
SLICE = 10.0

#: Share of the CPU that a crowd may take.
SAFE_SHARE = 0.7


def measure(
    url: str, candidates: Sequence[Candidate], *, seconds: float, meter: Meter, pause: float = PAUSE
) -> dict[str, Any]:
    """Let a crowd save for a while; return latency by slices, CPU, and how many it could be.

    Args:
        url: the server.
        candidates: each with an attempt that goes on.
        seconds: how long.
        meter: of the CPU of the server and its database.
        pause: seconds between two saves of a candidate; fewer than a minute stand for more
            candidates.
    """
    timetable = sorted(_dues(candidates, seconds, pause))
    rush = Rush(url, connections=CONNECTIONS)
    try:
        meter.spent()
        rushed = rush.keep_to(timetable)
        spent = meter.spent()
    finally:
        rush.close()
    return _told(rushed, spent, round(len(candidates) * PAUSE / pause))


def _dues(
    candidates: Sequence[Candidate], seconds: float, pause: float
) -> Iterator[tuple[float, bytes]]:
    for candidate in candidates:
        due, sequence = random.uniform(0, pause), 500_000
        while due < seconds:
            yield due, candidate.save(sequence)
            due += pause * random.uniform(1 - JITTER, 1 + JITTER)
            sequence += 2


def _told(rushed: Rushed, spent: float, candidates: int) -> dict[str, Any]:
    cpu_ms = spent * 1000 / max(1, len(rushed.ms))
    cores = os.cpu_count() or 1
    return {
        "candidates": candidates,
        "count": len(rushed.ms),
        "failed": rushed.failed,
        "per_second": rushed.per_second,
        "p50_ms": rushed.percentile(50),
        "p95_ms": rushed.percentile(95),
        "p99_ms": rushed.percentile(99),
        "seconds": rushed.seconds,
        "cpu_ms": cpu_ms,
        "cpu_share": spent / rushed.seconds / cores,
        "client_cpu_share": rushed.client_cpu_seconds / rushed.seconds,
        "candidates_at_70_percent": int(SAFE_SHARE * cores * PAUSE * 1000 / cpu_ms),
        "slices": slices(rushed),
    }


def slices(rushed: Rushed) -> dict[str, dict[str, float]]:
    """Return the percentiles of every ten seconds; what is left at the end is left out."""
    by_slice: dict[int, list[float]] = defaultdict(list)
    for second, ms in zip(rushed.seconds_of, rushed.ms, strict=True):
        by_slice[int(second // SLICE)].append(ms)
    whole = [number for number in sorted(by_slice) if (number + 1) * SLICE <= rushed.seconds + 1]
    return {
        f"second_{number * SLICE:03.0f}": {
            "count": len(by_slice[number]),
            **{f"p{share}_ms": percentile(by_slice[number], share / 100) for share in (50, 95, 99)},
        }
        for number in whole
    }
