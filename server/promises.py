"""Those who wait for the writer on an event loop: one thread for all of them (应答·事件循环).

A thread for everybody who waits costs more than what they wait for: each wakes up twice, and
queues each time for the interpreter. On a loop the writer wakes one thread once for a whole group,
which then answers them all.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Any, TypeVar

from server.answering import Waiting
from server.errors import Unavailable
from server.group_commit import MOST_IN_A_GROUP, PATIENCE, GroupCommit, Store

Wish = TypeVar("Wish")
Answer = TypeVar("Answer")

#: Looks for those who have waited too long, in the time that somebody may wait.
_LOOKS = 10


class Promise(Waiting):
    """Somebody who waits on the loop."""

    __slots__ = ("future", "since", "teller")

    # The lock that a thread would wait on is not made: that is the point.
    def __init__(self, store: Any, wish: Any, teller: Promises) -> None:
        self.store = store
        self.wish = wish
        self.answer = None
        self.teller = teller
        self.future: asyncio.Future[Any] = teller.loop.create_future()
        #: By the clock that nobody sets.
        self.since = time.monotonic()


class Promises:
    """Hands wishes to a writer, and tells those who wait on the loop of their answers.

    Args:
        writer: stores wishes.
        loop: on which all methods but `tell` are called.
        patience: seconds after which somebody gives up waiting, give or take a tenth.
    """

    def __init__(
        self, writer: GroupCommit, loop: asyncio.AbstractEventLoop, *, patience: float = PATIENCE
    ) -> None:
        self.loop = loop
        self._writer = writer
        self._patience = patience
        #: In the order they came, which is that of how long they have waited.
        self._open: dict[Promise, None] = {}
        #: Those who wait for the end of a step of the clock.
        self._step: list[Promise] = []
        self._is_looking = False

    def submit(self, store: Store[Wish, Answer], wish: Wish) -> asyncio.Future[Any]:
        """Store a wish; what is returned becomes its answer once that is on the disk.

        A `DomainError` for an answer refuses it, as `GroupCommit.submit` raises it.

        Raises:
            Unavailable: the queue is full, or the server is stopping.
        """
        promise = self._taken_in(store, wish)
        self._put([promise])
        return promise.future

    def submit_in_step(self, store: Store[Wish, Answer], wish: Wish) -> asyncio.Future[Any]:
        """Store a wish with all others of the same step of the clock; else as `submit`."""
        promise = self._taken_in(store, wish)
        self._step.append(promise)
        if len(self._step) == 1:
            step = self._writer.step_seconds
            self.loop.call_later(step - time.monotonic() % step, self._end_step)
        elif len(self._step) == MOST_IN_A_GROUP:
            self._end_step()
        return promise.future

    def tell(self, told: Sequence[Promise]) -> None:
        """Let a group go on; called by the writer."""
        with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
            self.loop.call_soon_threadsafe(self._give, told)

    def _taken_in(self, store: Store[Wish, Answer], wish: Wish) -> Promise:
        self._writer.admit(len(self._step))
        promise = Promise(store, wish, self)
        self._open[promise] = None
        if not self._is_looking:
            self._is_looking = True
            self.loop.call_later(self._patience / _LOOKS, self._look)
        return promise

    def _put(self, together: Sequence[Promise]) -> None:
        self._writer.put(together)
        # Looked at after putting, as the writer looks for more after it has set it.
        if self._writer.has_ended:
            self._give_up(together)

    def _end_step(self) -> None:
        together, self._step = self._step, []
        if together:  # else it was full before its end
            self._writer.keep_connection(2 * self._writer.step_seconds)
            self._put(together)

    def _give(self, told: Sequence[Promise]) -> None:
        for promise in told:
            self._open.pop(promise, None)
            if not promise.future.done():  # else it was given up, or who waited has gone
                promise.future.set_result(promise.answer)

    def _look(self) -> None:
        """Tell those to come later who have waited too long."""
        since = time.monotonic() - self._patience
        self._give_up(list(takewhile(lambda promise: promise.since < since, self._open)))
        self._is_looking = bool(self._open)
        if self._open:
            self.loop.call_later(self._patience / _LOOKS, self._look)

    def _give_up(self, promises: Sequence[Promise]) -> None:
        for promise in promises:
            self._open.pop(promise, None)
            if not promise.future.done():
                self._writer.note_late()
                promise.future.set_result(Unavailable(retry_after=2))
