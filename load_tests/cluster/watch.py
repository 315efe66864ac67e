"""Asking a cluster how it does, by the words of its own parts (集群状态)."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import urllib3
from urllib3.exceptions import HTTPError

from load_tests.cluster.layout import Layout, Machine


class NotReady(RuntimeError):
    """A part of the cluster did not come up in time; the message says which, and shows its log."""


class Watch:
    """What the parts of a cluster say of themselves.

    Args:
        layout: where they are.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._http = urllib3.PoolManager(retries=False, timeout=2.0)

    def members(self) -> list[dict[str, Any]]:
        """Return what Patroni says of each PostgreSQL: name, role, state, lag; whoever answers."""
        for machine in self.layout.machines:
            try:
                reply = self._http.request("GET", f"{rest_of(machine)}/cluster")
            except HTTPError:
                continue
            if reply.status == 200:
                found: list[dict[str, Any]] = json.loads(reply.data)["members"]
                return found
        return []

    def primary(self) -> Machine | None:
        """Return the machine that takes writes now, by its own word; None where none does."""
        for machine in self.layout.machines:
            if self._says_yes(machine, "primary"):
                return machine
        return None

    def replicas(self) -> list[Machine]:
        """Return the machines that follow, by their own word."""
        return [one for one in self.layout.machines if self._says_yes(one, "replica")]

    def synchronous_replica(self) -> Machine | None:
        """Return the machine whose disk every commit waits for; None where there is none."""
        return next((m for m in self.layout.machines if self._says_yes(m, "synchronous")), None)

    def is_whole(self) -> bool:
        """Say whether one leads, the two others follow, and commits wait for one of them."""
        waits = self.synchronous_replica() is not None or not self.layout.synchronous
        return self.primary() is not None and len(self.replicas()) == 2 and waits

    def etcd_leader(self) -> Machine | None:
        """Return the machine whose etcd leads; None where none does."""
        for machine in self.layout.machines:
            try:
                reply = self._http.request(
                    "POST",
                    f"http://{machine.address}:{machine.etcd_port}/v3/maintenance/status",
                    body="{}",
                )
            except HTTPError:
                continue
            said = json.loads(reply.data) if reply.status == 200 else {}
            if said and said.get("leader") == said["header"]["member_id"]:
                return machine
        return None

    def switch_over(self) -> None:
        """Let another machine lead, in peace, as before an upgrade.

        Raises:
            NotReady: Patroni refuses.
        """
        leader, to = self.primary(), self.synchronous_replica() or self.replicas()[0]
        if leader is None:
            raise NotReady("Nobody leads.")
        reply = self._http.request(
            "POST",
            f"{rest_of(leader)}/switchover",
            headers=urllib3.make_headers(basic_auth=f"patroni:{self.layout.passwords['rest']}"),
            body=json.dumps({"leader": leader.name, "candidate": to.name}),
            timeout=60.0,
        )
        if reply.status != 200:
            raise NotReady(f"switchover: {reply.status} {reply.data.decode()}")

    def takes_writes(self) -> bool:
        """Say whether the proxy leads to a database that takes writes."""
        try:
            with psycopg.connect(self.layout.database_url(), connect_timeout=2) as connection:
                row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
        except psycopg.OperationalError:
            return False
        return row == (False,)

    def is_ready(self, port: int) -> bool:
        """Say whether an application server can work."""
        try:
            return self._http.request("GET", f"http://127.0.0.1:{port}/readyz").status == 200
        except HTTPError:
            return False

    def _says_yes(self, machine: Machine, question: str) -> bool:
        try:
            return self._http.request("GET", f"{rest_of(machine)}/{question}").status == 200
        except HTTPError:
            return False


def rest_of(machine: Machine) -> str:
    """Return where the Patroni of a machine is asked."""
    return f"http://{machine.address}:{machine.rest_port}"
