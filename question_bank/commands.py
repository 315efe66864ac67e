"""What the question bank loads at start and does beside the requests (题库命令)."""

from __future__ import annotations

from datetime import datetime, timedelta

from question_bank.searching import DUPLICATES, UNPRINTED
from question_bank.services import exports, import_jobs, law_reference, written
from server import clock
from server.db import transaction
from server.work import Work


def load_reference() -> int:
    """Load the shipped law library in a transaction of its own; return how much it changed."""
    with transaction():
        return law_reference.load(at=clock.now())


def settle_unsettled(at: datetime) -> int:
    """Let searching know the questions that were written before it could; return how many."""
    del at
    done = 0
    while some := written.unsettled(_AT_ONCE):
        with transaction():
            written.settle(some)
        done += len(some)
    return done


#: Questions settled in one transaction: a tenth of a second, nobody waits longer.
_AT_ONCE = 300

UNSETTLED = Work(
    name="settle_questions",
    every=timedelta(minutes=1),
    run=settle_unsettled,
    needed=lambda _at: bool(written.unsettled(1)),
)

#: What comes back by itself, and what is done on demand; for wsgi.py.
WORK = (UNSETTLED, UNPRINTED)
JOBS = (DUPLICATES, *import_jobs.KINDS, *exports.KINDS)
