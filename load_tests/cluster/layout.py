"""Where everything of a cluster listens and lies (集群布局)."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

#: Where the configuration of production stands, which the local cluster fills in.
TEMPLATES = Path(__file__).parents[2] / "docs" / "running" / "cluster"

#: The passwords that a cluster needs, made when it is.
PASSWORDS = ("rest", "superuser", "replication", "rewind", "platform")

#: The network of machines that are kept apart: Linux's namespaces joined by a bridge.
NETWORK = "10.213.7"


def usual_folder() -> Path:
    """Return the folder of the cluster: `CLUSTER_DIR`, or one for temporary files.

    PostgreSQL does not run as root, and the user it runs as must be able to get there.
    """
    asked = os.environ.get("CLUSTER_DIR")
    return Path(asked) if asked else Path(tempfile.gettempdir()) / "platform-cluster"


@dataclass(frozen=True, kw_only=True)
class Machine:
    """One of the machines that keep the data: a member of etcd, and a PostgreSQL under Patroni."""

    name: str
    folder: Path
    address: str
    #: The first of its ports, where all machines share one address.
    first_port: int
    #: The namespace of its network; None where it shares that of everybody.
    namespace: str | None = None

    @property
    def etcd_port(self) -> int:
        """Where etcd is asked."""
        return self.first_port

    @property
    def etcd_peer_port(self) -> int:
        """Where the members of etcd meet."""
        return self.first_port + 1

    @property
    def postgres_port(self) -> int:
        """Where PostgreSQL listens."""
        return self.first_port + 2

    @property
    def rest_port(self) -> int:
        """Where Patroni is asked."""
        return self.first_port + 3


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A cluster: its machines, the ports of its proxy, its application servers, its passwords."""

    folder: Path
    first_port: int = 7300
    #: Whether each machine has a network of its own, which can be cut (needs root).
    apart: bool = False
    #: Whether a commit waits for a second machine. False loses acknowledged writes: for the test
    #: that proves that the others would notice.
    synchronous: bool = True
    servers: int = 2
    front_port: int = 8000
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def machines(self) -> tuple[Machine, ...]:
        """The three machines."""
        return tuple(
            Machine(
                name=name,
                folder=self.folder / name,
                address=f"{NETWORK}.{number}" if self.apart else "127.0.0.1",
                first_port=self.first_port + 10 * number,
                namespace=f"platform-{name}" if self.apart else None,
            )
            for number, name in enumerate(("a", "b", "c"), start=1)
        )

    @property
    def write_port(self) -> int:
        """Where the proxy leads to whoever takes writes."""
        return self.first_port

    @property
    def read_port(self) -> int:
        """Where the proxy leads to replicas."""
        return self.first_port + 1

    def server_port(self, number: int) -> int:
        """Return the port of an application server; the first is 1."""
        return self.first_port + 50 + number

    @property
    def network(self) -> str:
        """The addresses from which PostgreSQL is asked."""
        return f"{NETWORK}.0/24" if self.apart else "127.0.0.1/32"

    @property
    def front(self) -> str:
        """Where phones come to."""
        return f"http://127.0.0.1:{self.front_port}"

    def database_url(self, *, reading: bool = False) -> str:
        """Return the address of the database, by the proxy."""
        port = self.read_port if reading else self.write_port
        return f"postgresql://platform:{self.passwords['platform']}@127.0.0.1:{port}/platform"

    def keep(self) -> None:
        """Write down what cannot be derived, so that the cluster is found again."""
        kept = {
            "first_port": self.first_port,
            "apart": self.apart,
            "synchronous": self.synchronous,
            "servers": self.servers,
            "front_port": self.front_port,
            "passwords": self.passwords,
        }
        path = self.folder / "cluster.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(kept, indent=1), "utf-8")

    @classmethod
    def kept_in(cls, folder: Path) -> Layout | None:
        """Return the cluster of a folder; None where there is none."""
        path = folder / "cluster.json"
        return cls(folder=folder, **json.loads(path.read_text("utf-8"))) if path.exists() else None


def fresh_passwords() -> dict[str, str]:
    """Return new passwords."""
    return {name: secrets.token_urlsafe(24) for name in PASSWORDS}
