"""Words that came too late: listed for an examiner, who admits or refuses them (迟到作答处理).

Late entries are kept and flagged by the intake. Admitting them grades the attempt again with them;
the better outcome stands, for nobody is to lose by what the network did, and the original stays
in the decision, in the audit and in the candidate's file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import joinedload

from exams import sync
from exams.errors import AttemptNotGraded, NothingLate
from exams.grading import Grade
from exams.lifecycle import State
from exams.models import Attempt, Exam, LateDecision, Outcome, ResponseEntry
from exams.regrading import Cause
from exams.services import correcting, outcomes, planning, separation
from exams.services.reach import held_within
from exams.sync import Entry
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotAllowed, NotFound
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import Scope


@dataclass(frozen=True, kw_only=True)
class LateAttempt:
    """An attempt with late entries, and what was decided about them last."""

    attempt: Attempt
    entries: Sequence[ResponseEntry]
    decision: LateDecision | None


def listed(
    exam_id: UUID, *, scope: Scope, open_only: bool = False, cursor: str | None, limit: int
) -> Page:
    """Return a page of the attempts of an exam that have late entries.

    Raises:
        NotFound: there is no such exam within the scope.
    """
    planning.get(exam_id, scope=scope)
    late = exists().where(ResponseEntry.attempt_id == Attempt.id, ResponseEntry.late)
    statement = (
        select(Attempt)
        .options(joinedload(Attempt.candidate))
        .where(Attempt.exam_id == exam_id, Attempt.state != State.VOIDED, late)
    )
    if open_only:
        statement = statement.where(~exists().where(LateDecision.attempt_id == Attempt.id))
    found = page(statement, [Attempt.started_at, Attempt.id], cursor=cursor, limit=limit)
    ids = [attempt.id for attempt in found.items]
    entries, decisions = _late(ids), _decisions(ids)
    items = [
        LateAttempt(
            attempt=attempt,
            entries=[one for one in entries if one.attempt_id == attempt.id],
            decision=decisions.get(attempt.id),
        )
        for attempt in found.items
    ]
    return Page(items=items, next_cursor=found.next_cursor)


def decide(
    decision_id: UUID,
    *,
    attempt_id: UUID,
    admitted: bool,
    reason: str,
    by: Identity,
    at: datetime,
) -> LateDecision:
    """Admit or refuse the late entries of an attempt that was graded. Repeating changes nothing.

    Raises:
        NotFound: there is no such attempt within the asker's scope.
        NotAllowed: it is the asker's own attempt.
        NotSeparated: the asker is bound to the candidate.
        IdTaken: another decision stands under this id.
        AttemptNotGraded: it has no outcome.
        NothingLate: no late entry waits.
    """
    attempt = _locked(attempt_id, by)
    known = db.session.get(LateDecision, decision_id)
    if known is not None:
        if (known.attempt_id, known.admitted, known.reason) != (attempt_id, admitted, reason):
            raise IdTaken
        return known
    outcome = attempt.outcome
    if attempt.state is not State.GRADED or outcome is None:
        raise AttemptNotGraded
    separation.check_acting(by, {attempt.candidate_id}, at=at)
    late = _late([attempt_id])
    if not late:
        raise NothingLate
    graded = _graded_with_all(attempt)
    made = _written(decision_id, outcome, graded, late, admitted=admitted)
    made.reason, made.decided_at, made.by_account_id = reason, at, by.account_id
    db.session.add(made)
    if admitted:
        _admit(attempt, outcome, graded, made, at=at)
    db.session.flush()
    _tell(made, outcome, attempt, by=by, at=at)
    return made


def _admit(
    attempt: Attempt, outcome: Outcome, graded: Grade, made: LateDecision, *, at: datetime
) -> None:
    db.session.execute(
        update(ResponseEntry)
        .where(ResponseEntry.attempt_id == attempt.id, ResponseEntry.late)
        .values(late=False)
        .execution_options(synchronize_session=False)
    )
    if graded.score > outcome.exact_score:
        correcting.correct(
            attempt, graded, cause=Cause.LATE_RESPONSES, cause_id=made.id, reason=made.reason, at=at
        )


def _written(
    decision_id: UUID,
    outcome: Outcome,
    graded: Grade,
    late: Iterable[ResponseEntry],
    *,
    admitted: bool,
) -> LateDecision:
    return LateDecision(
        id=decision_id,
        attempt_id=outcome.attempt_id,
        admitted=admitted,
        entries=[
            [one.slot, one.epoch, one.sequence, one.chosen, one.received_at.isoformat()]
            for one in late
        ],
        score_before=outcome.score,
        passed_before=outcome.passed,
        score_with=str(graded.score),
        passed_with=graded.passed,
    )


def _graded_with_all(attempt: Attempt) -> Grade:
    statement = select(ResponseEntry).where(ResponseEntry.attempt_id == attempt.id)
    counting = sync.counting(
        Entry(slot=one.slot, chosen=one.chosen, sequence=one.sequence, epoch=one.epoch)
        for one in db.session.execute(statement).scalars()
    )
    return outcomes.verdict(attempt, counting)


def _late(attempt_ids: Sequence[UUID]) -> Sequence[ResponseEntry]:
    statement = (
        select(ResponseEntry)
        .where(ResponseEntry.attempt_id.in_(attempt_ids), ResponseEntry.late)
        .order_by(ResponseEntry.received_at, ResponseEntry.slot, ResponseEntry.sequence)
    )
    return db.session.execute(statement).scalars().all()


def _decisions(attempt_ids: Sequence[UUID]) -> dict[UUID, LateDecision]:
    statement = (
        select(LateDecision)
        .where(LateDecision.attempt_id.in_(attempt_ids))
        .order_by(LateDecision.decided_at, LateDecision.id)
    )
    return {one.attempt_id: one for one in db.session.execute(statement).scalars()}


def _locked(attempt_id: UUID, by: Identity) -> Attempt:
    found = db.session.execute(
        select(Attempt)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(
            Attempt.id == attempt_id,
            held_within(Exam.organisation_id, by.scope(Permission.EXAMINE)),
        )
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    if found.candidate_id == by.person_id:
        raise NotAllowed
    return found


def _tell(
    made: LateDecision, outcome: Outcome, attempt: Attempt, *, by: Identity, at: datetime
) -> None:
    audit.append(
        "late_responses_admitted" if made.admitted else "late_responses_refused",
        by=by,
        at=at,
        subject_kind="attempt",
        subject_id=made.attempt_id,
        before={"score": made.score_before, "passed": made.passed_before},
        after={"score": outcome.score, "passed": outcome.passed, "entries": len(made.entries)},
        reason=made.reason,
        organisation_path=attempt.exam.organisation.path,
    )
