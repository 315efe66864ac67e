"""Appeals: filed in time, once for each outcome and ground, ruled by who had no part (成绩复核)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from exams.correction_errors import (
    AppealedBefore,
    AppealRuled,
    AppealTooLate,
    Involved,
    NotReleased,
)
from exams.models import (
    Appeal,
    Attempt,
    ExamStandard,
    Outcome,
    PaperItem,
    Practical,
    PracticalOutcome,
)
from exams.models.appeals import Effect, Ground
from exams.regrading import Remedy
from exams.services import (
    correcting,
    corrections,
    notices,
    outcomes,
    parts,
    practical_verdicts,
    regrades,
    separation,
)
from exams.services.reach import held_within, rules_of
from exams.services.regrades import RegradeDraft
from server import days, working_days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.paging import Page, narrowed, page
from server.policy import Identity, Permission
from server.scopes import Scope


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What somebody who had no part decides about an appeal."""

    upheld: bool
    reason: str
    effect: Effect
    #: Under which the regrade or correction is proposed.
    effect_id: UUID | None = None
    #: For a regrade: which question, and what is done about it.
    version_id: UUID | None = None
    remedy: Remedy | None = None
    key: tuple[str, ...] = ()
    #: For a correction: the score it should be.
    score: Fraction | None = None


def file(
    appeal_id: UUID,
    *,
    attempt_id: UUID | None,
    practical_id: UUID | None,
    ground: Ground,
    statement: str,
    candidate_id: UUID,
    at: datetime,
) -> Appeal:
    """Appeal against one's own outcome. Filing the same again changes nothing.

    Raises:
        NotFound: there is no such attempt or practical, or it is somebody else's.
        NotReleased: its outcome is not shown yet.
        AppealTooLate: the time that the rule gives is over.
        AppealedBefore: there is one on this ground.
        IdTaken: another appeal stands under this id.
    """
    thing = _own(attempt_id, practical_id, candidate_id)
    known = db.session.get(Appeal, appeal_id)
    if known is not None:
        if (known.subject_id, known.ground, known.statement) != (thing.id, ground, statement):
            raise IdTaken
        return known
    outcome, standard = _shown(thing, at)
    if outcome is None:
        raise NotReleased
    on = days.civil_day(at)
    last_on = last_day(thing, outcome, standard)
    if on > last_on:
        raise AppealTooLate(last_on=last_on.isoformat())
    if db.session.scalar(
        select(exists().where(Appeal.subject_id == thing.id, Appeal.ground == ground))
    ):
        raise AppealedBefore
    made = Appeal(
        id=appeal_id,
        subject_id=thing.id,
        attempt_id=attempt_id,
        practical_id=practical_id,
        candidate_id=candidate_id,
        organisation_id=_organisation(thing),
        ground=ground,
        statement=statement,
        filed_at=at,
        due_on=working_days.working_days_after(on, standard.ruling_working_days),
    )
    db.session.add(made)
    db.session.flush()
    _tell("appeal_filed", made, by=None, at=at, reason=None)
    return made


def last_day(
    thing: Attempt | Practical, outcome: Outcome | PracticalOutcome, standard: ExamStandard
) -> date:
    """Return the last day on which one may appeal against an outcome.

    Where it was corrected since, the days count from the correction: nobody is to lose a pass
    without a word.
    """
    of_theory = isinstance(thing, Attempt)
    changes = correcting.history(
        attempt_id=thing.id if of_theory else None, practical_id=None if of_theory else thing.id
    )
    shown_at = max([outcome.released_at, *(one.corrected_at for one in changes)])
    return working_days.working_days_after(days.civil_day(shown_at), standard.appeal_working_days)


def get(appeal_id: UUID, *, scope: Scope) -> Appeal:
    """Return an appeal that is decided within the scope.

    Raises:
        NotFound: there is none.
    """
    statement = select(Appeal).where(
        Appeal.id == appeal_id, held_within(Appeal.organisation_id, scope)
    )
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def listed(
    scope: Scope,
    *,
    open_only: bool,
    ground: Ground | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of the appeals within the scope, by the day on which a ruling is due."""
    inside = held_within(Appeal.organisation_id, scope)
    statement = select(Appeal).options(joinedload(Appeal.candidate)).where(inside)
    statement = narrowed(statement, {Appeal.ground: ground})
    if open_only:
        statement = statement.where(Appeal.ruled_at.is_(None))
    return page(statement, [Appeal.due_on, Appeal.id], cursor=cursor, limit=limit)


def of(candidate_id: UUID, *, cursor: str | None, limit: int) -> Page:
    """Return a page of a candidate's own appeals, the newest first."""
    statement = select(Appeal).where(Appeal.candidate_id == candidate_id)
    keys = [Appeal.filed_at, Appeal.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def rule(appeal_id: UUID, ruling: Ruling, *, by: Identity, at: datetime) -> Appeal:
    """Rule on an appeal, with the reason. Ruling the same again changes nothing.

    That a key is wrong is not put right for one: it begins a regrade for everybody who was asked,
    which two others must approve. That a score is wrong begins a correction, which one must.

    Raises:
        NotFound: there is no such appeal within the asker's reach, or the candidate was not asked
            the question.
        AppealRuled: it has another ruling.
        Involved: the asker is the candidate, or had a part in what is appealed against.
        NotSeparated: the asker is bound to the candidate.
        KeyUnknown, BeyondReach: about the regrade.
        ScoreOutsideScale, AttemptNotGraded: about the correction.
    """
    appeal = get(appeal_id, scope=by.scope(Permission.EXAMINE))
    db.session.refresh(appeal, with_for_update={"of": Appeal})
    if appeal.ruled_at is not None:
        given = (appeal.upheld, appeal.reason, appeal.effect, appeal.ruled_by_id)
        if given != (ruling.upheld, ruling.reason, ruling.effect, by.person_id):
            raise AppealRuled
        return appeal
    for why in parts.of(appeal, ruling.version_id, by):
        raise Involved(why=why)
    separation.check_acting(by, {appeal.candidate_id}, at=at)
    _set_going(appeal, ruling, by=by, at=at)
    appeal.upheld, appeal.reason, appeal.effect = ruling.upheld, ruling.reason, ruling.effect
    appeal.effect_id, appeal.ruled_by_id, appeal.ruled_at = ruling.effect_id, by.person_id, at
    db.session.flush()
    _tell("appeal_ruled", appeal, by=by, at=at, reason=ruling.reason)
    notices.of_ruling(appeal, at=at)
    return appeal


def _set_going(appeal: Appeal, ruling: Ruling, *, by: Identity, at: datetime) -> None:
    if ruling.effect is Effect.REGRADE:
        _check_asked(appeal, ruling.version_id)
        draft = RegradeDraft(
            version_id=ruling.version_id or appeal.id,
            remedy=ruling.remedy or Remedy.KEY_CORRECTED,
            key=ruling.key,
            reason=ruling.reason,
            appeal_id=appeal.id,
        )
        regrades.propose(ruling.effect_id or appeal.id, draft, by=by, at=at)
    elif ruling.effect is Effect.CORRECTION:
        corrections.propose(
            ruling.effect_id or appeal.id,
            attempt_id=appeal.attempt_id,
            practical_id=appeal.practical_id,
            score=ruling.score or Fraction(),
            reason=ruling.reason,
            appeal_id=appeal.id,
            by=by,
            at=at,
        )


def _check_asked(appeal: Appeal, version_id: UUID | None) -> None:
    """Make sure that the candidate was asked the question that a ruling is about."""
    asked = (
        select(PaperItem.version_id)
        .join(Attempt, Attempt.paper_id == PaperItem.paper_id)
        .where(Attempt.id == appeal.attempt_id, PaperItem.version_id == version_id)
    )
    if db.session.execute(asked).first() is None:
        raise NotFound


def _own(
    attempt_id: UUID | None, practical_id: UUID | None, candidate_id: UUID
) -> Attempt | Practical:
    found: Attempt | Practical | None = (
        db.session.get(Attempt, attempt_id)
        if attempt_id is not None
        else db.session.get(Practical, practical_id)
    )
    if found is None or found.candidate_id != candidate_id:
        raise NotFound
    return found


def _shown(
    thing: Attempt | Practical, at: datetime
) -> tuple[Outcome | PracticalOutcome | None, ExamStandard]:
    if isinstance(thing, Attempt):
        return outcomes.visible(thing, at=at), rules_of(thing.exam)
    return practical_verdicts.visible(thing, at=at), thing.standard


def _organisation(thing: Attempt | Practical) -> UUID:
    return thing.exam.organisation_id if isinstance(thing, Attempt) else thing.organisation_id


def _tell(
    action: str, appeal: Appeal, *, by: Identity | None, at: datetime, reason: str | None
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="appeal",
        subject_id=appeal.id,
        after={
            "subject_id": appeal.subject_id,
            "ground": appeal.ground,
            "upheld": appeal.upheld,
            "effect": appeal.effect,
        },
        reason=reason,
    )
