"""The programs that a cluster is made of, and who runs them (集群程序)."""

from __future__ import annotations

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

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

    def as_user(self) -> list[str]:
        """Return what starts a program that does not run as root; nothing where nobody is."""
        if os.geteuid() != 0:
            return []
        person = pwd.getpwnam(USER)
        who = [f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--clear-groups"]
        return ["/usr/bin/setpriv", *who]

    def hand_over(self, folder: Path) -> None:
        """Give a folder and what is in it to the user of these programs."""
        if os.geteuid() == 0:
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, USER, USER)


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
