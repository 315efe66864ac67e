"""The real server as a process: started fresh, killed, started again, measured (服务进程)."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

from load_tests import postgres, proc
from load_tests.spawning import ROOT, Spawn, Spawned, spawned

#: Seconds that a first start may take: it migrates and loads the demonstration.
START_SECONDS = 120.0


class DidNotStart(RuntimeError):
    """The server ended, or was not ready in time; the message holds the end of its log."""


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """A demonstration account, as the server wrote it into its data directory."""

    role: str
    sign_in_name: str
    password: str
    name: str = ""


class ServerProcess:
    """One server on its own data directory and port.

    Args:
        data_dir: where it keeps what it keeps; outlives a kill.
        database_url: its database; None for the SQLite file in the data directory.
        settings: further environment variables.
        command: what is started instead of the server, with the same environment.
        spawn: how it is started.
        root: the folder of its code; that of this code where none is named.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        database_url: str | None = None,
        settings: Mapping[str, str] | None = None,
        command: Sequence[str | Path] | None = None,
        spawn: Spawn = spawned,
        root: Path = ROOT,
    ) -> None:
        self.data_dir = data_dir
        self._root = root
        self.database_url = database_url
        self.port = _free_port()
        self.log_path = data_dir.with_name(data_dir.name + ".log")
        self._settings = dict(settings or {})
        flask = Path(sys.executable).with_name("flask")
        self._command = list(command or (flask, "--app", "wsgi", "serve"))
        self._spawn = spawn
        self._process: Spawned | None = None

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its first process, parent of all others; 0 before the start."""
        return self._process.pid if self._process else 0

    @property
    def database(self) -> str:
        """The kind of its database: `sqlite` or `postgresql`."""
        return "postgresql" if (self.database_url or "").startswith("postgres") else "sqlite"

    def change(self, **settings: str) -> None:
        """Give it other settings, from its next start on."""
        self._settings |= settings

    def setting(self, name: str) -> str:
        """Return one of the settings it was given."""
        return self._settings[name]

    def start(self) -> float:
        """Start the server and wait until it is ready; return the seconds that took.

        Raises:
            DidNotStart: it ended, or was not ready in time.
        """
        began = time.perf_counter()
        self._process = self._spawn(self._command, self._environment(), self.log_path)
        self._wait_until_ready(began + START_SECONDS)
        return time.perf_counter() - began

    def kill(self) -> None:
        """Kill the server and all its processes at once, as a power cut or the kernel would."""
        self._signal(signal.SIGKILL)

    def kill_a_worker(self) -> None:
        """Kill one process that answers requests; the server starts another in its place."""
        leader = self._process.pid if self._process else None
        for pid in sorted(self._pids(), reverse=True):
            # The leader keeps who watches over the workers; they are one step further down.
            if pid != leader and proc.parent(pid) not in (leader, None):
                os.kill(pid, signal.SIGKILL)
                return

    def wait_until_ready(self) -> None:
        """Return once it answers, after something of it was killed.

        Raises:
            DidNotStart: it ended, or was not ready in time.
        """
        self._wait_until_ready(time.perf_counter() + START_SECONDS)

    @property
    def is_running(self) -> bool:
        """Whether its first process is still there."""
        return self._process is not None and self._process.poll() is None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let the server do nothing at all for as long as the block lasts."""
        group = self._process.pid if self._process else 0
        os.killpg(group, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(group, signal.SIGCONT)

    def restart(self) -> float:
        """Kill the server and start it again on what it has kept; return the seconds."""
        self.kill()
        return self.start()

    def stop(self) -> None:
        """Ask the server to stop; kill what does not within ten seconds."""
        self._signal(signal.SIGTERM, patience=10)
        self._signal(signal.SIGKILL)

    def ask_to_stop(self) -> None:
        """Ask the server to stop, and do not wait."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGTERM)

    def command(self, *words: str) -> str:
        """Run a command of the platform's console on what the server keeps; return what it says."""
        done = subprocess.run(
            self.command_line(*words),
            **self.surroundings(),
            check=True,
            capture_output=True,
            text=True,
        )
        return str(done.stdout)

    @staticmethod
    def command_line(*words: str) -> list[str | Path]:
        """Return how a command of the platform's console is called."""
        return [Path(sys.executable).with_name("flask"), "--app", "wsgi", *words]

    def surroundings(self) -> dict[str, Any]:
        """Return in which folder and with which settings a command works on the same data."""
        return {"cwd": self._root, "env": self._environment()}

    def sign_ins(self) -> list[SignIn]:
        """Return the demonstration accounts."""
        written = json.loads((self.data_dir / "demonstration.json").read_text("utf-8"))
        return [
            SignIn(**{name: one[name] for name in SignIn.__dataclass_fields__ if name in one})
            for one in written["accounts"]
        ]

    def cpu_seconds(self) -> float | None:
        """Return the CPU seconds of all its processes so far; None where there is no /proc."""
        return sum(map(proc.cpu_seconds, self._pids())) or None

    def rss_mb(self) -> float | None:
        """Return the megabytes its processes hold in memory; None where there is no /proc."""
        return sum(map(proc.mb, self._pids())) or None

    def log_tail(self, lines: int = 15) -> str:
        """Return the last lines of what the server has logged."""
        text = self.log_path.read_text("utf-8", "replace") if self.log_path.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def _environment(self) -> dict[str, str]:
        own = {"HOST": "127.0.0.1", "PORT": str(self.port), "DATA_DIR": str(self.data_dir)}
        inherited = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        url = {"DATABASE_URL": self.database_url} if self.database_url else {}
        return {**inherited, **self._settings, **own, **url}

    def _wait_until_ready(self, until: float) -> None:
        with urllib3.PoolManager(retries=False, timeout=2.0) as pool:
            while time.perf_counter() < until:
                if self._process is None or self._process.poll() is not None:
                    break
                try:
                    if pool.request("GET", f"{self.url}/readyz").status == 200:
                        return
                except HTTPError:
                    pass
                time.sleep(0.05)
        tail = self.log_tail()
        self.kill()
        raise DidNotStart(f"The server did not become ready. Its log ends:\n{tail}")

    def _signal(self, number: signal.Signals, *, patience: float = 5) -> None:
        process = self._process
        if process is None:
            return
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            self._process = None
            return
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            return
        if number == signal.SIGKILL:
            self._process = None

    def _pids(self) -> list[int]:
        """Return the ids of all processes in the server's session."""
        if self._process is None or not Path("/proc").exists():
            return []
        return [
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and _group(int(entry.name)) == self._process.pid
        ]


@contextmanager
def fresh_server(
    database: str | None = None, *, durable: bool = False, settings: Mapping[str, str] | None = None
) -> Iterator[ServerProcess]:
    """Run a server on an empty database for as long as the block lasts, and leave nothing behind.

    `DATABASE_URL` is heeded only where it is the address of a private server that
    `load_tests.postgres` has started: any other may be somebody's real database.

    Args:
        database: `sqlite` or `postgresql`; None for what `DATABASE_URL` says, else SQLite.
        durable: where a private PostgreSQL is brought, keep commits through a power cut.
        settings: further environment variables of the server.

    Raises:
        DidNotStart: the server did not become ready.
        NoServer: there is no PostgreSQL to be had.
    """
    url = _private_url() if database != "sqlite" else None
    with ExitStack() as stack:
        if database == "postgresql" and url is None:
            url = stack.enter_context(postgres.private_server(durable=durable))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="platform-")))
        server = ServerProcess(folder / "data", database_url=url, settings=settings)
        stack.callback(server.stop)
        server.start()
        yield server


def _private_url() -> str | None:
    """Return the address of the private PostgreSQL around us, None where there is none."""
    given = os.environ.get("DATABASE_URL", "")
    ours = f"host={Path(tempfile.gettempdir(), 'pg-')}" in given
    return given if ours else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _group(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except (ProcessLookupError, PermissionError):
        return None
