"""The job that makes the papers of a large exam and publishes it, and what clears up after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from exams.services import publication_jobs
from server.jobs.work import Kind, Running
from server.work import Work

#: Transactions of one turn of clearing up.
_PIECES = 100


def run(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make the papers and publish. Doing it again goes on where it stopped."""
    return publication_jobs.run(running, wanted)


def clear(_at: datetime) -> int:
    """Clear away forms that a cancelled or failed job left; return how many."""
    return publication_jobs.clear(pieces=_PIECES)


#: For wsgi.py.
KIND = Kind(name=publication_jobs.KIND, run=run)

WORK = Work(
    name="clear_unpublished_papers",
    every=timedelta(seconds=10),
    run=clear,
    waiting=(publication_jobs.ABANDONED,),
)
