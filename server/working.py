"""The thread that does the platform's work, and asks cheaply whether there is any (后台线程)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from uuid import uuid4

import structlog
from flask import Flask
from sqlalchemy import Engine, Executable, select

from server import clock
from server.db import db
from server.moments import asked_at
from server.work import LEASE, Work, held_until, run_due, some_waiting

log = structlog.get_logger("work")

#: Seconds between two turns.
TURN = 1.0

#: Seconds after which a process asks again whether there is anything to do, at most: where work
#: comes back less often than every second, so does the question.
PAUSE = 5.0

#: Seconds by which two clocks drift apart between two turns at most, unless somebody sets one.
_DRIFT = 1.0


class Question:
    """Whether anything waits for some works, and the figures that are told: one statement.

    It is asked every second in every process, so it is composed once for each set of works, and
    asked without a transaction around it, whose beginning and end are messages, too.
    """

    def __init__(self, engine: Engine, works: Sequence[Work]) -> None:
        alone = {} if engine.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
        self._engine = engine.execution_options(**alone)
        self._figures = [work.figure for work in works if work.figure is not None]
        self._hearers = [work.hears for work in works if work.figure is not None]
        self._composed: dict[tuple[str, ...], Executable] = {}

    def ask(self, works: Sequence[Work], *, at: datetime) -> set[str]:
        """Return the names of those works for which something waits; figures are told.

        Args:
            works: those that are asked about, all of which say what waits for them.
            at: the moment.
        """
        if not works and not self._figures:
            return set()
        names = tuple(work.name for work in works)
        if names not in self._composed:
            conditions = [some_waiting(work) for work in works]
            figures = [figure.scalar_subquery() for figure in self._figures]
            self._composed[names] = select(*conditions, *figures)
        with self._engine.connect() as connection:
            found = connection.execute(self._composed[names], asked_at(at)).one()
        for hears, figure in zip(self._hearers, found[len(names) :], strict=True):
            if hears is not None:
                hears(figure)
        return {name for name, waits in zip(names, found, strict=False) if waits}


class Worker:
    """A thread that does the platform's work until it is told to stop.

    A turn at which there is nothing to do is one statement (see `Question`). Until when a work is
    done or held by another process is remembered, and leases are read only where that is over.

    Args:
        app: the application.
        works: all of them: each is looked at, and its figure told.
        mine: which of them it does; all where it is left out.
    """

    def __init__(
        self, app: Flask, works: Sequence[Work], *, mine: Callable[[Work], bool] = lambda _: True
    ) -> None:
        self._app = app
        self._works = works
        self._mine = [work for work in works if mine(work)]
        self._question: Question | None = None
        self._holder = uuid4().hex
        self._stop = threading.Event()
        #: Until when nobody needs to be asked about a piece, by the clock that nobody sets.
        self._idle_until: dict[str, float] = {}
        #: By how much the wall clock was ahead of that one.
        self._ahead = 0.0
        self._thread = threading.Thread(target=self._run, name="work", daemon=True)

    def start(self) -> None:
        """Begin working beside the requests."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the piece at hand, then end."""
        self._stop.set()
        self._thread.join(timeout=LEASE.total_seconds())

    def _run(self) -> None:
        while not self._stop.is_set():
            for work in self.turn():
                self._do(work)
            self._stop.wait(TURN)

    def turn(self) -> list[Work]:
        """Look at what every process looks at; return what is due and has something to do.

        Whatever is due is found a turn later at most than it became so.
        """
        try:
            with self._app.app_context():
                at = clock.now()
                self._mind_the_clock(at)
                self._look()
                return list(self._due(self._with_something(at), at))
        except Exception as error:  # the next turn asks again
            log.error("work not known", exception=type(error).__name__)
            return []

    def _mind_the_clock(self, at: datetime) -> None:
        """Ask about everything anew once somebody has set the wall clock."""
        ahead = at.timestamp() - time.monotonic()
        if abs(ahead - self._ahead) > _DRIFT:
            self._idle_until.clear()
        self._ahead = ahead

    def _look(self) -> None:
        for work in self._works:
            try:
                if work.look is not None:
                    work.look()
            except Exception as error:  # one piece never stops the others
                self._note_failure(work, error)

    def _with_something(self, at: datetime) -> list[Work]:
        """Return the works that something waits for, as far as it is time to ask about them."""
        self._question = self._question or Question(db.engine, self._works)
        now = time.monotonic()
        awake = [work for work in self._mine if self._idle_until.get(work.name, now) <= now]
        waited_for = self._question.ask([work for work in awake if work.waiting], at=at)
        return [work for work in awake if self._has_something(work, waited_for, at)]

    def _has_something(self, work: Work, waited_for: set[str], at: datetime) -> bool:
        try:
            found = not work.waiting or work.name in waited_for
            found = found and (work.needed is None or work.needed(at))
        except Exception as error:  # one piece never stops the others
            self._note_failure(work, error)
            return False
        if not found:
            self._rest(work)
        return found

    def _due(self, works: Sequence[Work], at: datetime) -> Iterator[Work]:
        """Yield those whose lease is over; the others are asked about again when theirs may be."""
        held = held_until(works, at=at) if works else {}
        for work in works:
            until = held.get(work.name)
            if until is None:
                yield work
            else:
                # Whoever holds it may give it back before, and then for no less than `every`.
                wait = min(until - at, work.every).total_seconds()
                self._idle_until[work.name] = time.monotonic() + wait

    def _rest(self, work: Work) -> None:
        """Ask no more for a while: there is nothing to do, or another process does it."""
        pause = min(PAUSE, work.every.total_seconds() / 2)
        self._idle_until[work.name] = time.monotonic() + pause

    def _do(self, work: Work) -> None:
        try:
            with self._app.app_context():
                done = run_due(work, self._holder)
        except Exception as error:  # the next turn tries again
            log.error("work failed", work=work.name, exception=type(error).__name__)
            return
        if done is None:
            self._rest(work)
        elif done:
            log.info("work done", work=work.name, count=done)

    @staticmethod
    def _note_failure(work: Work, error: Exception) -> None:
        db.session.rollback()
        log.error("work failed", work=work.name, exception=type(error).__name__)
