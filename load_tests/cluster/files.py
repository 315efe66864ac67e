"""The files of a cluster, filled in from those of production (集群配置)."""

from __future__ import annotations

import os
from pathlib import Path
from string import Template
from typing import Any

from load_tests.cluster.layout import TEMPLATES, Layout, Machine
from load_tests.cluster.programs import Programs

#: The name under which Patroni and etcd know the cluster.
NAME = "platform"

#: What the proxy says where nobody behind it answers.
_FAILURES = {502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


def write(layout: Layout, programs: Programs) -> None:
    """Write the files of every machine and of the proxy."""
    for machine in layout.machines:
        machine.folder.mkdir(parents=True, exist_ok=True)
        values = _of_machine(layout, machine, programs)
        _fill("etcd.yml", machine.folder / "etcd.yml", values)
        _fill("patroni.yml", machine.folder / "patroni.yml", values)
        _fill("make-database", machine.folder / "make-database", values, mode=0o700)
        programs.hand_over(machine.folder)
    values = _of_proxy(layout)
    _fill("haproxy.cfg", layout.folder / "haproxy.cfg", values)
    for status, reason in _FAILURES.items():
        _write_reply(layout.folder / f"{status}.http", status, reason)


def _write_reply(to: Path, status: int, reason: str) -> None:
    values = {"status": status, "reason": reason}
    text = Template((TEMPLATES / "unavailable.http").read_text("utf-8")).safe_substitute(values)
    head, body = text.split("\n\n", 1)
    head = head.replace("${length}", str(len(body.encode()))).replace("\n", "\r\n")
    to.write_bytes(f"{head}\r\n\r\n{body}".encode())


def _fill(name: str, to: Path, values: dict[str, Any], *, mode: int = 0o600) -> None:
    text = Template((TEMPLATES / name).read_text("utf-8")).substitute(values)
    to.unlink(missing_ok=True)
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)


def _of_machine(layout: Layout, machine: Machine, programs: Programs) -> dict[str, Any]:
    machines = layout.machines
    return {
        "cluster": NAME,
        "name": machine.name,
        "folder": machine.folder,
        "address": machine.address,
        "etcd_port": machine.etcd_port,
        "etcd_peer_port": machine.etcd_peer_port,
        "postgres_port": machine.postgres_port,
        "rest_port": machine.rest_port,
        "etcd_members": ",".join(
            f"{one.name}=http://{one.address}:{one.etcd_peer_port}" for one in machines
        ),
        "etcd_hosts": ",".join(f"{one.address}:{one.etcd_port}" for one in machines),
        "network": layout.network,
        "postgres_programs": programs.postgres,
        "synchronous": str(layout.synchronous).lower(),
        "shared_buffers": "64MB",
        **{f"{name}_password": word for name, word in layout.passwords.items()},
    }


def _of_proxy(layout: Layout) -> dict[str, Any]:
    databases = [
        f"    server {one.name} {one.address}:{one.postgres_port}"
        f" check port {one.rest_port} maxconn 200"
        for one in layout.machines
    ]
    servers = [
        f"    server server-{number} 127.0.0.1:{layout.server_port(number)} check"
        for number in range(1, layout.servers + 1)
    ]
    return {
        "folder": layout.folder,
        "most_connections": 4_000,
        "proxy_address": "127.0.0.1",
        "write_port": layout.write_port,
        "read_port": layout.read_port,
        "front_address": "127.0.0.1",
        "front_port": layout.front_port,
        "postgres_servers": "\n".join(databases),
        "application_servers": "\n".join(servers),
    }
