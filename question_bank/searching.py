"""Finding duplicates through all banks: a job, and the prints that are still missing (全库查重)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from question_bank.services import likenesses, prints
from server import clock
from server.db import transaction
from server.jobs.work import Kind, Running
from server.work import Work

#: Prints made, and pairs written, in one transaction: a tenth of a second, nobody waits longer.
_AT_ONCE = 500


def find_duplicates(running: Running, wanted: Mapping[str, Any]) -> dict[str, int]:
    """Compare every question of every bank with every other. Doing it again does no harm."""
    del wanted
    began_at = clock.now()
    printed = _print_all(running)
    found = likenesses.found_everywhere()
    for start in range(0, len(found), _AT_ONCE):
        running.told(start, len(found))
        with transaction():
            likenesses.keep(found[start : start + _AT_ONCE], at=clock.now())
    with transaction():
        gone = likenesses.let_go(found, found_before=began_at)
    return {"printed_count": printed, "pair_count": len(found), "gone_count": gone}


def _print_all(running: Running) -> int:
    waiting = prints.missing(drafts=True)
    for start in range(0, len(waiting), _AT_ONCE):
        running.told(start, len(waiting))
        with transaction():
            prints.make(waiting[start : start + _AT_ONCE])
    return len(waiting)


def look_at_unprinted(at: datetime) -> int:
    """Compare questions in use that were never compared in the present way; return how many."""
    done = 0
    while some := prints.missing(drafts=False, limit=_AT_ONCE):
        with transaction():
            likenesses.look(some, at=at, final=False)
        done += len(some)
    return done


#: For wsgi.py.
DUPLICATES = Kind(name="question_duplicates", run=find_duplicates)

#: After the way of comparing has changed, and for questions that came in without a review.
UNPRINTED = Work(
    name="print_questions",
    every=timedelta(minutes=1),
    run=look_at_unprinted,
    needed=lambda _at: bool(prints.missing(drafts=False, limit=1)),
)
