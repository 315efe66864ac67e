"""More time for an attempt, even after its end (延时与恢复作答)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, update
from sqlalchemy.orm.attributes import set_committed_value

from exams import lifecycle
from exams.lifecycle import Move, State
from exams.models import Attempt, AttemptMove, ResponseEntry
from server.audit import services as audit
from server.db import db
from server.policy import Identity

#: Words that came from a phone after the attempt had moved away from it: no time makes them count.
_of_a_phone_that_was_left = exists().where(
    AttemptMove.attempt_id == ResponseEntry.attempt_id,
    AttemptMove.epoch > ResponseEntry.epoch,
    AttemptMove.moved_at < ResponseEntry.received_at,
)


def prolong(attempt: Attempt, by: timedelta, *, granted_by: Identity, at: datetime) -> bool:
    """Put the deadline of a locked attempt off; say whether that could be done.

    What the platform closed, and of which nobody was told an outcome, goes on. What was flagged
    as late and would be in time by the new deadline counts from now on. What the candidate
    handed in, what was announced and what was voided stays as it is.
    """
    if attempt.state is not State.IN_PROGRESS and not _can_go_on(attempt):
        return False
    attempt.deadline_at += by
    if attempt.state is not State.IN_PROGRESS:
        _reopen(attempt, granted_by=granted_by, at=at)
    db.session.flush()
    db.session.execute(
        update(ResponseEntry)
        .where(
            ResponseEntry.attempt_id == attempt.id,
            ResponseEntry.late,
            ResponseEntry.received_at <= attempt.deadline_at + attempt.grace,
            ~_of_a_phone_that_was_left,
        )
        .values(late=False)
        .execution_options(synchronize_session=False)
    )
    return True


def _can_go_on(attempt: Attempt) -> bool:
    outcome = attempt.outcome
    told = outcome is not None and outcome.announced_at is not None
    return attempt.closed and not told and attempt.state is not State.VOIDED


def _reopen(attempt: Attempt, *, granted_by: Identity, at: datetime) -> None:
    outcome = attempt.outcome
    before: dict[str, object] = {"state": attempt.state, "submitted_at": attempt.submitted_at}
    if outcome is not None:
        before |= {"score": outcome.score, "passed": outcome.passed}
        db.session.delete(outcome)
        db.session.flush()
        set_committed_value(attempt, "outcome", None)
    attempt.state = lifecycle.after(attempt.state, Move.REOPEN) or attempt.state
    attempt.submitted_at = None
    attempt.closed = False
    audit.append(
        "attempt_reopened",
        by=granted_by,
        at=at,
        subject_kind="attempt",
        subject_id=attempt.id,
        before=before,
        after={"state": attempt.state, "deadline_at": attempt.deadline_at},
    )
