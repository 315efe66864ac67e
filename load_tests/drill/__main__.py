"""`make drill`: play a whole exam day on this machine, and write go or no go (考前演练).

A fresh server of this very code is started on an empty database, filled with made-up candidates,
and asked by Locust from several processes. With `--host` and `--seats` it is a server elsewhere,
whose operator has made the seats by `flask exams drill --candidates N --released --out FILE`.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from rich.console import Console

from load_tests import postgres
from load_tests.drill import report
from load_tests.drill.gauges import Gauges, Tree
from load_tests.drill.report import Material
from load_tests.drill.samples import Samples
from load_tests.drill.timetable import FULL, SHORT, Timetable
from load_tests.server_process import ServerProcess
from load_tests.spawning import ROOT

#: Where the report is written.
FOLDER = ROOT / "build" / "drill"

#: Server processes: SQLite has one writer, PostgreSQL as many as there are cores.
CORES = os.cpu_count() or 1

#: Seconds that processes of phones may take, after the one that leads has ended, to write.
SECONDS_TO_WRITE = 45.0

#: Seconds that phones may take after the last scene, before Locust sends them home.
GRACE = 8


def main(words: list[str] | None = None, *, table: Timetable | None = None) -> int:
    """Run the drill; return 0 where it says go, 1 where it says no go.

    Args:
        words: of the command line.
        table: what is played when, where it is neither the full drill nor the short one.
    """
    asked = _asked(words)
    console = Console(width=None if sys.stdout.isatty() else 120)
    table = table or (SHORT if asked.short else FULL)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="drill-")))
        if asked.host:
            material = _play(asked, table, folder, asked.host, Path(asked.seats), {}, console)
        else:
            url = None
            if asked.database == "postgresql":
                url = stack.enter_context(postgres.private_server(durable=True))
            server = stack.enter_context(_server(folder, url, asked, console))
            trees = {"server": Tree(server.pid)}
            if url is not None:
                trees["database"] = Tree(postgres.pid_of(url))
            seats = folder / "seats"
            material = _play(asked, table, folder, server.url, seats, trees, console)
    path, found = report.write(material, Path(asked.out))
    word = "[bold green]可以开考 GO" if found.go else "[bold red]不可开考 NO GO"
    console.print(f"{word}[/]  安全人数 safe number: {found.safe:,}")
    for check in found.checks():
        console.print(f"  {'✓' if check.holds else '✗'} {check.zh} {check.found} ({check.wanted})")
    console.print(f"报告 report: {path}")
    return 0 if found.go else 1


def _asked(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m load_tests.drill", description=__doc__)
    parser.add_argument("--candidates", type=int, default=0, help="2,000; 200 in a short drill")
    parser.add_argument("--short", action="store_true", help="a minute and a half, not eleven")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--processes", type=int, default=CORES, help="of the made-up candidates")
    parser.add_argument("--ui", action="store_true", help="watch at http://127.0.0.1:8089")
    parser.add_argument("--host", help="a server elsewhere, which has the seats")
    parser.add_argument("--seats", help="the file of seats made on the server elsewhere")
    parser.add_argument("--out", default=str(FOLDER), help="the folder of the report")
    asked = parser.parse_args(words)
    if bool(asked.host) != bool(asked.seats):
        parser.error("--host and --seats belong together")
    if asked.seats:
        asked.candidates = asked.candidates or len(Path(asked.seats).read_text().splitlines())
    asked.candidates = asked.candidates or (200 if asked.short else 2000)
    return asked


@contextmanager
def _server(
    folder: Path, url: str | None, asked: argparse.Namespace, console: Console
) -> Iterator[ServerProcess]:
    """Run a fresh server with the seats made, for as long as the block lasts."""
    workers = 1 if url is None else CORES
    server = ServerProcess(folder / "data", database_url=url, settings={"WORKERS": str(workers)})
    try:
        console.print(f"启动 starting a server on {asked.database} …")
        server.start()
        console.print(f"准备 seating {asked.candidates:,} candidates …")
        words = ("--candidates", str(asked.candidates), "--released", "--out")
        server.command("exams", "drill", *words, str(folder / "seats"))
        yield server
    finally:
        server.stop()


def _play(
    asked: argparse.Namespace,
    table: Timetable,
    folder: Path,
    host: str,
    seats: Path,
    trees: dict[str, Tree],
    console: Console,
) -> Material:
    """Let Locust play the day, and return what it has left behind."""
    told = folder / "samples"
    told.mkdir()
    console.print(f"演练 drilling {asked.candidates:,} candidates for {table.seconds:,.0f} s …")
    at = datetime.now().astimezone()
    with (
        subprocess.Popen(
            _locust(asked, table, host),
            cwd=ROOT,
            env=os.environ
            | {
                "DRILL_TIMETABLE": table.written(),
                "DRILL_SEATS": str(seats),
                "DRILL_SAMPLES": str(told),
                "DRILL_PROCESSES": str(asked.processes),
            },
        ) as locust,
        Gauges(trees | {"phones": Tree(locust.pid)}) as gauges,
    ):
        locust.wait()
        # Who leads may end before those that play, who write down what they saw at their end.
        _await(told, asked.processes)
    local = "server" in trees
    workers = CORES if asked.database == "postgresql" else 1
    return Material(
        table=table,
        samples=Samples.gathered(told),
        readings=gauges.readings,
        wanted=asked.candidates,
        cores=CORES,
        # One server process uses one core at most, whatever the machine has.
        usable_cores=min(CORES, workers) if local else CORES,
        facts=_facts(asked, host, workers) if local else {"地址 address": host},
        at=at,
    )


def _await(told: Path, processes: int) -> None:
    """Wait until every process of phones has written down what it saw, or must be gone."""
    until = time.monotonic() + SECONDS_TO_WRITE
    while len(list(told.glob("*.json"))) < processes and time.monotonic() < until:
        time.sleep(0.2)


def _locust(asked: argparse.Namespace, table: Timetable, host: str) -> list[str]:
    words = [sys.executable, "-m", "locust", "-f", "load_tests/drill/phones.py", "--host", host]
    words += ["--users", str(asked.candidates), "--loglevel", "WARNING"]
    words += ["--spawn-rate", str(max(1.0, asked.candidates / (table.warm_up * 0.7)))]
    words += ["--run-time", f"{table.seconds + GRACE:.0f}", "--stop-timeout", "10"]
    words += ["--processes", str(asked.processes)] if asked.processes > 1 else []
    return words + (
        ["--autostart", "--autoquit", "5"] if asked.ui else ["--headless", "--only-summary"]
    )


def _facts(asked: argparse.Namespace, host: str, workers: int) -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    database = "PostgreSQL" if asked.database == "postgresql" else "SQLite"
    return {
        "处理器 CPU": f"{CORES} 核，{platform.machine()}",
        "内存 memory": f"{memory:.0f} GB",
        "数据库 database": f"{database}，每次确认均已落盘",
        "服务进程 processes": str(workers),
        "压测进程 load processes": f"{asked.processes}（同一台机器）",
        "系统 system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "地址 address": host,
    }


if __name__ == "__main__":
    sys.exit(main())
