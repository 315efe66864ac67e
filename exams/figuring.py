"""Statistics beside the exams: a job that comes by itself, or from the console (统计任务).

The work beside the requests only looks whether an outcome is new, and then asks for a job; the job
is done in a process of its own. numpy is loaded where the work is done, not when a server starts.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import click
from flask.cli import with_appcontext

from exams.services import figured
from server import clock
from server.db import transaction
from server.jobs import services as jobs
from server.jobs.work import Kind, Running
from server.policy import Identity
from server.work import Work

#: Who asks for the job: the platform itself.
PLATFORM: Final = Identity(account_id=UUID(int=0), person_id=UUID(int=0), address="platform")

#: The name of the job.
STATISTICS: Final = "statistics"


def run(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bring the figures of every qualification with new outcomes up to date."""
    del wanted
    return calculate(running.told, at=running.at())


def calculate(
    told: Callable[[int, int], None], *, at: datetime, everything: bool = False
) -> Mapping[str, Any]:
    """Gather the sheets that are missing, and calculate anew what they change.

    Args:
        told: hears how far it is.
        at: the moment.
        everything: calculate every qualification anew, also those without news.
    """
    from exams.services import calculating, sheets

    touched: set[UUID] = set()
    gathered = 0
    while True:
        with transaction():
            found = sheets.gather(at=at)
        if not found:
            break
        touched |= found
        gathered += 1
        told(gathered, 0)
    touched |= figured.stale() if not everything else figured.with_sheets()
    totals = {"response_count": 0, "question_count": 0, "paper_count": 0, "flag_count": 0}
    for number, qualification_id in enumerate(sorted(touched), start=1):
        done = calculating.calculate(qualification_id, piece=transaction, at=at)
        totals = {name: count + getattr(done, name) for name, count in totals.items()}
        told(number, len(touched))
    return {"qualification_count": len(touched), **totals}


def compare(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Report responses alike, in step or too fast in one exam. Doing it again changes nothing."""
    from exams.services import evidence

    # It only reads, for seconds: as a writer it would keep every candidate waiting for so long.
    return evidence.report(UUID(wanted["exam_id"]), running.told)


def ask(at: datetime) -> int:
    """Ask for the job, where none waits or runs yet; return how many were asked for."""
    with transaction():
        if figured.is_asked(STATISTICS, by=PLATFORM):
            return 0
        jobs.ask(uuid4(), STATISTICS, {}, by=PLATFORM, at=at)
    return 1


#: For wsgi.py.
KIND = Kind(name=STATISTICS, run=run)
EVIDENCE = Kind(name=figured.EVIDENCE, run=compare)

#: A key that is wrong is seen well within the hour after an exam closes.
WORK = Work(
    name="ask_for_statistics",
    every=timedelta(minutes=5),
    run=ask,
    needed=lambda _at: figured.awaited(),
)


@click.command("statistics")
@with_appcontext
@click.option("--everything", is_flag=True, help="Also where no outcome is new.")
def statistics(everything: bool) -> None:
    """Calculate the figures of questions and papers now, and say what it took, as JSON."""
    began, cpu = time.perf_counter(), time.process_time()
    done = calculate(lambda _done, _total: None, at=clock.now(), everything=everything)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = {
        "seconds": round(time.perf_counter() - began, 3),
        "cpu_seconds": round(time.process_time() - cpu, 3),
        "rss_mb": round(peak, 1),
    }
    click.echo(json.dumps({**done, **took}))
