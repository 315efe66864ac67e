"""Processes as /proc tells of them: parents, CPU, memory; on Linux only (进程信息)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1_000_000


def fields(pid: int) -> list[str]:
    """Return the fields of a process from its state on; none where it is gone."""
    try:
        text = Path("/proc", str(pid), "stat").read_text("ascii", "replace")
    except OSError:
        return []
    # The name of the program, in brackets, may hold blanks: the fields begin behind it.
    return text.rpartition(")")[2].split()


def parent(pid: int) -> int | None:
    """Return the process that made another; None where that is gone."""
    found = fields(pid)
    return int(found[1]) if found else None


def is_running(pid: int) -> bool:
    """Say whether a process is there and has not ended."""
    found = fields(pid)
    return bool(found) and found[0] not in ("Z", "X")


def cpu_seconds(pid: int, *, with_ended: bool = False) -> float:
    """Return the CPU seconds of a process, with those of its ended children where asked for."""
    return sum(map(int, fields(pid)[11 : 15 if with_ended else 13])) / _TICKS


def mb(pid: int) -> float:
    """Return the megabytes a process holds in memory."""
    found = fields(pid)
    return int(found[21]) * _PAGE_MB if found else 0.0


def machine_cpu_seconds() -> float:
    """Return the CPU seconds that this machine has spent on anything so far."""
    counts = Path("/proc/stat").read_text("ascii").splitlines()[0].split()[1:9]
    user, nice, system, _idle, _waiting, *interrupts = map(int, counts)
    return (user + nice + system + sum(interrupts)) / _TICKS


def family(pid: int) -> list[int]:
    """Return a process and all living ones that it has started, or they."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (maker := parent(int(name))) is not None:
            children.setdefault(maker, []).append(int(name))
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        todo += children.get(one, [])
    return found


class Meter:
    """The CPU seconds of some processes between two looks, by the scheduler's clock.

    Finer than the hundredths of a second of `cpu_seconds`; threads that end between two looks are
    not counted.

    Args:
        pids: says at each look which processes are meant.
    """

    def __init__(self, pids: Callable[[], Iterable[int]]) -> None:
        self._pids = pids
        self._before = self._look()

    def spent(self) -> float:
        """Return the CPU seconds since the last look."""
        now = self._look()
        spent = sum(ns - self._before.get(thread, 0) for thread, ns in now.items())
        self._before = now
        return spent / 1e9

    def _look(self) -> dict[str, int]:
        found = {}
        for pid in self._pids():
            for thread in Path("/proc", str(pid), "task").glob("*/schedstat"):
                try:
                    found[thread.parts[-2]] = int(thread.read_text("ascii").split()[0])
                except (OSError, IndexError):
                    continue
        return found
