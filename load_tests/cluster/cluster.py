"""A cluster that is started, asked how it does, hurt and stopped (集群)."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from load_tests.cluster import files, machines
from load_tests.cluster.layout import Layout, Machine
from load_tests.cluster.machines import Processes
from load_tests.cluster.programs import Programs
from load_tests.cluster.watch import NotReady, Watch
from load_tests.spawning import ROOT

#: Seconds in which a step of the start must be done: on a busy machine a replica takes long.
PATIENCE = 90.0

#: What every application server must have in common, from the data directory of the first.
COMMON = ("secrets.json", "keys", "demonstration.json")


class Cluster(Watch):
    """The processes of a cluster.

    Args:
        layout: where everything is.
        programs: what it is made of.
        settings: further environment variables of the application servers.
        say: tells what is being done.
    """

    def __init__(
        self,
        layout: Layout,
        programs: Programs,
        *,
        settings: Mapping[str, str] | None = None,
        say: Callable[[str], None] = lambda _line: None,
    ) -> None:
        super().__init__(layout)
        self.programs = programs
        self.processes = Processes(layout.folder / "run")
        self._settings = dict(settings or {})
        self._say = say

    def start(self) -> None:
        """Start what does not run, in the order in which each needs the other.

        Raises:
            NotReady: something did not come up.
        """
        layout = self.layout
        layout.folder.chmod(0o711)  # whoever runs PostgreSQL must get to its own folder
        if layout.apart and not self._anything_runs():
            machines.join(layout)
        files.write(layout, self.programs)
        self._say("etcd × 3 …")
        for machine in layout.machines:
            self.revive_etcd(machine)
        self._until("etcd-a", lambda: self.etcd_leader() is not None)
        self._say("PostgreSQL × 3 (Patroni) …")
        for machine in layout.machines:
            self.revive_patroni(machine)
        self._until("patroni-a", lambda: self.primary() is not None)
        self._until("patroni-b", self.is_whole)
        self._say("HAProxy …")
        self.start_proxy()
        self._say(f"application servers × {layout.servers} …")
        for number in range(1, layout.servers + 1):
            self.start_server(number)
        layout.keep()

    def stop(self) -> None:
        """Stop everything, in the other order; the data stays."""
        layout = self.layout
        for number in range(1, layout.servers + 1):
            self.processes.stop(f"server-{number}")
        self.processes.stop("haproxy")
        for machine in layout.machines:
            self.processes.stop(f"patroni-{machine.name}")
            pid = machines.postmaster(machine)
            if pid is not None:
                machines.kill_tree(pid)
        for machine in layout.machines:
            self.processes.stop(f"etcd-{machine.name}")
        if layout.apart:
            machines.part(layout)

    def remove(self) -> None:
        """Take away the data, too."""
        shutil.rmtree(self.layout.folder)

    def _anything_runs(self) -> bool:
        return any(self.processes.pid(f"etcd-{one.name}") for one in self.layout.machines)

    def kill_postgres(self, machine: Machine) -> None:
        """Kill the PostgreSQL of a machine; its Patroni goes on."""
        pid = machines.postmaster(machine)
        if pid is not None:
            machines.kill_tree(pid)

    def kill_machine(self, machine: Machine) -> None:
        """Kill everything that runs on a machine at once, as a power cut does."""
        self.processes.kill(f"patroni-{machine.name}")
        self.kill_postgres(machine)
        self.processes.kill(f"etcd-{machine.name}")

    def kill_etcd(self, machine: Machine) -> None:
        """Kill the etcd of a machine."""
        self.processes.kill(f"etcd-{machine.name}")

    def revive_etcd(self, machine: Machine) -> None:
        """Start the etcd of a machine where it does not run."""
        if self.processes.pid(f"etcd-{machine.name}") is None:
            machines.start_etcd(self.processes, machine, self.programs)

    def revive_patroni(self, machine: Machine) -> None:
        """Start Patroni on a machine where it does not run."""
        if self.processes.pid(f"patroni-{machine.name}") is None:
            machines.start_patroni(self.processes, machine, self.programs)

    def revive(self, machine: Machine) -> None:
        """Start a machine again, and wait until the cluster is whole.

        Raises:
            NotReady: it does not come back.
        """
        self.revive_etcd(machine)
        self.revive_patroni(machine)
        self.wait_until_whole()

    def wait_until_whole(self) -> None:
        """Return once one leads and two follow.

        Raises:
            NotReady: that takes too long.
        """
        self._until("patroni-a", self.is_whole)

    def start_proxy(self) -> None:
        """Start HAProxy where it does not run, and wait until it leads to whoever leads.

        Raises:
            NotReady: it did not come up.
        """
        if self.processes.pid("haproxy") is None:
            config = self.layout.folder / "haproxy.cfg"
            self.processes.start("haproxy", [self.programs.haproxy, "-db", "-f", config])
        self._until("haproxy", self.takes_writes)

    def start_server(self, number: int) -> None:
        """Start an application server where it does not run, and wait until it is ready.

        Raises:
            NotReady: it did not come up.
        """
        name, port = f"server-{number}", self.layout.server_port(number)
        if self.processes.pid(name) is None:
            folder = self.layout.folder / name
            folder.mkdir(mode=0o700, exist_ok=True)
            self._share_secrets(folder)
            self.processes.start(
                name, _serve(), environment=self._surroundings(folder, port), cwd=ROOT
            )
        self._until(name, lambda: self.is_ready(port))

    def kill_server(self, number: int) -> None:
        """Kill an application server and all its processes at once."""
        self.processes.kill(f"server-{number}")

    def restart_server(self, number: int) -> None:
        """Stop an application server, which answers what it has begun, and start it again.

        Raises:
            NotReady: it did not come up.
        """
        self.processes.stop(f"server-{number}")
        self.start_server(number)

    def _share_secrets(self, folder: Path) -> None:
        first = self.layout.folder / "server-1"
        for name in COMMON if folder != first else ():
            if (first / name).is_dir():
                shutil.copytree(first / name, folder / name, dirs_exist_ok=True)
            elif (first / name).exists():
                shutil.copy2(first / name, folder / name)

    def _surroundings(self, folder: Path, port: int) -> dict[str, str]:
        return {
            **os.environ,
            "WORKERS": "1",
            **self._settings,
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "DATA_DIR": str(folder),
            "TRUSTED_PROXIES": "1",
            "DATABASE_URL": self.layout.database_url(),
            "REPLICA_URL": self.layout.database_url(reading=True),
            "PUBLIC_URL": self.layout.front,
        }

    def _until(self, name: str, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end or self.processes.pid(name) is None:
                log = self.processes.log(name)
                tail = "\n".join(log.read_text("utf-8", "replace").splitlines()[-8:])
                raise NotReady(f"{name} is not ready, or ended. {log}:\n{tail}")
            time.sleep(0.2)


def _serve() -> list[str | Path]:
    return [Path(sys.executable).with_name("flask"), "--app", "wsgi", "serve"]
