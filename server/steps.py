"""Those who come in one step of the clock, gathered without a thread of their own (按拍汇集)."""

from __future__ import annotations

import threading
import time
from typing import Generic, TypeVar

T = TypeVar("T")


class Steps(Generic[T]):
    """Gathers whatever comes within one step: the first waits for its end and takes them all."""

    def __init__(self) -> None:
        self._gathered: list[T] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many wait for the end of their step."""
        return len(self._gathered)

    def join(self, one: T, seconds: float) -> list[T]:
        """Add one; return all of the step when it is over to whoever came first, else nothing.

        Steps of so many seconds are counted alike by every process of a machine.
        """
        with self._lock:
            self._gathered.append(one)
            is_first = len(self._gathered) == 1
        if not is_first:
            return []
        time.sleep(seconds - time.monotonic() % seconds)
        return self.take()

    def take(self) -> list[T]:
        """Return all who wait, as if their step were over."""
        with self._lock:
            together, self._gathered = self._gathered, []
        return together
