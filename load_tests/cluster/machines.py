"""Starting, killing and cutting off the machines of a cluster (集群机器)."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from load_tests import proc
from load_tests.cluster.layout import NETWORK, Layout, Machine
from load_tests.cluster.programs import Programs

#: Seconds that a process has to end when it is told to.
PATIENCE = 15.0

#: Writes down the id of a process, which then becomes the program.
_TELL_PID = 'echo $$ > "$0.new"; mv "$0.new" "$0"; exec "$@"'

#: The bridge that joins machines which have networks of their own.
BRIDGE = "platform-br"


class Processes:
    """Processes that outlive whoever starts them, known by files with their ids.

    Args:
        folder: where those files and the logs lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        within: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        cwd: Path = Path("/"),
    ) -> None:
        """Start a process in a session of its own, which nobody waits for.

        Args:
            name: under which it is found again.
            command: the program and its words.
            within: what the program is started by: in another network, as another user.
            environment: its variables; this process's where there are none.
            cwd: where it works.
        """
        path = self._path(name)
        path.unlink(missing_ok=True)
        with self.log(name).open("ab") as log:
            subprocess.run(
                ["/usr/bin/setsid", "--fork", "/bin/sh", "-c", _TELL_PID, path, *within, *command],
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=True,
            )
        end = time.monotonic() + PATIENCE
        while not path.exists() and time.monotonic() < end:
            time.sleep(0.01)

    def log(self, name: str) -> Path:
        """Return where a process writes its words."""
        return self._folder / f"{name}.log"

    def pid(self, name: str) -> int | None:
        """Return the id of a process that runs; None where it does not."""
        try:
            pid = int(self._path(name).read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return pid if proc.is_running(pid) else None

    def kill(self, name: str) -> None:
        """Kill a process and all that descend from it, at once."""
        pid = self.pid(name)
        if pid is not None:
            kill_tree(pid)

    def stop(self, name: str) -> None:
        """Tell a process to end; kill it and what it started where it does not."""
        pid = self.pid(name)
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        while self.pid(name) is not None:
            if time.monotonic() > end:
                kill_tree(pid)
                return
            time.sleep(0.05)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.pid"


def kill_tree(pid: int) -> None:
    """Kill a process and all that descend from it."""
    for one in proc.family(pid):
        try:
            os.kill(one, signal.SIGKILL)
        except ProcessLookupError:
            continue


def start_etcd(processes: Processes, machine: Machine, programs: Programs) -> None:
    """Start the member of etcd of a machine."""
    command: list[str | Path] = [programs.etcd, "--config-file", machine.folder / "etcd.yml"]
    _start(processes, f"etcd-{machine.name}", command, machine, programs)


def start_patroni(processes: Processes, machine: Machine, programs: Programs) -> None:
    """Start Patroni on a machine, which starts PostgreSQL."""
    command = [programs.patroni, machine.folder / "patroni.yml"]
    _start(processes, f"patroni-{machine.name}", command, machine, programs)


def _start(
    processes: Processes,
    name: str,
    command: Sequence[str | Path],
    machine: Machine,
    programs: Programs,
) -> None:
    # Entering a network takes root; who runs there is changed afterwards.
    within = ["/usr/bin/nsenter", f"--net=/run/netns/{machine.namespace}"] * bool(machine.namespace)
    environment = {"PATH": f"{programs.postgres}:/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}
    processes.start(
        name,
        command,
        within=[*within, *programs.as_user()],
        environment=environment,
        cwd=machine.folder,
    )


def postmaster(machine: Machine) -> int | None:
    """Return the first process of the PostgreSQL of a machine; None where none runs."""
    try:
        text = (machine.folder / "postgresql" / "postmaster.pid").read_text("utf-8")
        pid = int(text.splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    return pid if proc.is_running(pid) else None


def join(layout: Layout) -> None:
    """Give each machine a network of its own, joined to the others by a bridge.

    Raises:
        CalledProcessError: this process may not make networks (needs root).
    """
    part(layout)
    _ip("link", "add", BRIDGE, "type", "bridge")
    _ip("addr", "add", f"{NETWORK}.254/24", "dev", BRIDGE)
    _ip("link", "set", BRIDGE, "up")
    for machine in layout.machines:
        outside, inside, name = f"pl-{machine.name}", "eth0", machine.namespace or ""
        _ip("netns", "add", name)
        _ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", name)
        _ip("link", "set", outside, "master", BRIDGE, "up")
        _ip("-n", name, "addr", "add", f"{machine.address}/24", "dev", inside)
        _ip("-n", name, "link", "set", inside, "up")
        _ip("-n", name, "link", "set", "lo", "up")


def part(layout: Layout) -> None:
    """Take the networks of the machines away, as far as they are there."""
    for machine in layout.machines:
        _ip("link", "del", f"pl-{machine.name}", quietly=True)
        _ip("netns", "del", machine.namespace or "-", quietly=True)
    _ip("link", "del", BRIDGE, quietly=True)


def cut(machine: Machine, *, off: bool = True) -> None:
    """Pull the network cable of a machine, or plug it in again."""
    _ip("link", "set", f"pl-{machine.name}", "down" if off else "up")


def _ip(*words: str, quietly: bool = False) -> None:
    subprocess.run(["/usr/sbin/ip", *words], check=not quietly, capture_output=True)
