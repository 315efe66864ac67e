"""Many waiting requests, one transaction: each is answered after it is on the disk (组提交).

A commit that is durable costs a flush of the disk, whatever it holds. Requests that wait at the
same moment therefore share one: a writer thread takes everything that waits, lets the part store
it in one transaction, commits, and only then lets the requests answer. While it commits, the next
group gathers by itself, so that groups grow with the crowd and nobody waits for a timer. Who waits
does so as a thread (`submit`) or on an event loop (`server.promises`).

The writer keeps its connection for as long as the crowd lasts and lets go of it when nobody waits.

A failed commit fails every request of its group, and nothing is acknowledged. The queue is
bounded: what does not fit is refused honestly with 503 and may be sent again.

Those who only look share transactions in the same way (`server.queues`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from server.answering import Answers, Waiting
from server.connections import Kept, statements
from server.crowd_figures import GroupFigures
from server.errors import DomainError, Unavailable
from server.resting import Resting
from server.steps import Steps

Wish = TypeVar("Wish")
Answer = TypeVar("Answer")

log = structlog.get_logger("group_commit")

#: Requests that may wait at most, per process; more would only wait longer than phones do.
MOST_WAITING = 4096

#: Wishes that one transaction takes at most: keeps a commit short under any crowd.
MOST_IN_A_GROUP = 512

#: Seconds after which a request gives up waiting and answers 503.
PATIENCE = 10.0

#: Seconds for which trouble is told to whoever asks.
TROUBLE_LASTS = 60.0

#: Seconds from the beginning of one group to that of the next where a crowd saves more slowly than
#: the machine could: begin, statements and commit cost as much as eight wishes, so groups of two or
#: three would spend most of the machine on nothing. Whoever is alone never waits for it.
_BEAT = 0.024

#: So many who wait are worth a group before the beat.
_ENOUGH = 32

#: So many wishes end a step of the clock early: each keeps a thread of the server waiting, and
#: those who sit an exam need the others.
_FULL_STEP = 32

#: Seconds for which a crowd counts as one after the last group of more than one.
_CROWD_LASTS = 0.1


@dataclass(frozen=True, eq=False)
class Store(Generic[Wish, Answer]):
    """How a part stores many wishes of one kind over one connection.

    `apply` gets the connection of the open transaction and the wishes, in the order they came,
    and returns one answer for each: a value, or a `DomainError` that refuses this wish alone.
    """

    name: str
    apply: Callable[[Connection, Sequence[Wish]], Sequence[Answer | DomainError]]
    #: Comes last in its transaction, because it locks what everybody needs.
    last: bool = False


class GroupCommit:
    """The writer of one process: gathers wishes, stores them together, answers after the commit.

    Args:
        engine: where.
        name: of the queue, in figures and in the log.
        writes: False for who only reads.
        most_waiting: how many may wait.
        step: seconds of a step of the clock.
        surroundings: in which it works.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        name: str = "group_commit",
        writes: bool = True,
        most_waiting: int = MOST_WAITING,
        step: float = 0.4,
        surroundings: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._engine = engine
        self._name = name
        self._writes = writes
        self._surroundings = surroundings
        self._most_waiting = most_waiting
        #: The driver of threads itself lets the writer sleep on it, and wakes it.
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._answers = Answers()
        self._stopping = False
        self._figures = GroupFigures(name)
        #: Until when there is a crowd, by the clock that nobody sets.
        self._crowded_until = float("-inf")
        #: Until when the next step may need the connection.
        self._kept_until = float("-inf")
        #: How long a step of the clock is.
        self.step_seconds = step
        self._steps: Steps[Waiting] = Steps(step, enough=_FULL_STEP)
        self._resting = Resting(self._queue.qsize)
        #: Whether nothing that is put now will be stored.
        self.has_ended = False
        #: When somebody was last told to come later, by the clock that nobody sets.
        self._troubled_at = float("-inf")

    def submit(
        self, store: Store[Wish, Answer], wish: Wish, *, patience: float = PATIENCE
    ) -> Answer:
        """Store a wish and return its answer, after it is on the disk.

        Raises:
            Unavailable: the queue is full, the server is stopping, the commit failed, or it took
                longer than `patience` seconds. Sending the same again is harmless.
            DomainError: what the store refused this wish with.
        """
        self.admit()
        waiting = Waiting(store, wish)
        self.put([waiting])
        answer: Answer = self._answer(waiting, patience)
        return answer

    def submit_in_step(self, store: Store[Wish, Answer], wish: Wish) -> Answer:
        """Store a wish with all others of the same step of the clock; refused as by `submit`.

        For a crowd that comes drop by drop and may wait a moment: alone each would make a group
        of its own, and a group costs more than a wish. The first of a step waits until it is over,
        or full, and hands all to the writer, which keeps its connection for the next step.
        """
        self.admit()
        waiting = Waiting(store, wish)
        together = self._steps.join(waiting)
        if together:
            self.keep_connection(2 * self.step_seconds)
        self.put(together)
        answer: Answer = self._answer(waiting, PATIENCE)
        return answer

    def admit(self, elsewhere: int = 0) -> None:
        """Let one more come, who is then put.

        Args:
            elsewhere: how many are gathered by others to be put here.

        Raises:
            Unavailable: too many wait, or the server is stopping.
        """
        if self._stopping or self.waiting_count + elsewhere >= self._most_waiting:
            self._note_trouble()
            self._figures.count_refusal("stopping" if self._stopping else "full")
            raise Unavailable(retry_after=2)
        if self._thread is None:
            self._start()

    def put(self, together: Sequence[Waiting]) -> None:
        """Store what they wish, and then tell them."""
        for waiting in together:
            self._queue.put(waiting)
        self._resting.look()

    def _answer(self, waiting: Waiting, patience: float) -> Any:
        # Looked at after putting, as the writer looks for more after it has set it.
        if not self._answers.await_one(waiting, 0 if self.has_ended else patience):
            self.note_late()
            raise Unavailable(retry_after=2)
        if isinstance(waiting.answer, DomainError):
            raise waiting.answer
        return waiting.answer

    def keep_connection(self, seconds: float) -> None:
        """Keep the connection to the database for so long, for more will come."""
        self._kept_until = time.monotonic() + seconds

    def note_late(self) -> None:
        """Note that somebody has waited too long and was told to come later."""
        self._note_trouble()
        self._figures.count_refusal("long")

    @property
    def waiting_count(self) -> int:
        """How many requests wait to be taken into a group."""
        return self._queue.qsize() + len(self._steps)

    def was_troubled(self, within: float = TROUBLE_LASTS) -> bool:
        """Say whether somebody was told to come later within the last `within` seconds."""
        return time.monotonic() - self._troubled_at < within

    def _note_trouble(self) -> None:
        self._troubled_at = time.monotonic()

    def stop(self) -> None:
        """Take no more, store what waits, and end."""
        self._stopping = True
        self._queue.put(None)
        self._resting.end()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        # Begun with the first wish, and so after a server has forked its processes.
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        with self._surroundings():
            self._write()

    def _write(self) -> None:
        kept = Kept(self._engine, writes=self._writes)
        while not self._stopping:
            first = self._next(kept)
            self._write_all([first, *self._take()] if first is not None else self._take(), kept)
        self.has_ended = True
        self._write_all([*self._take(), *self._steps.take()], kept)
        kept.let_go()

    def _next(self, kept: Kept) -> Waiting | None:
        """Return the next who comes; the connection is given back once the crowd is gone."""
        until = max(self._crowded_until, self._kept_until)
        try:
            return self._queue.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            kept.let_go()
            return self._queue.get()

    def _write_all(self, group: list[Waiting], kept: Kept) -> None:
        """Write a group and those that gather meanwhile, until nobody waits."""
        while group:
            began = time.monotonic()
            self._commit(group, kept)
            if len(group) > 1:
                self._crowded_until = began + _CROWD_LASTS
            if began < self._crowded_until and not self._stopping:
                self._resting.rest(max(_ENOUGH, len(group) * 3 // 4), until=began + _BEAT)
            group = self._take()

    def _take(self) -> list[Waiting]:
        # Nobody else takes, so as many as there are can be had without waiting.
        count = min(self._queue.qsize(), MOST_IN_A_GROUP)
        return [one for _ in range(count) if (one := self._queue.get()) is not None]

    def _commit(self, group: list[Waiting], kept: Kept) -> None:
        began = time.perf_counter()
        try:
            answers = self._store(group, kept.connection())
            self._figures.observe(len(group), self._queue.qsize(), time.perf_counter() - began)
        except Exception as error:  # whatever it was: nothing of this group may be acknowledged
            kept.let_go()
            self._note_trouble()
            self._figures.count_failed()
            told = {"queue": self._name, "exception": type(error).__name__}
            log.error("group not committed", count=len(group), **told)
            if len(group) > 1 and not isinstance(error, OperationalError):
                # One wish that cannot be stored must not take the others down with it.
                for waiting in group:
                    self._commit([waiting], kept)
                return
            answers = [(waiting, Unavailable(retry_after=1)) for waiting in group]
        self._answers.give(answers)

    def _store(self, group: list[Waiting], connection: Connection) -> list[tuple[Waiting, Any]]:
        by_store: dict[Store[Any, Any], list[Waiting]] = {}
        for waiting in group:
            by_store.setdefault(waiting.store, []).append(waiting)
        answers: list[tuple[Waiting, Any]] = []
        with connection.begin():
            for store, members in sorted(by_store.items(), key=lambda kind: kind[0].last):
                before = statements(connection)
                stored = store.apply(connection, [member.wish for member in members])
                answers += zip(members, stored, strict=True)
                self._figures.count(store.name, len(members), statements(connection) - before)
        return answers
