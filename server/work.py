"""Work beside the requests: each piece every so often, one process at a time (后台任务)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from flask import Flask
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from server import clock
from server.db import Base, db, transaction, upsert

log = structlog.get_logger("work")


@dataclass(frozen=True, kw_only=True)
class Work:
    """One piece of work that comes back: its name, how often, and what is done."""

    name: str
    every: timedelta
    #: Does a bounded amount and returns how many things it did. Opens its own transactions.
    run: Callable[[datetime], int]
    #: Says by a read whether there is anything to do, so that what comes back every second costs
    #: an idle server no write; None for always.
    needed: Callable[[datetime], bool] | None = None
    #: What every process does at every turn, whether or not the work is due or is its own.
    look: Callable[[], object] | None = None


class WorkLease(Base):
    """Which process does a piece of work now, and when it is due again."""

    __tablename__ = "work_lease"

    #: The name of the piece of work.
    name: Mapped[str] = mapped_column(primary_key=True)
    #: The process that holds it.
    holder: Mapped[str]
    #: Until when nobody else takes it: the next due moment, or the end of a lost process's lease.
    until_at: Mapped[datetime]
    #: When it was last done.
    done_at: Mapped[datetime | None]


#: Seconds after which a process asks again whether there is anything to do, at most: where work
#: comes back less often than every second, so does the question.
PAUSE = 5.0

#: How long a process that died in the midst of its work keeps others from it.
LEASE = timedelta(seconds=10)


def _is_free(work: Work, at: datetime) -> ColumnElement[bool]:
    """Say whether a lease holds nobody back: it is over, or far longer than any lease is.

    Such a one was written while the wall clock was wrong; heeding it would stop the work for as
    long as the clock was put back.
    """
    beyond_belief = at + 2 * max(LEASE, work.every)
    return or_(WorkLease.until_at <= at, WorkLease.until_at > beyond_belief)


def take(work: Work, holder: str, *, at: datetime) -> bool:
    """Take a piece of work that is due, for one process only; say whether it was taken."""
    with transaction():
        db.session.execute(
            upsert(WorkLease)
            .values(name=work.name, holder="", until_at=at)
            .on_conflict_do_nothing(index_elements=["name"])
        )
        taken = db.session.execute(
            update(WorkLease)
            .where(WorkLease.name == work.name, _is_free(work, at))
            .values(holder=holder, until_at=at + max(LEASE, work.every))
            .returning(WorkLease.name)
        ).first()
    return taken is not None


def give_back(work: Work, holder: str, *, at: datetime) -> None:
    """Say that the work is done, and when it is due again."""
    with transaction():
        db.session.execute(
            update(WorkLease)
            .where(WorkLease.name == work.name, WorkLease.holder == holder)
            .values(until_at=at + work.every, done_at=at)
        )


def due(work: Work, *, at: datetime) -> bool:
    """Say whether the work is due, without taking it: a read that locks nothing."""
    return work in all_due([work], at=at)


def all_due(works: Sequence[Work], *, at: datetime) -> list[Work]:
    """Return which of the works are due, by one read however many there are.

    It is asked every second in every process: a read for each cost an idle server more than all
    else that it does.
    """
    leases = db.session.execute(select(WorkLease.name, WorkLease.until_at)).all()
    held = {name: until for name, until in leases}
    return [work for work in works if not _holds(held.get(work.name), work, at)]


def _holds(until: datetime | None, work: Work, at: datetime) -> bool:
    """Say of a lease that was read what `_is_free` says of one in the database."""
    return until is not None and at < until <= at + 2 * max(LEASE, work.every)


def run_once(work: Work, holder: str) -> int | None:
    """Do the work if it is due and nobody else does it; return how many things, or None."""
    if not due(work, at=clock.now()) or not _is_needed(work):
        return None
    return _run_due(work, holder)


def _is_needed(work: Work) -> bool:
    return work.needed is None or work.needed(clock.now())


def _run_due(work: Work, holder: str) -> int | None:
    if not take(work, holder, at=clock.now()):
        return None
    done = work.run(clock.now())
    give_back(work, holder, at=clock.now())
    return done


class Worker:
    """A thread that does the platform's work until it is told to stop."""

    def __init__(self, app: Flask, works: list[Work]) -> None:
        self._app = app
        self._works = works
        self._holder = uuid4().hex
        self._stop = threading.Event()
        #: Until when nobody needs to be asked whether a piece has anything to do.
        self._idle_until: dict[str, float] = {}
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
            self._turn()
            self._stop.wait(1.0)

    def _turn(self) -> None:
        wanted = self._wanted()
        for work in self._works:
            if work.look is not None or work in wanted:
                self._do(work, work in wanted)

    def _wanted(self) -> list[Work]:
        """Return what is due and has something to do.

        All of it is asked over one connection: to take one costs more than any of the questions.
        """
        try:
            with self._app.app_context():
                due = all_due(self._works, at=clock.now())
                return [work for work in due if self._has_something(work)]
        except Exception as error:  # the next turn asks again
            log.error("work not known", exception=type(error).__name__)
            return []

    def _has_something(self, work: Work) -> bool:
        if time.monotonic() < self._idle_until.get(work.name, float("-inf")):
            return False
        try:
            found = _is_needed(work)
        except Exception as error:  # one piece never stops the others
            db.session.rollback()
            log.error("work failed", work=work.name, exception=type(error).__name__)
            return False
        if not found:
            self._rest(work)
        return found

    def _rest(self, work: Work) -> None:
        """Ask no more for a while: there is nothing to do, or another process does it."""
        pause = min(PAUSE, work.every.total_seconds() / 2)
        self._idle_until[work.name] = time.monotonic() + pause

    def _do(self, work: Work, is_due: bool) -> None:
        try:
            with self._app.app_context():
                if work.look is not None:
                    work.look()
                done = _run_due(work, self._holder) if is_due else 0
        except Exception as error:  # the next turn tries again; one piece never stops the others
            log.error("work failed", work=work.name, exception=type(error).__name__)
            return
        if done is None:
            self._rest(work)
        elif done:
            log.info("work done", work=work.name, count=done)
