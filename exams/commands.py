"""Work beside the requests, and the same from the console (考试后台任务)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import click
import structlog
from flask.cli import AppGroup

from exams import (
    archiving,
    correcting_jobs,
    drilling,
    enrolling_jobs,
    figuring,
    printing_jobs,
    publishing_jobs,
    trying,
)
from exams.archive_commands import archive
from exams.services import (
    attempts,
    clocks,
    deciding,
    outcomes,
    packages,
    practical_verdicts,
    score_sheets,
    standards,
)
from exams.steadiness import Reading, Watch
from server import clock
from server.db import transaction
from server.work import Work

log = structlog.get_logger("exams")

#: Attempts closed in one transaction: short, so that nobody waits for it.
_AT_ONCE = 50


def close_overdue(at: datetime) -> int:
    """Close and grade attempts that nobody handed in; return how many.

    Each transaction takes a few, until none is left.
    """
    return _until_done(lambda: attempts.close_overdue(at=at, limit=_AT_ONCE))


def announce_released(at: datetime) -> int:
    """Tell the other parts about outcomes whose release has come; return how many."""
    told = _until_done(lambda: outcomes.announce_released(at=at, limit=_AT_ONCE))
    return told + _until_done(lambda: practical_verdicts.announce_released(at=at, limit=_AT_ONCE))


def when_steady(run: Callable[[datetime], int], watch: Watch) -> Callable[[datetime], int]:
    """Return the work as it is done beside the requests: not at all while the clock is in doubt.

    Args:
        run: the work, at a moment.
        watch: remembers, in this process, which time was believed last.
    """

    def guarded(at: datetime) -> int:
        off_by = look(watch)
        if off_by:
            log.error(
                "the wall clock jumped: nothing is closed or released", seconds=round(off_by, 1)
            )
            return 0
        return run(at)

    return guarded


def look(watch: Watch) -> float:
    """Look at both clocks; return the seconds by which the wall clock has jumped, 0 for none.

    Every process looks at every turn, and what one believes is kept, so that also a process that
    starts after a jump knows which time it was before.
    """
    reading = Reading(wall=clock.now(), monotonic=clock.monotonic())
    if watch.believed is None:
        with transaction():
            watch.begin(clocks.first_believed(clock.boot(), reading))
    before = watch.believed
    off_by = watch.off_by(reading)
    if watch.believed is not None and watch.believed is not before:
        with transaction():
            clocks.believe(clock.boot(), watch.believed)
    return off_by


def _until_done(some: Callable[[], int]) -> int:
    """Do some at a time, each time in a transaction of its own, until none is left."""
    total = 0
    while True:
        with transaction():
            done = some()
        total += done
        if done < _AT_ONCE:
            return total


def load_reference() -> int:
    """Load the shipped qualifications and standards that are missing; return how many.

    Papers that were published before there were sealed packages get theirs.
    """
    with transaction():
        at = clock.now()
        loaded = standards.load_reference() + score_sheets.load_reference(at=at)
        return loaded + packages.seal_missing(at=at)


def admit_silent(at: datetime) -> int:
    """Admit those about whom nobody decided in time; return how many."""
    return _until_done(lambda: deciding.admit_silent(at=at, limit=_AT_ONCE))


#: What this process knows of its clocks.
_WATCH = Watch()

#: What comes back by itself, for wsgi.py.
WORK = (
    Work(
        name="close_overdue_attempts",
        every=timedelta(seconds=10),
        urgent=True,
        run=when_steady(close_overdue, _WATCH),
        look=partial(look, _WATCH),
    ),
    Work(
        name="announce_released_outcomes",
        # A certificate follows handing in within a second or two.
        every=timedelta(seconds=1),
        urgent=True,
        run=when_steady(announce_released, _WATCH),
        waiting=(outcomes.RELEASED, practical_verdicts.RELEASED),
    ),
    Work(
        name="admit_silent_candidatures",
        every=timedelta(hours=1),
        run=when_steady(admit_silent, _WATCH),
    ),
    figuring.WORK,
    correcting_jobs.WORK,
    publishing_jobs.WORK,
    archiving.WORK,
)

#: What is done in a process of its own, for wsgi.py.
JOBS = (
    figuring.KIND,
    figuring.EVIDENCE,
    *correcting_jobs.JOBS,
    printing_jobs.KIND,
    enrolling_jobs.KIND,
    publishing_jobs.KIND,
    archiving.KIND,
)


exams = AppGroup("exams", help="Attempts and their outcomes.")


@exams.command("close-overdue")
def close_overdue_command() -> None:
    """Close and grade attempts that nobody handed in, and release outcomes that are due.

    Nothing is done while the wall clock has jumped, as far as the server's processes know.
    """
    at, watch = clock.now(), Watch()
    closed, released = (when_steady(work, watch)(at) for work in (close_overdue, announce_released))
    click.echo(f"{closed} attempts closed, {released} outcomes released.")


exams.add_command(drilling.drill)
exams.add_command(figuring.statistics)
exams.add_command(trying.try_papers)

#: For wsgi.py.
COMMANDS = (exams, archive)
