"""Figures of what a crowd asks: noted reply by reply, counted for many at once (批量计数).

A figure is a file that all server processes share, behind one lock, and counting it costs as much
as a tenth of saving a response. A hundred threads that count each reply by itself would also wait
for one another there.
"""

from __future__ import annotations

from collections import Counter, deque
from time import perf_counter, thread_time

from prometheus_client import Counter as Total

from server import observing

#: Replies that are counted together at most.
_MOST_NOTED = 64


class Figures:
    """The figures of one address."""

    def __init__(self, method: str, rule: str) -> None:
        self._labels = (method, rule)
        self._seconds = observing.SECONDS.labels(method, rule)
        self._cpu = observing.CPU_SECONDS.labels(method, rule)
        #: One for each request that is being answered, and what was noted of those that were.
        self._open: deque[None] = deque()
        self._noted: deque[tuple[int, float, float]] = deque()

    def begin(self) -> tuple[float, float]:
        """Note that a request came; return what `end` asks for."""
        self._open.append(None)
        return perf_counter(), thread_time()

    def end(self, status: int, began: tuple[float, float]) -> None:
        """Note a reply; count what was noted once it is much, or nobody else is answered."""
        self._noted.append((status, perf_counter() - began[0], thread_time() - began[1]))
        self._open.pop()
        if not self._open or len(self._noted) >= _MOST_NOTED:
            self._count()

    def _count(self) -> None:
        noted = []
        for _ in range(len(self._noted)):
            try:
                noted.append(self._noted.popleft())
            except IndexError:  # another thread counts, too
                break
        if not noted:
            return
        self._seconds.observe_all([seconds for _, seconds, _ in noted])
        self._cpu.inc(sum([cpu for _, _, cpu in noted]))
        for status, count in Counter([status for status, _, _ in noted]).items():
            observing.REQUESTS.labels(*self._labels, status).inc(count)


class GroupFigures:
    """The figures of the groups that share a transaction, their labels looked up once.

    Args:
        queue: in which requests wait for it.
    """

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._sizes = observing.GROUP_SIZES.labels(queue)
        self._waiting = observing.QUEUE.labels(queue)
        self._seconds = observing.GROUP_SECONDS.labels(queue)
        self._of_store: dict[str, tuple[Total, Total, Total]] = {}

    def count(self, store: str, wishes: int, statements: int) -> None:
        """Count wishes of one kind that were stored together; what they cost is shared by all."""
        known = self._of_store.get(store)
        if known is None:
            known = self._of_store[store] = (
                observing.GROUPS.labels(store),
                observing.GROUP_WISHES.labels(store),
                observing.GROUP_STATEMENTS.labels(store),
            )
        for total, amount in zip(known, (1, wishes, statements), strict=True):
            total.inc(amount)

    def observe(self, wishes: int, waiting: int, seconds: float) -> None:
        """Note a group that was stored: its size, who waits behind it, and how long it took."""
        self._sizes.observe(wishes)
        self._waiting.observe(waiting)
        self._seconds.observe(seconds)

    def count_failed(self) -> None:
        """Count a group that could not be stored, so that nothing of it was acknowledged."""
        observing.GROUP_FAILURES.labels(self._queue).inc()

    def count_refusal(self, reason: str) -> None:
        """Count a wish that was refused with 503.

        Args:
            reason: the queue was `full`, it waited too `long`, or the server is `stopping`.
        """
        observing.GROUP_REFUSALS.labels(self._queue, reason).inc()
