"""Gauges read every second while a drill runs: CPU of server, database and phones (仪表)."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from load_tests import proc


class Reading(NamedTuple):
    """What the gauges showed at a moment."""

    #: Seconds since the epoch.
    at: float
    #: CPU seconds so far, by who spent them: server, database, phones, machine.
    cpu_seconds: dict[str, float]
    server_mb: float


@dataclass(frozen=True)
class Tree:
    """A process and all that it has started, living or ended."""

    pid: int

    def cpu_seconds(self) -> float:
        """Return the CPU seconds of all of them so far."""
        return sum(proc.cpu_seconds(pid, with_ended=True) for pid in proc.family(self.pid))

    def mb(self) -> float:
        """Return the megabytes they hold in memory."""
        return sum(map(proc.mb, proc.family(self.pid)))


class Gauges:
    """Reads gauges once a second in a thread of its own."""

    def __init__(self, trees: Mapping[str, Tree], *, each: float = 1.0) -> None:
        self._trees = dict(trees)
        self._each = each
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.readings: list[Reading] = []

    def __enter__(self) -> Gauges:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._done.wait(self._each):
            self.readings.append(self._read())

    def _read(self) -> Reading:
        cpu = {name: tree.cpu_seconds() for name, tree in self._trees.items()}
        server = self._trees.get("server")
        return Reading(
            time.time(),
            cpu | {"machine": proc.machine_cpu_seconds()},
            server.mb() if server else 0.0,
        )


def spent(readings: list[Reading], who: str, begin: float, end: float) -> float:
    """Return the CPU seconds that somebody spent between two moments, as far as was read."""
    inside = [one.cpu_seconds.get(who, 0.0) for one in readings if begin <= one.at <= end]
    return max(0.0, inside[-1] - inside[0]) if len(inside) > 1 else 0.0


def shares(readings: list[Reading], who: str, cores: int) -> list[tuple[float, float]]:
    """Return, at each reading, the share of the machine that somebody took since the one before."""
    return [
        (after.at, max(0.0, _by(after, who) - _by(before, who)) / (after.at - before.at) / cores)
        for before, after in itertools.pairwise(readings)
        if after.at > before.at
    ]


def _by(reading: Reading, who: str) -> float:
    return reading.cpu_seconds.get(who, 0.0)
