"""The server processes: workers that answer, forked from a process that is warm (服务进程)."""

from __future__ import annotations

import gc
import os
import shutil
import signal
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from server import observing
from server.config import Config

#: What each worker makes its application of.
TARGET = "wsgi:create_serving_app"

#: Seconds that a worker has to answer what it has begun when the server is told to stop.
SECONDS_TO_STOP = 10


#: Containers made before the youngest are looked through. A group of responses makes thousands and
#: lets go of them by itself; looking for circles among them at every 700 was a fifth of its cost.
_YOUNG = 20_000


def settle() -> None:
    """Spare what stands now from collections: it lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)


def serve(config: Config) -> None:
    """Answer requests until told to stop; what is being answered then is answered.

    Where the system forks, workers begin with everything imported, which halves the start, and
    they share the memory of it. No connection to the database may be open: a child would use it,
    too.
    """
    figures = config.data_dir / "figures"
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir(parents=True)
    observing.share_figures(figures)
    os.register_at_fork(after_in_child=_listen_to_the_end)
    settle()
    Granian(
        TARGET,
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=config.workers,
        blocking_threads=config.threads,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
        # Its warnings advise fewer threads; ours wait for commits, see `Config.threads`.
        log_level=LogLevels.error,
        working_dir=Path(__file__).parent.parent,
    ).serve()


def _listen_to_the_end() -> None:
    """Let a worker that is still being made end when it is told to.

    It inherits the handlers of the process that watches over the workers, which only take a
    note; until it has its own, it would be deaf, and stopping would wait for its time to be up.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
