"""What an invigilator may do with an attempt: grant time, make it not count (监考处置)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from exams import lifecycle
from exams.errors import AlreadyVoided, AttemptOver
from exams.events import AttemptVoided
from exams.lifecycle import Move, State
from exams.models import Attempt, Exam
from exams.services import ledger, prolonging, separation
from exams.services.reach import held_within
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.events import publish
from server.policy import Identity, Permission


def extend(
    attempt_id: UUID, *, extra_seconds: int, reason: str, by: Identity, at: datetime
) -> Attempt:
    """Grant time to an attempt, for instance for a machine that failed.

    The extra time is a total, so repeating it changes nothing; it is never taken back. What the
    platform has closed meanwhile goes on, as long as nobody was told of an outcome.

    Raises:
        NotFound: there is none within the asker's scope.
        AlreadyVoided: it was made not to count.
        AttemptOver: it was handed in or announced, or the new total is less than what was granted.
        NotSeparated: the asker is bound to the candidate.
    """
    attempt = _locked(attempt_id, by)
    separation.check_acting(by, {attempt.candidate_id}, at=at)
    if attempt.state is State.VOIDED:
        raise AlreadyVoided
    if attempt.extra_seconds == extra_seconds:
        return attempt
    before = {"extra_seconds": attempt.extra_seconds, "deadline_at": attempt.deadline_at}
    more = timedelta(seconds=extra_seconds - attempt.extra_seconds)
    if more < timedelta() or not prolonging.prolong(attempt, more, granted_by=by, at=at):
        raise AttemptOver
    attempt.extra_seconds = extra_seconds
    db.session.flush()
    after = {"extra_seconds": extra_seconds, "deadline_at": attempt.deadline_at}
    _tell("attempt_extended", attempt, before, after, reason=reason, by=by, at=at)
    return attempt


def void(attempt_id: UUID, *, reason: str, counts: bool, by: Identity, at: datetime) -> Attempt:
    """Make an attempt not count (作废). Repeating it changes nothing.

    Args:
        attempt_id: the attempt.
        reason: why, in words.
        counts: whether it still uses up one of the candidate's attempts: after misconduct it
            does; after a failure of the room it does not, and the place is given back.
        by: the invigilator.
        at: the moment.

    Raises:
        NotFound: there is none within the asker's scope.
        NotSeparated: the asker is bound to the candidate.
    """
    attempt = _locked(attempt_id, by)
    separation.check_acting(by, {attempt.candidate_id}, at=at)
    make_void(attempt, reason=reason, counts=counts, by=by, at=at)
    return attempt


def make_void(attempt: Attempt, *, reason: str, counts: bool, by: Identity, at: datetime) -> None:
    """Make an attempt that is locked and within reach not count, unless it was voided before."""
    voided = lifecycle.after(attempt.state, Move.VOID)
    if voided is None:
        return
    before = {"state": attempt.state}
    attempt.state = voided
    attempt.voided_at = at
    attempt.void_reason = reason
    attempt.counts = counts
    if not counts:
        attempt.enrolment.withdrawn_at = at
    db.session.flush()
    after = {"state": voided, "counts": counts}
    _tell("attempt_voided", attempt, before, after, reason=reason, by=by, at=at)
    ledger.tell_void(attempt, reason=reason, at=at)
    outcome = attempt.outcome
    publish(
        AttemptVoided(
            attempt_id=attempt.id,
            exam_id=attempt.exam_id,
            qualification_id=attempt.exam.qualification_id,
            candidate_id=attempt.candidate_id,
            announced=outcome is not None and outcome.announced_at is not None,
            reason=reason,
            at=at,
        )
    )


def _locked(attempt_id: UUID, by: Identity) -> Attempt:
    statement = (
        select(Attempt)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(
            Attempt.id == attempt_id,
            held_within(Exam.organisation_id, by.scope(Permission.INVIGILATE)),
        )
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _tell(
    action: str,
    attempt: Attempt,
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    reason: str,
    by: Identity,
    at: datetime,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="attempt",
        subject_id=attempt.id,
        before=before,
        after=after,
        reason=reason,
    )
