"""How a writer rests between two groups, so that a crowd can gather (歇拍)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress


class Resting:
    """The rest of one thread: until so many wait, or the next beat.

    Args:
        waiting: says how many wait.
    """

    def __init__(self, waiting: Callable[[], int]) -> None:
        self._waiting = waiting
        #: How many must wait for the thread to go on before the beat; none while it works.
        self._awaited = 0
        #: Held while the thread rests.
        self._lock = threading.Lock()
        self._lock.acquire()

    def rest(self, enough: int, *, until: float) -> None:
        """Rest until so many wait, or a moment of the clock that nobody sets.

        Where a crowd saves, a group that starts with the first who comes back is small, and the
        next one large, and so on: the machine commits twice as often as it must. A crowd that
        comes drop by drop shares commits by the beat.
        """
        self._awaited = enough
        if self._waiting() < enough:
            self._lock.acquire(timeout=max(0.0, until - time.monotonic()))
        self._awaited = 0
        # Who called just now found nobody resting any more.
        self._lock.acquire(blocking=False)

    def look(self) -> None:
        """End the rest if enough wait; called by whoever comes."""
        if 0 < self._awaited <= self._waiting():
            self.end()

    def end(self) -> None:
        """End the rest."""
        with suppress(RuntimeError):  # somebody else has ended it
            self._lock.release()
