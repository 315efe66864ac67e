"""Those who come in one step of the clock, gathered without a thread of their own (按拍汇集)."""

from __future__ import annotations

import threading
import time
from typing import Generic, TypeVar

T = TypeVar("T")


class Steps(Generic[T]):
    """Gathers whatever comes within one step: the first waits for its end and takes them all.

    Args:
        seconds: how long a step is; counted alike by every process of a machine.
        enough: so many end a step early. Each of them keeps a thread waiting, and a server has
            only so many.
    """

    def __init__(self, seconds: float, *, enough: int) -> None:
        self.seconds = seconds
        self._gathered: list[T] = []
        self._lock = threading.Lock()
        self._enough = enough
        #: Whether the step before was full before its end.
        self._overfull = False
        #: Held while the first of a step waits for its end.
        self._full = threading.Lock()
        self._full.acquire()

    def __len__(self) -> int:
        """How many wait for the end of their step."""
        return len(self._gathered)

    def join(self, one: T) -> list[T]:
        """Add one; return all of the step when it is over to whoever came first, else nothing."""
        with self._lock:
            self._gathered.append(one)
            count = len(self._gathered)
            if count == self._enough:
                self._full.release()
        if count > 1:
            return []
        # Where steps are full early, what comes before the clock's next would make a small one.
        over = 0.0 if self._overfull else time.monotonic() % self.seconds
        self._overfull = self._full.acquire(timeout=self.seconds - over)
        return self.take()

    def take(self) -> list[T]:
        """Return all who wait, as if their step were over."""
        with self._lock:
            together, self._gathered = self._gathered, []
            # Whoever made the step full just as it ended released what nobody waits for any more.
            self._full.acquire(blocking=False)
        return together
