"""Long work with certificates, done by the queue: issuing, printing, checking (批量任务)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from certificates import watching
from certificates.errors import SumsBehind, TooMuchDiffers
from certificates.models import CoverageCheck, IssueBatch
from certificates.services import approving, bulk, bulk_out, evaluating, exchanging, prints
from certificates.services.counts import (
    checking,
    known,
    mending,
    rebuilding,
    recounting,
    waiting,
)
from certificates.services.counts.rebuilding import Told
from certificates.services.prints import Form
from server.db import db, snapshot, transaction
from server.jobs.work import Kind, Running
from server.lots import lots
from server.scopes import EVERYWHERE

#: So many may differ that a tenth of everybody is never too much.
FEW = 2_000

#: Rows that are written at once beside others.
_LINES = 1_000

#: How often the check waits for a moment at which everybody is booked.
_TRIES = 5

log = structlog.get_logger("coverage")


def issue_batch(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Issue what was approved, some at a time; begun again, it goes on where it was."""
    batch_id = UUID(wanted["batch_id"])
    total = bulk.left(batch_id)
    db.session.rollback()
    done = 0
    running.told(done, total)
    while True:
        with transaction():
            some = bulk.issue_some(batch_id, at=running.at())
        if not some:
            return {"line_count": done}
        # What is committed is done with: thousands of certificates need not stay in memory.
        db.session.expunge_all()
        done += some
        running.told(done, total)


def print_report(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Print an evaluation of a plan: a PDF, and a workbook with charts."""
    from certificates.services import report_files  # the press is loaded only here

    report = evaluating.get(UUID(wanted["report_id"]), scope=EVERYWHERE)
    running.keep("report.pdf", "application/pdf", report_files.pdf(report))
    sheets = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    running.keep("report.xlsx", sheets, report_files.workbook(report))
    return {"fingerprint": report.fingerprint}


def check_coverage(running: Running, _wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Check the sums of coverage against a full count; a difference is told, not mended."""
    found = full_check(running.at)
    if found.differences:
        log.error("the sums of coverage differ", cells=found.differences[:5])
    return {"cell_count": found.cell_count, "differences": found.differences}


def full_check(now: Callable[[], datetime]) -> CoverageCheck:
    """Count everybody, compare, and keep what was found, in three transactions.

    Counting reads one moment of the database and takes no lock: exams and registers go on beside
    it. Whoever waits to be booked is booked first.

    Raises:
        SumsBehind: so many facts come in that there is always somebody who waits.
    """
    began = now()
    _number_everybody()
    for tries_left in reversed(range(_TRIES)):
        watching.work_off(now())
        try:
            with snapshot():
                found = checking.check(at=began)
            break
        except SumsBehind:
            if not tries_left:
                raise
    found.seconds = round((now() - began).total_seconds())
    with transaction():
        checking.keep(found)
    return found


def count_anew(
    now: Callable[[], datetime], told: Told | None = None, *, however_many: bool = False
) -> int:
    """Count everybody anew beside those who write; return how many people and organisations.

    What differs is written in transactions of milliseconds, and nothing is forgotten; see
    `certificates.services.counts.mending`. Killed at any point, it has done no harm.

    Args:
        now: the clock.
        told: hears how many were looked at.
        however_many: whether to go on where most of everybody differs, as after a change of the
            rules: that takes long, and disturbs nobody.

    Raises:
        TooMuchDiffers: so much that counting from nothing, while nobody writes, is the better way.
    """
    _number_everybody()
    with snapshot():
        looked = mending.look(told)
    unlike = len(looked.people) + len(looked.organisations)
    if not however_many and unlike > max(FEW, looked.looked_at // 10):
        raise TooMuchDiffers(count=str(unlike))
    for series in looked.series:
        with _in_turn():
            mending.mend(series, at=now())
    for people in lots(looked.people, _LINES):
        with _in_turn():
            waiting.wait(people, (), at=now())
    for organisations in lots(looked.organisations, _LINES):
        with _in_turn():
            waiting.wait((), organisations, at=now())
    while watching.work_off(now()):
        pass
    with transaction():
        recounting.note(at=now())
    return looked.looked_at


def recount(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Count everybody anew by the rules of this release; begun again, it does the rest."""
    counted = count_anew(running.at, running.told, however_many=True)
    return {"counted": counted, **wanted}


def _number_everybody() -> None:
    """Give numbers to people, organisations and places that have none, some at a time."""
    with transaction():
        known.number_indicators()
    with snapshot():
        things, grounds = rebuilding.without_number()
    for some in lots(things, _LINES):
        with _in_turn():
            known.numbers_of(some)
    for paths in lots(grounds, _LINES):
        with _in_turn():
            known.grounds_of(paths)


@contextmanager
def _in_turn() -> Iterator[None]:
    """Write in a transaction of its own, and then let others write first, who may wait."""
    with transaction():
        yield
    time.sleep(watching.BREATH)


def make_package(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make a package for another system; again it is made of the same."""
    with snapshot():
        content, digest = exchanging.made(UUID(wanted["package_id"]))
    running.keep(exchanging.FILE, "application/zip", content)
    return {"digest": digest}


def tell_of_package(wanted: Mapping[str, Any], result: Mapping[str, Any], at: datetime) -> None:
    """Tell the receiver of a package that it lies there."""
    exchanging.ready(UUID(wanted["package_id"]), result["digest"], at=at)


def print_some(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Print a part of a batch as signed pages, cards or sheets of cards."""
    form = Form(wanted["form"])
    batch = db.session.get_one(IssueBatch, UUID(wanted["batch_id"]))
    found = prints.of_batch(batch, first=wanted["first"], last=wanted["last"], form=form)
    # Held without a transaction: printing takes long, and nothing of it changes any more.
    db.session.expunge_all()
    db.session.rollback()
    running.told(0, len(found))
    for start in range(0, len(found), prints.AT_ONCE):
        some = found[start : start + prints.AT_ONCE]
        name, media_type, content = prints.file_of(some, form, number=start, at=running.asked_at)
        db.session.rollback()
        running.keep(name, media_type, content)
        running.told(start + len(some), len(found))
    return {"certificate_count": len(found)}


def pack_feed(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Pack the whole feed of a system; begun again, it packs what there is then."""
    agreement_id, format = UUID(wanted["agreement_id"]), wanted["format"]
    packed, told = bulk_out.made(
        running.job_id, agreement_id, format, at=running.at(), told=running.told
    )
    db.session.rollback()
    running.keep(bulk_out.FILE, "application/zip", packed)
    return told


#: For wsgi.py.
JOBS = (
    Kind(name=bulk_out.JOB, run=pack_feed),
    Kind(name=approving.JOB, run=issue_batch),
    Kind(name=evaluating.PRINT, run=print_report),
    Kind(name=checking.JOB, run=check_coverage),
    Kind(name=recounting.JOB, run=recount),
    Kind(name=prints.JOB, run=print_some),
    Kind(name=exchanging.JOB, run=make_package, when_done=tell_of_package),
)
