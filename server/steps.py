"""Those who come in one step of the clock, gathered and let go one after the other (按拍汇集).

Threads that are woken together fight for the interpreter, and the fight costs more than what they
came for. So the first of a step waits for its end and takes all of them along, and each wakes the
next once it has done its own.
"""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")


class Turn:
    """The place of one in its step: entered when those before have left theirs.

    Args:
        patience: seconds after which one goes on without having been woken.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._come = threading.Lock()
        self._come.acquire()
        #: Who came after, if anybody did.
        self.next: Turn | None = None

    def come(self) -> None:
        """Let whoever waits for this turn go on."""
        self._come.release()

    def __enter__(self) -> None:
        self._come.acquire(timeout=self._patience)

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self.next is not None:
            self.next.come()


class Steps(Generic[T]):
    """Gathers whatever comes within one step of the clock."""

    def __init__(self) -> None:
        self._gathered: list[T] = []
        self._last: Turn | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many wait for the end of their step."""
        return len(self._gathered)

    def join(self, one: T, *, seconds: float, patience: float) -> tuple[list[T], Turn]:
        """Add one; return its turn, and to the first of a step, when it is over, all of them.

        Steps of so many seconds are counted alike by every process of a machine.
        """
        turn = Turn(patience)
        with self._lock:
            self._gathered.append(one)
            before, self._last = self._last, turn
            if before is not None:
                before.next = turn
        if before is not None:
            return [], turn
        time.sleep(seconds - time.monotonic() % seconds)
        with self._lock:
            together, self._gathered, self._last = self._gathered, [], None
        turn.come()
        return together, turn
