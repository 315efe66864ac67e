"""`make cluster`, `make cluster-status`, `make cluster-stop`: a cluster on this machine (本机集群).

Starts on loopback what `docs/running/cluster` describes for production, with the same files: three
members of etcd, three PostgreSQL under Patroni with synchronous replication, HAProxy, application
servers and their long work. Nothing of it needs systemd. The processes outlive this command.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from load_tests.cluster.cluster import Cluster
from load_tests.cluster.layout import Layout, fresh_passwords, usual_folder
from load_tests.cluster.programs import Missing, found
from load_tests.cluster.watch import NotReady


def main(words: list[str] | None = None) -> int:
    """Start, show or stop the cluster; return 0 where that went well."""
    asked = _asked(words)
    console = Console(highlight=False, soft_wrap=True)
    folder = Path(asked.folder)
    layout = Layout.kept_in(folder)
    if layout is None and asked.verb != "start":
        console.print(f"没有集群 There is no cluster in {folder}: make cluster")
        return 1
    try:
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        layout = layout or Layout(
            folder=folder,
            first_port=asked.first_port,
            front_port=asked.port,
            servers=asked.servers,
            apart=asked.apart,
            passwords=fresh_passwords(),
        )
        layout.keep()  # a start that fails half-way can be stopped
        cluster = Cluster(layout, found(), say=lambda line: console.print(f"  {line}"))
        return _do(asked, cluster, console)
    except (Missing, NotReady) as trouble:
        console.print(str(trouble))
        return 1


def _do(asked: argparse.Namespace, cluster: Cluster, console: Console) -> int:
    if asked.verb == "stop":
        cluster.stop()
        if asked.fresh:
            cluster.remove()
        console.print("集群已停止 The cluster is stopped.")
        return 0
    if asked.verb == "start":
        console.print("启动集群 Starting the cluster …")
        cluster.start()
    console.print(_picture(cluster))
    console.print(f"平台 platform: {cluster.layout.front}   {cluster.layout.folder}")
    return 0 if cluster.is_whole() else 1


def _picture(cluster: Cluster) -> Table:
    """Return what runs and what not, as a table."""
    layout, leader = cluster.layout, cluster.etcd_leader()
    table = Table(title="集群 Cluster")
    for column in ("process", "runs", "where", "role", "lag"):
        table.add_column(column)
    said = {one["name"]: one for one in cluster.members()}
    for machine in layout.machines:
        leads = "leader" if leader == machine else ""
        where = f"{machine.address}:{machine.etcd_port}"
        table.add_row(f"etcd-{machine.name}", _runs(cluster, f"etcd-{machine.name}"), where, leads)
    for machine in layout.machines:
        one, name = said.get(machine.name, {}), f"patroni-{machine.name}"
        where, lag = f"{machine.address}:{machine.postgres_port}", one.get("lag", "")
        role = f"{one.get('role', '')} {one.get('state', '')}".strip()
        table.add_row(name, _runs(cluster, name), where, role, str(lag))
    ways = f"127.0.0.1:{layout.write_port} write, :{layout.read_port} read"
    table.add_row("haproxy", _runs(cluster, "haproxy"), ways, "")
    for number in range(1, layout.servers + 1):
        name, where = f"server-{number}", f"127.0.0.1:{layout.server_port(number)}"
        table.add_row(name, _runs(cluster, name), where, "answers, long work")
    return table


def _runs(cluster: Cluster, name: str) -> str:
    return "✓" if cluster.processes.pid(name) else "✗"


def _asked(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m load_tests.cluster", description=__doc__)
    parser.add_argument("verb", choices=("start", "status", "stop"))
    parser.add_argument("--folder", default=str(usual_folder()), help="where it keeps its data")
    parser.add_argument("--port", type=int, default=8000, help="where phones come to")
    parser.add_argument("--first-port", type=int, default=7300, help="the first of the inner ports")
    parser.add_argument("--servers", type=int, default=2, help="application servers")
    parser.add_argument("--apart", action="store_true", help="a network for each machine (root)")
    parser.add_argument("--fresh", action="store_true", help="with stop: take the data away, too")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
