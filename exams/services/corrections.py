"""Scores that people set right: one proposes with a reason, another agrees (成绩人工更正)."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from exams import grading, scoring
from exams.correction_errors import AuthorCannotApprove, CorrectionDecided, Involved
from exams.errors import AttemptNotGraded
from exams.lifecycle import State
from exams.models import Attempt, Exam, Practical, ScoreCorrection
from exams.models.practicals import PracticalState
from exams.practical_errors import ScoreOutsideScale
from exams.regrading import Cause
from exams.services import correcting, separation
from exams.services.correcting import Worth
from exams.services.reach import held_within, rules_of
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.policy import Identity, Permission
from server.scopes import Scope


def propose(
    correction_id: UUID,
    *,
    attempt_id: UUID | None = None,
    practical_id: UUID | None = None,
    score: Fraction,
    reason: str,
    appeal_id: UUID | None = None,
    by: Identity,
    at: datetime,
) -> ScoreCorrection:
    """Propose another score for an attempt or a practical. Proposing it again changes nothing.

    Raises:
        NotFound: there is no such thing within the asker's scope.
        Involved: it is the asker's own.
        AttemptNotGraded: it has no outcome.
        ScoreOutsideScale: more than it could be worth.
        NotSeparated: the asker is bound to the candidate.
        IdTaken: another correction stands under this id.
    """
    thing = _thing(attempt_id, practical_id, by.scope(Permission.EXAMINE))
    if thing.candidate_id == by.person_id:
        raise Involved(why="candidate")
    known = db.session.get(ScoreCorrection, correction_id)
    if known is not None:
        return _same(known, attempt_id, practical_id, score, reason)
    if not 0 <= score <= _most(thing):
        raise ScoreOutsideScale(codes=["score"])
    separation.check_acting(by, {thing.candidate_id}, at=at)
    made = ScoreCorrection(
        id=correction_id,
        attempt_id=attempt_id,
        practical_id=practical_id,
        score=str(score),
        reason=reason,
        appeal_id=appeal_id,
        proposed_by_id=by.person_id,
        proposed_at=at,
    )
    db.session.add(made)
    db.session.flush()
    _tell("score_correction_proposed", made, by=by, at=at, reason=reason)
    return made


def decide(
    correction_id: UUID, *, approved: bool, reason: str, by: Identity, at: datetime
) -> ScoreCorrection:
    """Agree to a correction, which is carried out at once, or not. Repeating changes nothing.

    Raises:
        NotFound: there is none within the asker's scope.
        AuthorCannotApprove: the asker proposed it, under whatever account.
        Involved: it is the asker's own outcome.
        NotSeparated: the asker is bound to the candidate.
        CorrectionDecided: it was decided otherwise before.
    """
    found = db.session.get(ScoreCorrection, correction_id, with_for_update=True)
    if found is None:
        raise NotFound
    scope = by.scope(Permission.EXAMINE)
    thing = _thing(found.attempt_id, found.practical_id, scope)
    if found.proposed_by_id in separation.registrations_of(by.person_id):
        raise AuthorCannotApprove
    if by.person_id == thing.candidate_id:
        raise Involved(why="candidate")
    if found.approved is not None:
        if found.approved is not approved:
            raise CorrectionDecided
        return found
    separation.check_acting(by, {thing.candidate_id}, at=at)
    found.approved, found.decision_reason = approved, reason
    found.decided_by_id, found.decided_at = by.person_id, at
    db.session.flush()
    if approved:
        _carry_out(found, thing, at=at)
    word = "score_correction_approved" if approved else "score_correction_refused"
    _tell(word, found, by=by, at=at, reason=reason)
    return found


def get(correction_id: UUID, *, scope: Scope) -> ScoreCorrection:
    """Return a correction of an outcome within the scope.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(ScoreCorrection, correction_id)
    if found is None:
        raise NotFound
    _thing(found.attempt_id, found.practical_id, scope)
    return found


def _carry_out(found: ScoreCorrection, thing: Attempt | Practical, *, at: datetime) -> None:
    why = {"cause": Cause.CORRECTION, "cause_id": found.id, "reason": found.reason, "at": at}
    score = Fraction(found.score)
    if isinstance(thing, Practical):
        vetoed = bool(thing.outcome and thing.outcome.failed_vetoes)
        most, percent = Fraction(scoring.WHOLE), thing.score_sheet.pass_percent
        passed = not vetoed and grading.passes(score, most, pass_percent=percent)
        worth = Worth(score=score, max_score=most, passed=passed)
        correcting.correct_practical(thing, worth, **why)  # type: ignore[arg-type]  # its own names
        return
    most, percent = _most(thing), rules_of(thing.exam).pass_percent
    passed = grading.passes(score, most, pass_percent=percent)
    worth = Worth(score=score, max_score=most, passed=passed)
    correcting.correct(thing, worth, **why)  # type: ignore[arg-type]  # its own names


def _most(thing: Attempt | Practical) -> Fraction:
    outcome = thing.outcome
    if outcome is None or thing.state not in (State.GRADED, PracticalState.DECIDED):
        raise AttemptNotGraded
    return Fraction(outcome.max_score)


def _thing(attempt_id: UUID | None, practical_id: UUID | None, scope: Scope) -> Attempt | Practical:
    """Return what a correction is about, locked."""
    found: Attempt | Practical | None
    if attempt_id is not None:
        statement = (
            select(Attempt)
            .join(Exam, Exam.id == Attempt.exam_id)
            .where(Attempt.id == attempt_id, held_within(Exam.organisation_id, scope))
            .with_for_update(of=Attempt)
            .execution_options(populate_existing=True)
        )
        found = db.session.execute(statement).scalar_one_or_none()
    else:
        of_practical = (
            select(Practical)
            .where(Practical.id == practical_id, held_within(Practical.organisation_id, scope))
            .with_for_update(of=Practical)
            .execution_options(populate_existing=True)
        )
        found = db.session.execute(of_practical).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _same(
    known: ScoreCorrection,
    attempt_id: UUID | None,
    practical_id: UUID | None,
    score: Fraction,
    reason: str,
) -> ScoreCorrection:
    same = (known.attempt_id, known.practical_id, known.score, known.reason)
    if same != (attempt_id, practical_id, str(score), reason):
        raise IdTaken
    return known


def _tell(action: str, made: ScoreCorrection, *, by: Identity, at: datetime, reason: str) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="attempt" if made.attempt_id else "practical",
        subject_id=made.attempt_id or made.practical_id or made.id,
        after={"correction_id": made.id, "score": made.score, "approved": made.approved},
        reason=reason,
    )
