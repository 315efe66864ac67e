"""What is lost, and how long it takes, when the machine is gone (灾难恢复实测): `make recovery`.

A server with as many attempts as asked for is followed by `flask backup follow` while a candidate
saves on. Then everything is killed at once and only the copy is left. What is measured: seconds of
acknowledged words that the copy lacks (RPO), and seconds until a new server is ready on what came
back (RTO). Wall time beside other work is an upper bound.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import urllib3

from load_tests import postgres
from load_tests.server_process import ServerProcess

#: Attempts that one command writes, in one transaction.
CHUNK = 100_000

#: Seconds for which a candidate saves on before the machine is lost, and between two saves.
SAVING, PAUSE = 30.0, 0.25


@dataclass
class Candidate:
    """A phone that saves again and again and remembers what was acknowledged, and when."""

    server: ServerProcess
    line: str
    acknowledged: dict[int, float] = field(default_factory=dict)

    def save(self, sequence: int) -> None:
        """Say one word, and remember when it was acknowledged."""
        attempt_id, _enrolment, token = self.line.split()
        entry = {"slot": 1 + sequence % 20, "chosen": [sequence % 2], "sequence": sequence}
        reply = urllib3.request(
            "PUT",
            f"{self.server.url}/v1/attempts/{attempt_id}/responses",
            json={"epoch": 1, "entries": [entry]},
            headers={"Authorization": f"Bearer {token}"},
        )
        if reply.status == 200:
            self.acknowledged[sequence] = time.time()

    def held(self, there: ServerProcess) -> int:
        """Return what is held in the places this candidate spoke of, by a server that came back."""
        attempt_id, _enrolment, token = self.line.split()
        reply = urllib3.request(
            "GET",
            f"{there.url}/v1/attempts/{attempt_id}/responses",
            headers={"Authorization": f"Bearer {token}"},
        )
        return max((one["sequence"] for one in reply.json()["entries"]), default=0)


def measure(kind: str, attempts: int, held: int, folder: Path) -> dict[str, Any]:
    """Fill, follow, lose and bring back; return the figures."""
    with ExitStack() as stack:
        url = None
        if kind == "postgresql":
            url = stack.enter_context(postgres.private_server(durable=True))
        settings = {"BACKUP_DIR": str(folder / "elsewhere"), "THREADS": "16"}
        server = ServerProcess(folder / "data", database_url=url, settings=settings)
        stack.callback(server.kill)
        server.start()
        began = time.perf_counter()
        line = _fill(server, attempts, held, folder)
        filled = time.perf_counter() - began
        follower, copied = _follow(server, folder, stack)
        candidate = Candidate(server, line)
        end = time.monotonic() + SAVING
        sequence = 100
        while time.monotonic() < end:
            sequence += 1
            candidate.save(sequence)
            time.sleep(PAUSE)
        lost_at = time.time()
        os.killpg(follower.pid, signal.SIGKILL)
        server.kill()
        if url is not None:
            os.kill(postgres.pid_of(url), signal.SIGKILL)
        else:
            for file in server.data_dir.glob("platform.db*"):
                file.unlink()
        figures = _back(server, candidate, folder, lost_at, stack)
        return {
            "database": kind,
            "attempts": attempts,
            "entries": attempts * held,
            "fill_seconds": round(filled, 1),
            "first_copy_seconds": round(copied, 1),
            "copied_mb": round(_bytes_of(folder / "elsewhere") / 1e6),
            **figures,
        }


def _fill(server: ServerProcess, attempts: int, held: int, folder: Path) -> str:
    line = ""
    for begin in range(0, attempts, CHUNK):
        count = min(CHUNK, attempts - begin)
        out = folder / "candidates"
        words = ("--candidates", str(count), "--started", "--held", str(held), "--out", str(out))
        server.command("exams", "drill", *words)
        line = out.read_text("ascii").splitlines()[0]
        print(f"{begin + count:,} attempts", flush=True)
    return line


def _follow(
    server: ServerProcess, folder: Path, stack: ExitStack
) -> tuple[subprocess.Popen[bytes], float]:
    """Follow the database; return once all that is there now was copied."""
    began = time.perf_counter()
    (folder / "elsewhere").mkdir()
    follower = subprocess.Popen(
        server.command_line("backup", "follow"),
        **server.surroundings(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    stack.callback(_end, follower)
    continuous, still, size = folder / "elsewhere" / "continuous", 0, 0
    while still < 10:
        time.sleep(1)
        now = _bytes_of(continuous)
        done = now > 0 and not list(continuous.glob("draft"))
        still, size = (still + 1, now) if done and now - size < 1_000_000 else (0, now)
    return follower, time.perf_counter() - began - 10


def _back(
    server: ServerProcess, candidate: Candidate, folder: Path, lost_at: float, stack: ExitStack
) -> dict[str, float]:
    """Bring everything back on another place, and compare."""
    began = time.perf_counter()
    into = folder / "back" / "database"
    into.parent.mkdir(mode=0o755)
    server.command("backup", "rewind", "latest", str(into))
    copied = time.perf_counter() - began
    url = f"sqlite:///{into}"
    if server.database == "postgresql":
        url = stack.enter_context(started(into))
    opened = time.perf_counter() - began
    again = ServerProcess(server.data_dir, database_url=url, settings={"THREADS": "16"})
    stack.callback(again.kill)
    again.start()
    ready = time.perf_counter() - began
    last = candidate.held(again)
    missing = [at for number, at in candidate.acknowledged.items() if number > last]
    return {
        "acknowledged": len(candidate.acknowledged),
        "missing": len(missing),
        "rpo_seconds": round(lost_at - min(missing), 2) if missing else 0.0,
        "back_seconds": round(copied, 1),
        "open_seconds": round(opened, 1),
        "rto_seconds": round(ready, 1),
    }


@contextmanager
def started(data: Path, *settings: str) -> Iterator[str]:
    """Start PostgreSQL on a data directory; give its address once it takes writes.

    Args:
        data: the directory.
        settings: further settings: as many connections as the lost server had, for one.
    """
    place = data.parent
    how = postgres.unprivileged(place)
    if "user" in how:
        for path in (data, *data.rglob("*")):
            os.chown(path, how["user"], how["group"])
    options = [word for setting in (*postgres.ALWAYS, *settings) for word in ("-c", setting)]
    with (place / "log").open("wb") as log:
        program = postgres.programs() / "postgres"
        server = subprocess.Popen(
            [program, "-D", data, "-k", place, *options], stdout=log, stderr=log, **how
        )
    try:
        psql = str(postgres.programs() / "psql")
        asked = [psql, "-h", str(place), "-U", "postgres", "-XAtc"]
        while _said([*asked, "SELECT pg_is_in_recovery()"]) != "f":
            if server.poll() is not None:
                raise RuntimeError((place / "log").read_text()[-500:])
            time.sleep(0.1)
        yield f"postgresql://postgres@/postgres?host={place}"
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def _said(words: list[str]) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _bytes_of(folder: Path) -> int:
    try:
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    except FileNotFoundError:  # what is being copied is renamed meanwhile
        return 0


def main() -> int:
    """Measure, print the figures, and keep them in `build/recovery`."""
    parser = argparse.ArgumentParser(prog="python -m load_tests.recovery", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--attempts", type=int, default=1_000_000)
    parser.add_argument("--held", type=int, default=10, help="responses of each attempt")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="recovery-"))
    folder.chmod(0o755)
    try:
        found = measure(asked.database, asked.attempts, asked.held, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report = Path("build", "recovery", f"{asked.database}.json")
    report.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"at": datetime.now(UTC).isoformat(), **found}, indent=1)
    report.write_text(text + "\n", "utf-8")
    print(text)
    return int(found["rpo_seconds"] > 60 or found["rto_seconds"] > 900)


if __name__ == "__main__":
    sys.exit(main())
