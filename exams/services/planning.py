"""Exams: planning them, finding them, opening them to candidates (考试计划)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exams import timing
from exams.drafts import Plan
from exams.errors import (
    ExamPublished,
    PointsDoNotAddUp,
    QualificationDiffers,
    WindowContradictory,
)
from exams.lifecycle import ExamState
from exams.models import Exam, ExamStandard, PaperSpecification, Sitting
from exams.services import readying, releases, specifications, standards
from exams.services.reach import held_within
from exams.services.readying import Ready
from exams.sittings import Mode
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import DomainError, NotFound
from server.organisations import services as organisations
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import EVERYWHERE, Scope


def get(exam_id: UUID, *, scope: Scope = EVERYWHERE) -> Exam:
    """Return the exam.

    Raises:
        NotFound: there is none within the scope.
    """
    statement = select(Exam).where(Exam.id == exam_id, held_within(Exam.organisation_id, scope))
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def listed(
    scope: Scope,
    *,
    qualification_id: UUID | None = None,
    state: ExamState | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of the exams within the scope, the latest opening first."""
    statement = (
        select(Exam)
        .options(joinedload(Exam.standard), joinedload(Exam.organisation))
        .where(held_within(Exam.organisation_id, scope))
    )
    if qualification_id is not None:
        statement = statement.where(Exam.qualification_id == qualification_id)
    if state is not None:
        statement = statement.where(Exam.state == state)
    keys = [Exam.opens_at, Exam.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def open_to_enrolment(
    *, qualification_id: UUID | None, at: datetime, cursor: str | None, limit: int
) -> Page:
    """Return a page of the published exams that have not closed, the next one first."""
    statement = (
        select(Exam)
        .options(joinedload(Exam.standard))
        .where(Exam.state == ExamState.PUBLISHED, Exam.closes_at > at)
    )
    if qualification_id is not None:
        statement = statement.where(Exam.qualification_id == qualification_id)
    return page(statement, [Exam.opens_at, Exam.id], cursor=cursor, limit=limit)


def plan(exam_id: UUID, draft: Plan, *, by: Identity, at: datetime) -> Exam:
    """Plan an exam under the id given, or plan it anew while it is a draft.

    Raises:
        NotFound: exam, test centre or specification are not there, or out of scope.
        QualificationDiffers: the specification is for another qualification.
        ExamPublished: it is open to candidates, and would change.
    """
    scope = by.scope(Permission.PLAN_EXAMS)
    organisations.get(draft.organisation_id, scope=scope)
    specification = specifications.get(draft.specification_id, scope=scope)
    if specification.qualification_id != draft.qualification_id:
        raise QualificationDiffers
    known = db.session.get(Exam, exam_id)
    if known is not None:
        return _replan(get(exam_id, scope=scope), draft, by=by, at=at)
    made = Exam(id=exam_id, state=ExamState.DRAFT, **vars(draft))
    db.session.add(made)
    db.session.flush()
    _tell("exam_planned", made, by=by, at=at)
    return made


def publish(
    exam_id: UUID,
    *,
    seed: bytes,
    by: Identity,
    at: datetime,
    has_papers: bool = True,
    ready: Ready | None = None,
) -> Exam:
    """Dry-run the clock, draw and seal the papers, and open the exam to candidates.

    From here on neither hours nor papers change, so no setting can take from a candidate what
    was promised. Publishing again changes nothing.

    Args:
        exam_id: the exam.
        seed: 32 bytes of secret chance for the papers.
        by: who publishes.
        at: the moment.
        has_papers: False for a practical, which is scored by a sheet.
        ready: the papers as `make_ready` made them; drawn now where they are not, or fit no more.

    Raises:
        NotFound: there is no such exam within the asker's scope.
        NoStandard: no exam standard counts on the day it opens.
        WindowContradictory: its hours promise what they cannot keep.
        ReleaseTooLate: outcomes would be held back longer than the rule allows.
        PointsDoNotAddUp: the sections are not worth what the standard asks for.
        PoolTooSmall: the question bank cannot carry the specification.
        PapersBeingMade, PlanChanged: about the papers of a large exam, which a job makes.
    """
    exam = locked(exam_id, scope=by.scope(Permission.PLAN_EXAMS))
    if exam.state is ExamState.PUBLISHED:
        return exam
    standard = check(exam, has_papers=has_papers)
    if has_papers:
        readying.settle(ready, exam, seed=seed, at=at)
    exam.standard = standard
    exam.seed = seed.hex()
    exam.state = ExamState.PUBLISHED
    exam.published_at = at
    db.session.flush()
    _tell("exam_published", exam, by=by, at=at, before={"state": ExamState.DRAFT})
    return exam


def locked(exam_id: UUID, *, scope: Scope) -> Exam:
    """Return an exam that nobody else may change until the transaction ends.

    Raises:
        NotFound: there is none within the scope.
    """
    exam = get(exam_id, scope=scope)
    db.session.refresh(exam, with_for_update={"of": Exam})
    return exam


def check(exam: Exam, *, has_papers: bool = True) -> ExamStandard:
    """Return the standard that counts for a draft that could be published, but for its papers.

    Raises:
        NoStandard, WindowContradictory, ReleaseTooLate, PointsDoNotAddUp: it could not.
    """
    standard = standards.counting(exam.qualification, on=days.civil_day(exam.opens_at))
    releases.check(exam.closes_at, exam.release_at, standard)
    if has_papers:
        _check_papers(exam, standard)
    return standard


def make_ready(exam_id: UUID, *, seed: bytes, by: Identity, at: datetime) -> Ready | None:
    """Draw, check and seal the papers of a draft before it is published. Reads only.

    Nothing is refused here: None where anything stands in the way, which publishing then says.
    """
    try:
        exam = get(exam_id, scope=by.scope(Permission.PLAN_EXAMS))
        if not awaits_papers(exam):
            return None
        check(exam)
        return readying.make(exam, seed=seed, at=at)
    except DomainError:
        return None


def awaits_papers(exam: Exam) -> bool:
    """Say whether publishing an exam draws papers: it is a draft, and no practical."""
    sitting = db.session.get(Sitting, exam.id)
    is_practical = sitting is not None and sitting.mode is Mode.PRACTICAL
    return exam.state is ExamState.DRAFT and not is_practical


def _check_papers(exam: Exam, standard: ExamStandard) -> None:
    contradictions = timing.contradictions(exam.window, allowed=standard.allowed)
    if contradictions:
        raise WindowContradictory(contradictions=contradictions)
    _check_points(exam.specification, standard)


def _check_points(specification: PaperSpecification, standard: ExamStandard) -> None:
    points = sum(rule.count * rule.points for rule in specifications.rules(specification))
    if points != standard.max_points:
        raise PointsDoNotAddUp(points=points, max_points=standard.max_points)


def _replan(known: Exam, draft: Plan, *, by: Identity, at: datetime) -> Exam:
    db.session.refresh(known, with_for_update={"of": Exam})
    if all(getattr(known, name) == value for name, value in vars(draft).items()):
        return known
    if known.state is not ExamState.DRAFT:
        raise ExamPublished
    before = _shown(known)
    for name, value in vars(draft).items():
        setattr(known, name, value)
    db.session.flush()
    _tell("exam_replanned", known, by=by, at=at, before=before)
    return known


def _shown(exam: Exam) -> dict[str, Any]:
    return {
        "name": exam.name,
        "state": exam.state,
        "opens_at": exam.opens_at,
        "closes_at": exam.closes_at,
        "latest_start_at": exam.latest_start_at,
        "release_at": exam.release_at,
        "form_count": exam.form_count,
        "standard_id": exam.standard_id,
    }


def _tell(
    action: str,
    exam: Exam,
    *,
    by: Identity,
    at: datetime,
    before: dict[str, Any] | None = None,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="exam",
        subject_id=exam.id,
        before=before,
        after=_shown(exam),
        organisation_path=organisations.get(exam.organisation_id).path,
    )
