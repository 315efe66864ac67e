"""Practical exams: planning one after the theory, who scores it, making it not count (实操考试)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from exams import scoring
from exams.circuits import WHOLE
from exams.errors import AlreadyVoided
from exams.events import PracticalVoided
from exams.models import Attempt, Enrolment, Practical, PracticalScorer
from exams.models.practicals import PracticalState, SubjectState
from exams.practical_errors import PracticalOver, ScorerInvolved, ScorersComplete
from exams.services import (
    ledger,
    practical_parts,
    releases,
    score_sheets,
    separation,
    standards,
    theory_passes,
)
from exams.services.reach import held_within
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.events import publish
from server.organisations import services as organisations
from server.paging import Page, page
from server.people.services import people
from server.policy import Identity, Permission
from server.scopes import Scope


@dataclass(frozen=True, kw_only=True)
class PracticalPlan:
    """A practical as its planner writes it."""

    theory_attempt_id: UUID
    organisation_id: UUID
    planned_at: datetime
    release_at: datetime | None = None
    #: The place in a sitting at which it is held.
    enrolment_id: UUID | None = None


def get(practical_id: UUID, *, scope: Scope) -> Practical:
    """Return a practical that is held within the scope.

    Raises:
        NotFound: there is none.
    """
    return _found(practical_id, scope, locked=False)


def locked(practical_id: UUID, *, scope: Scope) -> Practical:
    """Return the same, locked until the transaction ends."""
    return _found(practical_id, scope, locked=True)


def listed(scope: Scope, *, state: PracticalState | None, cursor: str | None, limit: int) -> Page:
    """Return a page of the practicals held within the scope, by day."""
    parts = (Practical.scorers, Practical.legs, Practical.outcome)
    statement = select(Practical).where(held_within(Practical.organisation_id, scope))
    statement = statement.options(*(selectinload(one) for one in parts))
    if state is not None:
        statement = statement.where(Practical.state == state)
    keys = [Practical.planned_at, Practical.id]
    return page(statement, keys, cursor=cursor, limit=limit)


def plan(
    practical_id: UUID, draft: PracticalPlan, *, seed: bytes, by: Identity, at: datetime
) -> Practical:
    """Plan a practical for who passed the theory; the items are drawn by chance, and fixed.

    Planning it again changes nothing.

    Args:
        practical_id: made by who plans.
        draft: after which theory, where and when.
        seed: 32 bytes of secret chance for the items.
        by: who plans.
        at: the moment.

    Raises:
        NotFound: there is no such attempt or test centre within the asker's scope.
        IdTaken: another practical stands under this id.
        NoPractical: the standard asks for none.
        TheoryNotPassed: the theory is not passed, not told yet, or too old on that day.
        PracticalsUsedUp: all that this theory allows were failed.
        PracticalPending: another one after this theory is open or passed.
        CandidateBarred: the candidate may not be examined on that day.
        NoScoreSheet: nothing says how it is scored.
        ReleaseTooLate: its outcome would be held back longer than the rule allows.
    """
    organisations.get(draft.organisation_id, scope=by.scope(Permission.PLAN_EXAMS))
    known = db.session.get(Practical, practical_id)
    if known is not None:
        return _same(known, draft)
    return make(practical_id, draft, seed=seed, by=by, at=at)


def make(
    practical_id: UUID, draft: PracticalPlan, *, seed: bytes, by: Identity, at: datetime
) -> Practical:
    """Make a practical as `plan` does, for whoever may plan it."""
    theory = _theory(draft.theory_attempt_id)
    qualification, on = theory.exam.qualification, days.civil_day(draft.planned_at)
    place = draft.enrolment_id and db.session.get_one(Enrolment, draft.enrolment_id)
    standard = standards.of(place.exam) if place else standards.counting(qualification, on=on)
    theory_passes.check(theory, standard, on=on, at=at)
    releases.check(draft.planned_at, draft.release_at, standard)
    sheet = score_sheets.counting(qualification, on=on)
    made = Practical(
        id=practical_id,
        qualification_id=qualification.id,
        candidate_id=theory.candidate_id,
        score_sheet_id=sheet.id,
        standard_id=standard.id,
        seed=seed.hex(),
        drawn=list(scoring.draw(score_sheets.subjects(sheet.subjects), seed=seed)),
        state=PracticalState.PLANNED,
        planned_by_id=by.account_id,
        **vars(draft),
    )
    db.session.add(made)
    db.session.flush()
    tell("practical_planned", made, {"drawn": made.drawn}, by=by, at=at)
    return made


def assign(
    practical_id: UUID, person_id: UUID, *, subject: str = WHOLE, by: Identity, at: datetime
) -> Practical:
    """Say that a person scores a practical, or a subject of it. The same again changes nothing.

    Raises:
        NotFound: there is no such practical within the asker's scope, no such subject, or no such
            person.
        PracticalOver: it is decided or voided.
        ScorersComplete: two are assigned, and no third is called for; or the third is.
        ScorerInvolved: it is the candidate.
        NotSeparated: the person trained the candidate, or works beside them (考培分离).
    """
    practical = locked(practical_id, scope=by.scope(Permission.PLAN_EXAMS))
    if subject not in practical_parts.names(practical):
        raise NotFound
    scoring_it = [one for one in practical.scorers if one.subject == subject]
    if any(one.person_id == person_id for one in scoring_it):
        return practical
    if practical.state not in (PracticalState.PLANNED, PracticalState.DISPUTED):
        raise PracticalOver
    if len(scoring_it) >= practical_parts.PAIR + _is_disputed(practical, subject):
        raise ScorersComplete
    people.get(person_id)
    if person_id == practical.candidate_id:
        raise ScorerInvolved
    on = days.civil_day(practical.planned_at)
    separation.check({person_id}, {practical.candidate_id}, on=on)
    add_scorer(practical, person_id, subject=subject, by=by, at=at)
    return practical


def _is_disputed(practical: Practical, subject: str) -> bool:
    """Say whether the two examiners of a practical, or of a subject of it, are to be ruled on."""
    leg = practical_parts.leg(practical, subject)
    if leg is not None:
        return leg.state is SubjectState.DISPUTED
    return practical.state is PracticalState.DISPUTED


def add_scorer(
    practical: Practical, person_id: UUID, *, subject: str = WHOLE, by: Identity, at: datetime
) -> None:
    """Let a person score a practical, or a subject of it, at the first place that is free.

    That nothing binds them to the candidate was asked before: of the one, or of all at a sitting.
    """
    taken = {one.place for one in practical.scorers if one.subject == subject}
    scorer = PracticalScorer(
        practical_id=practical.id,
        person_id=person_id,
        subject=subject,
        place=next(place for place in count(1) if place not in taken),
        assigned_at=at,
        assigned_by_id=by.account_id,
    )
    db.session.add(scorer)
    db.session.flush()
    db.session.expire(practical, ["scorers"])
    told = {"person_id": str(person_id), "place": scorer.place}
    if subject:
        told["subject"] = subject
    tell("practical_scorer_assigned", practical, told, by=by, at=at)


def void(practical_id: UUID, *, reason: str, counts: bool, by: Identity, at: datetime) -> Practical:
    """Make a practical not count, before or after it was decided (作废). Once is for ever.

    Raises:
        NotFound: there is none within the asker's scope.
        NotSeparated: the asker is bound to the candidate.
        AlreadyVoided: it was voided before, for another reason.
    """
    practical = locked(practical_id, scope=by.scope(Permission.INVIGILATE))
    separation.check_acting(by, {practical.candidate_id}, at=at)
    return make_void(practical, reason=reason, counts=counts, by=by, at=at)


def make_void(
    practical: Practical, *, reason: str, counts: bool, by: Identity, at: datetime
) -> Practical:
    """Make a practical that is locked and within reach not count, as `void` does."""
    if practical.state is PracticalState.VOIDED:
        if (practical.void_reason, practical.counts) != (reason, counts):
            raise AlreadyVoided
        return practical
    outcome = practical.outcome
    announced = outcome is not None and outcome.announced_at is not None
    practical.state = PracticalState.VOIDED
    practical.void_reason, practical.counts = reason, counts
    db.session.flush()
    tell("practical_voided", practical, {"counts": counts}, by=by, at=at, reason=reason)
    if announced:
        ledger.tell_practical_void(practical, reason=reason, at=at)
    publish(
        PracticalVoided(
            practical_id=practical.id,
            attempt_id=practical.theory_attempt_id,
            exam_id=practical.theory.exam_id,
            qualification_id=practical.qualification_id,
            candidate_id=practical.candidate_id,
            announced=announced,
            reason=reason,
            at=at,
        )
    )
    return practical


def tell(
    action: str,
    practical: Practical,
    after: Mapping[str, object],
    *,
    by: Identity | None,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Write into the audit what was done to a practical."""
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="practical",
        subject_id=practical.id,
        after={"state": practical.state, **after},
        reason=reason,
        organisation_path=practical.organisation.path,
    )


def _theory(attempt_id: UUID) -> Attempt:
    """Return the attempt at the theory, locked: of two plans at once the second sees the first."""
    found = db.session.execute(
        select(Attempt).where(Attempt.id == attempt_id).with_for_update(of=Attempt)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _same(known: Practical, draft: PracticalPlan) -> Practical:
    if any(getattr(known, name) != value for name, value in vars(draft).items()):
        raise IdTaken
    return known


def _found(practical_id: UUID, scope: Scope, *, locked: bool) -> Practical:
    statement = select(Practical).where(
        Practical.id == practical_id, held_within(Practical.organisation_id, scope)
    )
    if locked:
        statement = statement.with_for_update(of=Practical).execution_options(
            populate_existing=True
        )
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
