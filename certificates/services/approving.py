"""Looking at samples of a batch, and deciding about it: by another than who proposed (审定)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from certificates.batch_errors import (
    BatchDecided,
    BatchProposerDecides,
    NotSampled,
    SampleOpen,
    SampleUnsound,
)
from certificates.models import IssueBatch, IssueBatchLine, Verdict
from certificates.services import batches
from server.db import db
from server.errors import NotFound
from server.jobs import services as jobs
from server.policy import Identity, Permission

#: The kind of job that issues what was approved.
JOB = "certificate_batch"


def inspect(
    batch_id: UUID, place: int, *, sound: bool, note: str | None, by: Identity, at: datetime
) -> IssueBatchLine:
    """Say what was found at a line that was drawn.

    Raises:
        NotFound: there is no such batch within the asker's scope, or no such line.
        BatchProposerDecides: the asker proposed it.
        BatchDecided, NotSampled: it is decided; the line was not drawn.
    """
    batch = _undecided(batch_id, by)
    line = db.session.execute(
        select(IssueBatchLine)
        .where(IssueBatchLine.batch_id == batch.id, IssueBatchLine.place == place)
        .options(joinedload(IssueBatchLine.person))
    ).scalar_one_or_none()
    if line is None:
        raise NotFound
    if not line.sampled:
        raise NotSampled
    if (line.sound, line.note) != (sound, note):
        line.sound, line.note = sound, note
        line.inspected_by_id, line.inspected_at = by.account_id, at
        db.session.flush()
    return line


def approve(batch_id: UUID, *, reason: str, by: Identity, at: datetime) -> IssueBatch:
    """Approve a batch: a job issues what nothing stands in the way of.

    Raises:
        NotFound, BatchProposerDecides, BatchDecided: as `inspect`.
        SampleOpen: lines that were drawn were not looked at.
        SampleUnsound: one of them is unsound.
    """
    batch = _undecided(batch_id, by)
    _check_sample(batch)
    batch.job_id = uuid5(batch.id, JOB)
    _decide(batch, Verdict.APPROVED, reason=reason, by=by, at=at)
    jobs.ask(batch.job_id, JOB, {"batch_id": str(batch.id)}, by=by, at=at)
    return batch


def reject(batch_id: UUID, *, reason: str, by: Identity, at: datetime) -> IssueBatch:
    """Reject a batch: nothing is issued, and it can be proposed anew under another id.

    Raises:
        NotFound, BatchProposerDecides, BatchDecided: as `inspect`.
    """
    batch = _undecided(batch_id, by)
    _decide(batch, Verdict.REJECTED, reason=reason, by=by, at=at)
    return batch


def _undecided(batch_id: UUID, by: Identity) -> IssueBatch:
    scope = by.scope(Permission.ISSUE_CERTIFICATES)
    statement = batches.seen(scope, IssueBatch.id == batch_id).with_for_update(of=IssueBatch)
    batch = db.session.execute(statement).scalar_one_or_none()
    if batch is None:
        raise NotFound
    if by.person_id == batch.proposed_by_person_id:
        raise BatchProposerDecides
    if batch.verdict is not None:
        raise BatchDecided
    return batch


def _check_sample(batch: IssueBatch) -> None:
    statement = (
        select(IssueBatchLine.sound, func.count())
        .where(IssueBatchLine.batch_id == batch.id, IssueBatchLine.sampled)
        .group_by(IssueBatchLine.sound)
    )
    found = {sound: count for sound, count in db.session.execute(statement)}
    if found.get(None):
        raise SampleOpen(count=found[None])
    if found.get(False):
        raise SampleUnsound(count=found[False])


def _decide(
    batch: IssueBatch, verdict: Verdict, *, reason: str, by: Identity, at: datetime
) -> None:
    batch.verdict, batch.verdict_reason, batch.decided_at = verdict, reason, at
    batch.decided_by_id, batch.decided_by_person_id = by.account_id, by.person_id
    db.session.flush()
    action = f"certificate_batch_{verdict.value}"
    batches.tell(action, batch, by=by, at=at, count=batch.line_count, reason=reason)
