"""Doing the jobs that wait, one after the other (任务执行)."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask

from server import clock
from server.db import db, transaction
from server.errors import DomainError
from server.jobs import services
from server.jobs.errors import JobDied, JobFailed
from server.jobs.models import Job, JobState
from server.jobs.work import Cancelled, Kind, Lost, Pulse, Running
from server.work import Work

log = structlog.get_logger("jobs")

#: How often a job is taken up; one that has ended its process so often is given up.
MOST_TRIES = 3

#: Seconds between two looks for a job that waits; where a bell says so, in case it does not.
_LOOK, _UNHEARD = 1.0, 30.0

#: By how much a job gives way to whoever answers candidates (nice).
_GIVES_WAY = 10

_KINDS = "job_kinds"


def install(app: Flask, kinds: Sequence[Kind]) -> None:
    """Keep the kinds of long work with the application."""
    app.extensions[_KINDS] = {kind.name: kind for kind in kinds}


def run_next(app: Flask, holder: str) -> bool:
    """Do the job that has waited longest; return whether there was one."""
    with app.app_context():
        waits = services.is_waiting(at=clock.now())
        db.session.rollback()
        if not waits:
            return False
        with transaction():
            job = services.take(holder, at=clock.now())
        if job is None:
            return False
        _do(app, job, holder)
        return True


def _do(app: Flask, job: Job, holder: str) -> None:
    finish = partial(_finish, job.id, holder)
    wanted = job.wanted
    if job.tries > MOST_TRIES:
        finish(JobState.FAILED, failure=_told(JobDied(tries=MOST_TRIES)))
        return
    kind: Kind = app.extensions[_KINDS][job.kind]
    with Pulse(db.engine, job.id, holder) as pulse:
        running = Running(job, pulse)
        try:
            result = kind.run(running, wanted)
        except Lost:
            log.warning("job lost", job=str(job.id), kind=job.kind)
            return
        except Cancelled:
            ending = partial(finish, JobState.CANCELLED)
        except DomainError as refusal:
            ending = partial(finish, JobState.FAILED, failure=_told(refusal))
        except Exception as error:  # one job's mistake must not stop the others
            log.error("job failed", job=str(job.id), kind=job.kind, exception=type(error).__name__)
            ending = partial(finish, JobState.FAILED, failure=_told(JobFailed()))
        else:
            told = partial(kind.when_done, wanted, result) if kind.when_done else None
            ending = partial(finish, JobState.DONE, result=result, running=running, then=told)
        db.session.rollback()
    ending(far=pulse.reached)


def _finish(
    job_id: Any,
    holder: str,
    state: JobState,
    *,
    running: Running | None = None,
    then: Callable[[datetime], None] | None = None,
    **told: Any,
) -> None:
    files, at = running.kept if running else (), clock.now()
    with transaction():
        ended = services.end(job_id, holder, state, at=at, files=files, **told)
        if ended and then is not None:
            then(at)
    log.info("job ended", job=str(job_id), state=state.value, mine=ended)


def _told(refusal: DomainError) -> Mapping[str, Any]:
    message = refusal.message
    return {"code": refusal.code, "zh": message.zh, "en": message.en}


class Bell:
    """Rings where a job waits, so that nobody need ask for it apart.

    The thread that works beside asks every second whether anything waits, for all works in one
    statement; whether a job does is one more figure of it.
    """

    def __init__(self) -> None:
        self._rung = threading.Event()
        #: For that thread; nothing is ever done for it.
        self.work = Work(
            name="jobs_waiting",
            every=timedelta(days=1),
            run=lambda _at: 0,
            figure=services.WAITING,
            hears=self.hear,
        )

    def hear(self, count: int) -> None:
        """Hear how many jobs wait."""
        if count:
            self._rung.set()

    def wait(self, seconds: float = _UNHEARD) -> bool:
        """Wait until it rings, but not for ever; say whether it has rung since the last time."""
        rang = self._rung.wait(seconds)
        self._rung.clear()
        return rang


def work_until(app: Flask, is_over: threading.Event, bell: Bell | None = None) -> None:
    """Do what waits, and wait for more, until it is over; without a bell, look every second."""
    holder = uuid4().hex
    while not is_over.is_set():
        try:
            found = run_next(app, holder)
        except Exception as error:  # the database may be away for a while: the next turn tries
            log.error("jobs cannot be taken up", exception=type(error).__name__)
            found = False
        if not found and bell is not None:
            bell.wait()
        elif not found:
            is_over.wait(_LOOK)


def give_way() -> None:
    """Let this thread, and those it begins, have what the processes that answer leave over."""
    os.nice(_GIVES_WAY)


def work_in_process(app: Flask, bell: Bell | None = None) -> None:
    """Do jobs in this process until it is told to end; the job at hand is taken up again later."""
    is_over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: is_over.set())
    worker = threading.Thread(
        target=work_until, args=(app, is_over, bell), name="jobs", daemon=True
    )
    worker.start()
    is_over.wait()


def work_beside(app: Flask) -> None:
    """Do jobs in a thread of this process, where only one process may write."""
    threading.Thread(
        target=work_until, args=(app, threading.Event()), name="jobs", daemon=True
    ).start()


def _sweep(at: datetime) -> int:
    with transaction():
        return services.sweep(at=at)


SWEEP = Work(name="sweep_jobs", every=timedelta(hours=1), run=_sweep)
