"""Asking for long work, watching it, stopping it, and handing it out (任务服务)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from server.db import db
from server.errors import IdTaken, NotFound
from server.events import publish
from server.jobs import files as files_of
from server.jobs.errors import JobOver, TooManyJobs
from server.jobs.events import JobGivenUp
from server.jobs.files import KeptFile
from server.jobs.models import GIVEN_UP, UNFINISHED, Job, JobFile, JobState
from server.moments import MOMENT
from server.paging import Page, narrowed, page
from server.policy import Identity

#: Jobs of one account that may wait or run at a time.
MOST_UNFINISHED = 20

#: How long a process that died in the midst of a job keeps others from it.
LEASE = timedelta(seconds=30)

#: How long the files of a job can be downloaded, and how long it stays in the list.
FILES_STAY, JOBS_STAY = timedelta(days=7), timedelta(days=90)


def ask(
    job_id: UUID,
    kind: str,
    wanted: Mapping[str, Any],
    *,
    by: Identity,
    at: datetime,
    files: Mapping[str, bytes] | None = None,
) -> Job:
    """Ask for a job, under an id the client made; asking again for the same changes nothing.

    Args:
        job_id: the id.
        kind: the name of a `Kind` that a part brings.
        wanted: what it is done with, as JSON.
        by: who asks, and alone may look.
        at: when.
        files: what it reads, by name.

    Raises:
        IdTaken: another job stands under the id.
        TooManyJobs: this account has more unfinished ones than it may.
    """
    found = db.session.get(Job, job_id)
    if found is not None:
        if (found.asked_by, found.kind, found.wanted) != (by.account_id, kind, dict(wanted)):
            raise IdTaken
        return found
    if _unfinished_of(by.account_id) >= MOST_UNFINISHED:
        raise TooManyJobs(most=MOST_UNFINISHED)
    job = Job(
        id=job_id,
        kind=kind,
        wanted=dict(wanted),
        asked_by=by.account_id,
        asked_at=at,
        state=JobState.QUEUED,
    )
    for name, content in (files or {}).items():
        kept = KeptFile(name=name, media_type="application/octet-stream", content=content)
        job.files.append(files_of.closed(job_id, kept, is_given=True))
    db.session.add(job)
    db.session.flush()
    return job


def _unfinished_of(account_id: UUID) -> int:
    mine = select(func.count()).where(Job.asked_by == account_id, Job.state.in_(UNFINISHED))
    return db.session.scalars(mine).one()


def get(job_id: UUID, *, by: Identity) -> Job:
    """Return one's own job.

    Raises:
        NotFound: there is none, or it is another's.
    """
    job = db.session.get(Job, job_id)
    if job is None or job.asked_by != by.account_id:
        raise NotFound
    return job


def listed(
    *,
    by: Identity,
    kind: str | None = None,
    state: JobState | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return one's own jobs, the newest first."""
    mine = narrowed(select(Job), {Job.asked_by: by.account_id, Job.kind: kind, Job.state: state})
    return page(mine, [Job.asked_at, Job.id], cursor=cursor, limit=limit, descending=True)


def cancel(job_id: UUID, *, by: Identity, at: datetime) -> Job:
    """Stop a job: at once where it waits, at its next step where it runs.

    Raises:
        NotFound: there is none, or it is another's.
        JobOver: it has ended otherwise.
    """
    return stop(get(job_id, by=by), at=at)


def unfinished() -> list[Job]:
    """Return whatever waits or runs, whoever asked for it; the oldest first. For operators."""
    statement = select(Job).where(Job.state.in_(UNFINISHED)).order_by(Job.asked_at, Job.id)
    return list(db.session.execute(statement).scalars())


def stop(job: Job, *, at: datetime) -> Job:
    """Stop a job, as `cancel`, whoever asked for it.

    Raises:
        JobOver: it has ended otherwise.
    """
    db.session.refresh(job, with_for_update=True)
    if job.state is JobState.CANCELLED:
        return job
    if job.state not in UNFINISHED:
        raise JobOver
    job.stop_asked_at = job.stop_asked_at or at
    if job.state is JobState.QUEUED:
        job.state, job.ended_at = JobState.CANCELLED, at
    db.session.flush()
    _tell_if_given_up(job, at)
    return job


def _tell_if_given_up(job: Job, at: datetime) -> None:
    if job.state in GIVEN_UP:
        publish(JobGivenUp(job_id=job.id, kind=job.kind, wanted=job.wanted, at=at))


def _is_free(at: datetime) -> ColumnElement[bool]:
    """Say whether a job waits, or the process that did it is lost.

    A lease far longer than any is was written while the wall clock was wrong.
    """
    over = or_(Job.held_until <= at, Job.held_until > at + 2 * LEASE)
    return or_(Job.state == JobState.QUEUED, and_(Job.state == JobState.RUNNING, over))


#: Selects 1 where a job waits, or is held no longer, at the moment of asking; 0 else.
WAITING = select(func.count()).select_from(
    select(Job.id)
    .where(
        or_(
            Job.state == JobState.QUEUED,
            and_(Job.state == JobState.RUNNING, Job.held_until <= MOMENT),
        )
    )
    .limit(1)
    .subquery()
)


def is_waiting(*, at: datetime) -> bool:
    """Say whether a job waits to be taken up: a read that locks nothing."""
    return db.session.scalars(select(Job.id).where(_is_free(at)).limit(1)).first() is not None


def take(holder: str, *, at: datetime) -> Job | None:
    """Take up the job that has waited longest, for one process only."""
    chosen = (
        select(Job.id)
        .where(_is_free(at))
        .order_by(Job.asked_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job_id = db.session.execute(
        update(Job)
        .where(Job.id == chosen.scalar_subquery())
        .values(
            state=JobState.RUNNING,
            holder=holder,
            held_until=at + LEASE,
            tries=Job.tries + 1,
            started_at=func.coalesce(Job.started_at, at),
        )
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    return None if job_id is None else db.session.get(Job, job_id, populate_existing=True)


def end(
    job_id: UUID,
    holder: str,
    state: JobState,
    *,
    at: datetime,
    far: tuple[int, int] | None = None,
    result: Mapping[str, Any] | None = None,
    failure: Mapping[str, Any] | None = None,
    files: Sequence[KeptFile] = (),
) -> bool:
    """Say how a job ended; returns False where another process has taken it up since."""
    job = db.session.get(Job, job_id, populate_existing=True, with_for_update=True)
    if job is None or job.holder != holder or job.state is not JobState.RUNNING:
        return False
    job.state, job.ended_at, job.holder, job.held_until = state, at, None, None
    job.result = None if result is None else dict(result)
    job.failure = None if failure is None else dict(failure)
    if far is not None:
        job.done, job.total = far
    job.files += [files_of.closed(job_id, kept, is_given=False) for kept in files]
    db.session.flush()
    _tell_if_given_up(job, at)
    return True


def sweep(*, at: datetime) -> int:
    """Let go of files and jobs whose time is over; return how many."""
    ended = select(Job.id).where(Job.ended_at < at - FILES_STAY)
    files = db.session.execute(delete(JobFile).where(JobFile.job_id.in_(ended)))
    jobs = db.session.execute(delete(Job).where(Job.ended_at < at - JOBS_STAY))
    return int(files.rowcount + jobs.rowcount)  # type: ignore[attr-defined]  # of a DELETE
