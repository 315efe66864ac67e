"""What the question bank loads at start and does beside the requests (题库命令)."""

from __future__ import annotations

from datetime import datetime, timedelta

from question_bank.searching import DUPLICATES, UNPRINTED
from question_bank.services import (
    exports,
    import_files,
    import_following,
    import_jobs,
    law_reference,
    written,
)
from server import clock
from server.db import transaction
from server.work import Work


def load_reference() -> int:
    """Load the shipped law library in a transaction of its own; return how much it changed."""
    with transaction():
        return law_reference.load(at=clock.now())


UNSETTLED = Work(
    name="settle_questions",
    every=timedelta(minutes=1),
    run=import_jobs.settle_unsettled,
    # The job of an import settles its own, beside the processes that answer candidates.
    needed=lambda _at: bool(written.unsettled(1)) and not import_following.is_being_accepted(),
)


def sweep_import_files(at: datetime) -> int:
    """Let go of the files of imports whose time is over; return how many."""
    with transaction():
        return import_files.sweep(at=at)


SWEEP = Work(name="sweep_import_files", every=timedelta(hours=6), run=sweep_import_files)

#: What comes back by itself, and what is done on demand; for wsgi.py.
WORK = (UNSETTLED, UNPRINTED, SWEEP)
JOBS = (DUPLICATES, *import_jobs.KINDS, *exports.KINDS)
