"""Processes of the platform that begin with everything imported (预热进程).

Importing is two thirds of what a start costs. So one process imports the platform, does nothing
else, and is forked for each start: as clean as a new one, for importing reads no environment and
opens nothing, which is a rule of the house. How long a start takes is told by those alone that
begin cold.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from flask.cli import main as flask

_WARM = multiprocessing.get_context("forkserver")
_WARM.set_forkserver_preload(["tests.warm", "wsgi"])


class WarmProcess:
    """A command of the platform that was started warm, as `subprocess` tells of one.

    Args:
        command: `flask` with its words, or Python with `-m` and a module.
        environment: of the process.
        log: where its words go, at the end.
    """

    def __init__(
        self, command: Sequence[str | Path], environment: Mapping[str, str], log: Path
    ) -> None:
        words = [str(word) for word in command]
        self._process = _WARM.Process(target=_run, args=(words, dict(environment), str(log)))
        self._process.start()

    @property
    def pid(self) -> int:
        """Its id."""
        return self._process.pid or 0

    def poll(self) -> int | None:
        """Return its exit status; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit status once it has ended.

        Raises:
            TimeoutExpired: it has not ended within so many seconds.
        """
        self._process.join(timeout)
        status = self._process.exitcode
        if status is None:
            raise subprocess.TimeoutExpired("a warm process", timeout or 0.0)
        return status


def _run(words: list[str], environment: dict[str, str], log: str) -> None:
    """Be a process of one's own, and run what the words say."""
    os.setsid()
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for standard in (1, 2):
        os.dup2(file, standard)
    os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    # Its own processes are forked from it, as in a program that was started cold.
    multiprocessing.set_start_method("fork", force=True)
    program, *sys.argv[1:] = words
    if Path(program).name == "flask":
        sys.argv[0] = program
        flask()
    else:
        _minus_m, module, *sys.argv[1:] = words[1:]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
