"""How the commands of the platform are started from outside (启动进程)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

#: The root of the repository, from where the server is started.
ROOT = Path(__file__).parent.parent


class Spawned(Protocol):
    """A process that was started, as `subprocess` tells of it."""

    @property
    def pid(self) -> int:
        """Its id."""

    def poll(self) -> int | None:
        """Return its exit status; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit status once it has ended.

        Raises:
            TimeoutExpired: it has not ended within so many seconds.
        """


#: Starts a command in a session of its own: `(command, environment, log)`.
Spawn = Callable[[Sequence[str | Path], Mapping[str, str], Path], Spawned]


def spawned(
    command: Sequence[str | Path], environment: Mapping[str, str], log: Path, *, cwd: Path = ROOT
) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own, whose words go to the end of a log."""
    with log.open("ab") as file:
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
