"""The programs that a cluster is made of, and who runs them (集群程序)."""

from __future__ import annotations

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from load_tests import postgres

#: What to install on Debian where something is missing.
INSTALL = (
    "apt-get install --no-install-recommends etcd-server patroni python3-etcd haproxy postgresql"
)

#: Who runs what does not run as root.
USER = "postgres"


class Missing(RuntimeError):
    """A program is not there; the message says which, and what to install."""


@dataclass(frozen=True, kw_only=True)
class Programs:
    """Where the programs are."""

    etcd: Path
    patroni: Path
    haproxy: Path
    #: The folder of PostgreSQL's own programs.
    postgres: Path

    @property
    def runner(self) -> dict[str, Any]:
        """How a process is started that does not run as root."""
        if os.geteuid() != 0:
            return {}
        person = pwd.getpwnam(USER)
        return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}

    def hand_over(self, folder: Path) -> None:
        """Give a folder and what is in it to the user of these programs."""
        runner = self.runner
        for path in (folder, *folder.iterdir()) if runner else ():
            os.chown(path, runner["user"], runner["group"])


def found() -> Programs:
    """Return the programs of this machine.

    Raises:
        Missing: one of them is not installed.
    """
    names = ("etcd", "patroni", "haproxy")
    where = {name: shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in names}
    lacking = [name for name, path in where.items() if path is None]
    try:
        programs = postgres.programs()
        if os.geteuid() == 0:
            pwd.getpwnam(USER)
    except (postgres.NoServer, KeyError):
        lacking.append("postgresql")
        programs = Path()
    if lacking:
        raise Missing(f"缺少 missing: {', '.join(lacking)}. {INSTALL}")
    return Programs(postgres=programs, **{name: Path(path or "") for name, path in where.items()})
