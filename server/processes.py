"""The processes of a server: one that answers, one that does long work, and who keeps both (进程).

`serve` becomes the keeper. It forks, still warm and with one thread only, the process that
watches over the workers that answer, and the process that does jobs; when one of them ends
unasked, it is made again.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

import structlog
from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels

from server import observing
from server.config import Config

log = structlog.get_logger("processes")

#: What each worker makes of itself.
TARGET = "wsgi:create_front"

#: Seconds that a worker has to answer what it has begun when the server is told to stop.
SECONDS_TO_STOP = 10

#: Connections that wait to be accepted; the kernel caps it by its own `somaxconn`.
BACKLOG = 4096

#: Connections of a process where the machine sets no end to open files.
MOST_CONNECTIONS = 100_000

#: Files that a process opens besides: the database, figures, libraries.
FILES_OF_ITS_OWN = 200

#: A process that lives shorter than this, in seconds, ended because of how it starts.
SHORT_LIFE = 10.0

#: Short lives in a row after which making another is given up.
MOST_SHORT_LIVES = 5

#: Containers made before the youngest are looked through. A group of responses makes thousands and
#: lets go of them by itself; looking for circles among them at every 700 was a fifth of its cost.
_YOUNG = 20_000

#: `prctl`: the signal to get when the parent is gone (Linux).
_PR_SET_PDEATHSIG = 1


def settle() -> None:
    """Spare what stands now from collections: it lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)


def serve(config: Config, do_jobs: Callable[[], None] | None) -> int:
    """Answer requests and do jobs until told to stop; what is being answered then is answered.

    Where the system forks, processes begin with everything imported, which halves the start, and
    they share the memory of it. No connection to the database may be open: a child would use it,
    too.

    Args:
        config: the settings.
        do_jobs: does jobs in a process of its own, until told to end; None where no second
            process may write.

    Returns:
        The exit status: 0 after being told to stop.
    """
    figures = config.data_dir / "figures"
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir(parents=True)
    observing.share_figures(figures)
    os.register_at_fork(after_in_child=_be_a_child)
    settle()
    works: dict[str, Callable[[], object]] = {"answering": partial(_answer, config)}
    if do_jobs is not None:
        works["jobs"] = do_jobs
    return Keeper(works).keep()


class Keeper:
    """Keeps processes alive until it is told to stop.

    Args:
        works: what each process does, by its name.
    """

    def __init__(self, works: Mapping[str, Callable[[], object]]) -> None:
        self._works = works
        self._names: dict[int, str] = {}
        self._since: dict[str, float] = {}
        self._short_lives = dict.fromkeys(works, 0)
        self._stopping = False

    def keep(self) -> int:
        """Return the exit status once every process has ended."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for name in self._works:
            self._make(name)
        status = 0
        while self._names:
            pid, _ended = os.wait()
            name = self._names.pop(pid)
            if not self._stopping and not self._replace(name):
                status = 1
                self._stop(signal.SIGTERM, None)
        return status

    def _make(self, name: str) -> None:
        pid = os.fork()
        if pid == 0:
            _end_as(self._works[name])
        self._names[pid] = name
        self._since[name] = time.monotonic()
        if self._stopping:  # told while it was being made
            os.kill(pid, signal.SIGTERM)

    def _replace(self, name: str) -> bool:
        """Make a process again; say False where that has not helped several times."""
        lived = time.monotonic() - self._since[name]
        self._short_lives[name] = self._short_lives[name] + 1 if lived < SHORT_LIFE else 0
        log.error("process ended", process=name, seconds=round(lived, 1))
        if self._short_lives[name] >= MOST_SHORT_LIVES:
            return False
        # A pause grows with every short life: 0, 0.2, 0.4 … seconds.
        pause = 0.2 * (self._short_lives[name] - 1)
        if pause > 0:  # a clock that is set while it sleeps for nothing would end the keeper
            time.sleep(pause)
        self._make(name)
        return True

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        for pid in list(self._names):
            os.kill(pid, number)


def _end_as(work: Callable[[], object]) -> NoReturn:
    """Do the work of a forked process, and end without what its parent would do at its end."""
    status = 1
    try:
        work()
        status = 0
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else 1
    except BaseException as error:  # said once here; the keeper only sees that it ended
        log.error("process failed", exception=type(error).__name__)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _room_for_connections() -> int:
    """Return how many phones a process may be connected to: as many files as it may open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = MOST_CONNECTIONS if hard == resource.RLIM_INFINITY else hard
    # A shell often allows 1,024 only; a process may help itself to what the machine allows.
    if soft not in (resource.RLIM_INFINITY, allowed) and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return max(allowed - FILES_OF_ITS_OWN, FILES_OF_ITS_OWN)


def _answer(config: Config) -> None:
    Granian(
        TARGET,
        address=config.host,
        port=config.port,
        interface=Interfaces.RSGI,
        loop=Loops.auto,
        factory=True,
        workers=config.workers,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
        backlog=BACKLOG,
        # Granian counts whole connections here, of each process, and leaves more unanswered:
        # with its own figure the 1,025th phone that keeps its connection would wait for ever.
        backpressure=_room_for_connections(),
        log_level=LogLevels.error,
        working_dir=Path(__file__).parent.parent,
    ).serve()


def _be_a_child() -> None:
    """Let a process that is still being made end when it is told to, or its parent is gone.

    It inherits the handlers of the process that watches over it, which only take a note; until
    it has its own, it would be deaf, and stopping would wait for its time to be up.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
