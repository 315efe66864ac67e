"""The machine: its clock, disks, memory and open files (机器)."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from server import ballast
from server.config import Config
from server.doctor.findings import Finding, Level, by_share

#: Shares of a disk from which somebody should look, and from which no exam should begin.
FULL_CARE, FULL_STOP = 0.8, 0.9

#: Commits that are tried on the disk, and seconds for the slower ones of them: a group of
#: responses waits for one, so a disk slower than this makes a crowd wait.
_COMMITS, SLOW_CARE, SLOW_STOP = 40, 0.03, 0.25

#: Files and connections a server process needs at least.
OPEN_FILES = 4096

#: Bytes of memory that should be free for each server process.
MEMORY_FREE = 512 << 20

#: `adjtimex` answers this where nothing keeps the clock right (Linux).
_TIME_ERROR = 5

#: Bytes of the structure that `adjtimex` fills; more than any system's.
_TIMEX = 512


def clock(_config: Config, _at: datetime) -> Iterator[Finding]:
    """Look whether something keeps the clock right, as the times of exams are the server's."""
    if sys.platform != "linux":
        return
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX))
    kept = state not in (-1, _TIME_ERROR)
    yield Finding(
        check="clock",
        level=Level.FINE if kept else Level.CARE,
        zh="时钟已同步" if kept else "时钟未与时间服务器同步：请启用 chrony 或 systemd-timesyncd",
        en="The clock is kept right by a time service."
        if kept
        else "Nothing keeps the clock right: enable chrony or systemd-timesyncd.",
    )


def disks(config: Config, _at: datetime) -> Iterator[Finding]:
    """Look how full the disks of data and backups are."""
    for check, folder in (("disk", config.data_dir), ("backup_disk", config.backup_dir)):
        if folder is None or not folder.exists():
            continue
        usage = shutil.disk_usage(folder)
        share = 1 - usage.free / usage.total
        free = f"{usage.free / 1e9:,.1f} GB"
        yield by_share(
            check,
            share,
            care=FULL_CARE,
            stop=FULL_STOP,
            zh=f"{folder} 所在磁盘已用 {share:.0%}，剩余 {free}",
            en=f"The disk of {folder} is {share:.0%} full, {free} are free.",
        )


def thrown_overboard(config: Config, _at: datetime) -> Iterator[Finding]:
    """Look whether the file lies there that is thrown overboard when the disk is full."""
    if not config.ballast:
        return
    path = config.data_dir / ballast.NAME
    lies = path.exists() and path.stat().st_size == config.ballast
    yield Finding(
        check="ballast",
        level=Level.FINE if lies else Level.CARE,
        zh="应急占位文件已放置" if lies else "没有应急占位文件：请腾出空间后运行 flask prepare",
        en="The ballast lies in its place."
        if lies
        else "There is no ballast: make room, then flask prepare.",
    )


def disk_speed(config: Config, _at: datetime) -> Iterator[Finding]:
    """Try how long the disk takes to keep a commit: write a little, and wait for the disk."""
    slow = slow_commit(config.data_dir)
    level = Level.STOP if slow > SLOW_STOP else Level.CARE if slow > SLOW_CARE else Level.FINE
    yield Finding(
        check="disk_speed",
        level=level,
        zh=f"磁盘落盘一次约 {slow * 1000:.1f} 毫秒（95 分位）",
        en=f"The disk takes {slow * 1000:.1f} ms to keep a commit (95th percentile).",
    )


def slow_commit(folder: Path) -> float:
    """Return the seconds within which 19 of 20 small writes are on the disk of `folder`."""
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(_COMMITS):
            began = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - began)
    return sorted(taken)[int(len(taken) * 0.95)]


def limits(config: Config, _at: datetime) -> Iterator[Finding]:
    """Look at how many files a process may open, and at the free memory."""
    files, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = files != resource.RLIM_INFINITY and files < OPEN_FILES
    yield Finding(
        check="open_files",
        level=Level.CARE if few else Level.FINE,
        zh=f"每个进程可打开 {files} 个文件" + (f"，建议至少 {OPEN_FILES}" if few else ""),
        en=f"A process may open {files} files" + (f"; allow {OPEN_FILES}." if few else "."),
    )
    free = _memory_free()
    if free is None:
        return
    needed = MEMORY_FREE * config.workers
    yield Finding(
        check="memory",
        level=Level.CARE if free < needed else Level.FINE,
        zh=f"可用内存 {free / 1e9:.1f} GB（{config.workers} 个进程建议 {needed / 1e9:.1f} GB）",
        en=f"{free / 1e9:.1f} GB of memory are free; {config.workers} processes should find"
        f" {needed / 1e9:.1f} GB.",
    )


def _memory_free() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return None
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines if ":" in line}
    return kilobytes.get("MemAvailable", 0) * 1024


CHECKS = (clock, disks, thrown_overboard, disk_speed, limits)
