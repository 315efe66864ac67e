"""Working a regrade out and carrying it out, a few attempts at a time (重新评分的执行).

What an attempt is worth is worked out from its responses and the keys that count: the same however
often. So carrying out twice is carrying out once, and a job that was killed is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select

from exams.lifecycle import ExamState, State
from exams.models import Attempt, Exam, KeyCorrection, Outcome, Paper, PaperItem, Regrade
from exams.models.corrections import RegradeEffect
from exams.regrading import Cause, RegradeState, Remedy
from exams.services import correcting, marks, regrades
from exams.services.rejudging import Judged, judge
from question_bank.services import standing
from server.db import db

#: Attempts of one transaction.
AT_ONCE = 50

#: How many corrections there are: whoever keeps keys in memory looks whether it grew.
CORRECTIONS_MADE = select(func.count()).select_from(KeyCorrection)

#: How long after an exam has closed an attempt of it may still be graded.
_STRAGGLERS = timedelta(days=1)

Piece = Callable[[], AbstractContextManager[None]]
Told = Callable[[int, int], None]


def preview(regrade_id: UUID, *, piece: Piece, told: Told, at: datetime) -> Mapping[str, Any]:
    """Work out what a regrade would change, and keep it beside the regrade; change nothing else."""
    with piece():
        ids = _attempts(regrade_id)
        db.session.execute(delete(RegradeEffect).where(RegradeEffect.regrade_id == regrade_id))
    sums = {"attempts": len(ids), "changed": 0, "to_pass": 0, "to_fail": 0, "left": 0}
    for done, some in _chunks(ids):
        with piece():
            judged = judge(regrade_id, some)
            sums["left"] += sum(one.is_left for one in judged)
            _keep(regrade_id, [one for one in judged if one.changes], sums)
        told(done, len(ids))
    with piece():
        regrade = db.session.get_one(Regrade, regrade_id, with_for_update=True)
        regrade.preview, regrade.previewed_at = sums, at
        if regrade.state is RegradeState.PROPOSED:
            regrade.state = RegradeState.PREVIEWED
        db.session.flush()
    return sums


def apply(regrade_id: UUID, *, piece: Piece, told: Told, at: datetime) -> Mapping[str, Any]:
    """Carry an approved regrade out: outcomes become what the preview said, originals stay."""
    with piece():
        ids = _begun(regrade_id, at=at)
    changed = 0
    for done, some in _chunks(ids):
        with piece():
            changed += _put_right(regrade_id, some, at=at)
        told(done, len(ids))
    with piece():
        regrade = db.session.get_one(Regrade, regrade_id, with_for_update=True)
        if regrade.applied_at is None:
            regrade.state, regrade.applied_at = RegradeState.APPLIED, at
            regrades.tell("regrade_applied", regrade, {"changed": changed}, by=None, at=at)
        db.session.flush()
    return {"attempts": len(ids), "changed": changed}


def follow_up(*, piece: Piece, at: datetime) -> int:
    """Put right what was graded by the old key after a regrade was carried out; return how many.

    A process may have held the old key in memory for a few seconds, and an exam that asks the
    question may still be open. A regrade is settled a day after the last such exam has closed.
    """
    changed = 0
    with piece():
        open_ones = db.session.execute(
            select(Regrade.id).where(Regrade.applied_at.is_not(None), Regrade.settled_at.is_(None))
        )
        waiting = list(open_ones.scalars())
    for regrade_id in waiting:
        with piece():
            ids = _attempts(regrade_id, since=_since(regrade_id))
        for _, some in _chunks(ids):
            with piece():
                changed += _put_right(regrade_id, some, at=at)
        with piece():
            _settle(regrade_id, at=at)
    return changed


def _begun(regrade_id: UUID, *, at: datetime) -> list[UUID]:
    """Write the corrected key down, once, and return the attempts that it concerns."""
    regrade = db.session.get_one(Regrade, regrade_id, with_for_update=True)
    if regrade.state not in (RegradeState.APPROVED, RegradeState.APPLIED):
        return []
    if db.session.get(KeyCorrection, regrade_id) is None:
        correction = KeyCorrection(
            regrade_id=regrade_id,
            version_id=regrade.version_id,
            remedy=regrade.remedy,
            key=regrade.key,
            effective_at=at,
        )
        db.session.add(correction)
        right = regrade.key if regrade.remedy is Remedy.KEY_CORRECTED else None
        standing.overrule(regrade.version_id, right=right, at=at)
        db.session.flush()
    marks.forget_keys()
    return _attempts(regrade_id)


def _since(regrade_id: UUID) -> datetime:
    regrade = db.session.get_one(Regrade, regrade_id)
    applied_at = regrade.applied_at
    if applied_at is None:
        raise ValueError("Only what was carried out is followed up.")
    return applied_at - timedelta(hours=1)


def _settle(regrade_id: UUID, *, at: datetime) -> None:
    regrade = db.session.get_one(Regrade, regrade_id)
    closes = (
        select(func.max(Exam.closes_at))
        .join(Paper, Paper.exam_id == Exam.id)
        .join(PaperItem, PaperItem.paper_id == Paper.id)
        .where(PaperItem.version_id == regrade.version_id, Exam.state == ExamState.PUBLISHED)
    )
    last = db.session.execute(closes).scalar()
    if last is None or at > max(last, _since(regrade_id)) + _STRAGGLERS:
        regrade.settled_at = at
        db.session.flush()


def _attempts(regrade_id: UUID, *, since: datetime | None = None) -> list[UUID]:
    """Return the graded attempts whose paper asks the version, in a fixed order."""
    regrade = db.session.get_one(Regrade, regrade_id)
    statement = (
        select(Attempt.id)
        .join(PaperItem, PaperItem.paper_id == Attempt.paper_id)
        .join(Outcome, Outcome.attempt_id == Attempt.id)
        .where(PaperItem.version_id == regrade.version_id, Attempt.state == State.GRADED)
        .order_by(Attempt.id)
    )
    if since is not None:
        statement = statement.where(or_(Outcome.graded_at >= since, Outcome.released_at >= since))
    return list(db.session.execute(statement).scalars())


def _put_right(regrade_id: UUID, ids: Sequence[UUID], *, at: datetime) -> int:
    regrade = db.session.get_one(Regrade, regrade_id)
    changed = 0
    for one in judge(regrade_id, ids):
        if not one.changes:
            continue
        made = correcting.correct(
            one.attempt,
            one.grade,
            cause=Cause.REGRADE,
            cause_id=regrade_id,
            reason=regrade.reason,
            at=at,
        )
        changed += made is not None
    return changed


def _keep(regrade_id: UUID, judged: Sequence[Judged], sums: dict[str, int]) -> None:
    rows = [
        {
            "regrade_id": regrade_id,
            "attempt_id": one.attempt.id,
            "score_before": one.outcome.score,
            "score_after": str(one.grade.score),
            "max_before": one.outcome.max_score,
            "max_after": str(one.grade.max_score),
            "passed_before": one.outcome.passed,
            "passed_after": one.grade.passed,
        }
        for one in judged
    ]
    sums["changed"] += len(rows)
    for row in rows:
        if row["passed_before"] != row["passed_after"]:
            sums["to_pass" if row["passed_after"] else "to_fail"] += 1
    if rows:
        db.session.execute(insert(RegradeEffect), rows)


def _chunks(ids: Sequence[UUID]) -> list[tuple[int, Sequence[UUID]]]:
    cuts = range(0, len(ids), AT_ONCE)
    return [(min(cut + AT_ONCE, len(ids)), ids[cut : cut + AT_ONCE]) for cut in cuts]
