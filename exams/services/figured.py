"""What statistics say of papers and exams, and whether they are due (试卷统计).

Reads only what was calculated; an exam's way may import it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import exists, func, select

from exams.lifecycle import State
from exams.models import (
    Attempt,
    Exam,
    KeyCorrection,
    Outcome,
    Paper,
    PaperItem,
    PaperStatistics,
    ResponseSheet,
)
from exams.services import planning
from server.db import db
from server.jobs import services as jobs
from server.jobs.models import UNFINISHED, Job
from server.policy import Identity, Permission
from server.scopes import Scope

#: The name of the job that looks for responses alike, in step or too fast.
EVIDENCE: Final = "exam_evidence"

#: How long a transaction may have stood open when its outcome was graded.
BEHIND: Final = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class FormFigures:
    """One form of an exam with its figures; None while nobody's first attempt is graded."""

    paper_id: UUID
    form: int
    figures: PaperStatistics | None


def ask_for_evidence(job_id: UUID, exam_id: UUID, *, by: Identity, at: datetime) -> Job:
    """Ask for the report on responses alike, in step or too fast in an exam.

    Raises:
        NotFound: there is no such exam within the scope.
        IdTaken, TooManyJobs: see `server.jobs.services.ask`.
    """
    planning.get(exam_id, scope=by.scope(Permission.EXAMINE))
    return jobs.ask(job_id, EVIDENCE, {"exam_id": str(exam_id)}, by=by, at=at)


def of_exam(exam_id: UUID, *, scope: Scope) -> list[FormFigures]:
    """Return the forms of an exam with their figures, in order.

    Raises:
        NotFound: there is no such exam within the scope.
    """
    planning.get(exam_id, scope=scope)
    statement = (
        select(Paper.id, Paper.form, PaperStatistics)
        .outerjoin(PaperStatistics, PaperStatistics.paper_id == Paper.id)
        .where(Paper.exam_id == exam_id)
        .order_by(Paper.form)
    )
    return [
        FormFigures(paper_id=paper_id, form=form, figures=figures)
        for paper_id, form, figures in db.session.execute(statement)
    ]


def awaited() -> bool:
    """Say whether an outcome was graded that no sheet holds, or a key corrected since.

    Reads that lock nothing.
    """
    newest = db.session.execute(select(func.max(ResponseSheet.graded_at))).scalar_one()
    missing = (
        select(Outcome.attempt_id)
        .join(Attempt, Attempt.id == Outcome.attempt_id)
        .where(
            Attempt.state == State.GRADED,
            ~exists().where(ResponseSheet.attempt_id == Outcome.attempt_id),
        )
    )
    if newest is not None:
        missing = missing.where(Outcome.graded_at >= newest - BEHIND)
    return db.session.execute(missing.limit(1)).first() is not None or bool(_overruled())


def with_sheets() -> set[UUID]:
    """Return the qualifications that somebody sat for."""
    return set(db.session.execute(select(ResponseSheet.qualification_id).distinct()).scalars())


def stale() -> set[UUID]:
    """Return the qualifications whose figures are older than what they rest on.

    A pass was broken off, or a regrade corrected a key.
    """
    made = dict(
        db.session.execute(
            select(ResponseSheet.qualification_id, func.max(ResponseSheet.made_at)).group_by(
                ResponseSheet.qualification_id
            )
        ).all()
    )
    figured = dict(
        db.session.execute(
            select(Exam.qualification_id, func.max(PaperStatistics.calculated_at))
            .join(Exam, Exam.id == PaperStatistics.exam_id)
            .group_by(Exam.qualification_id)
        ).all()
    )
    older = {one for one, at in made.items() if one not in figured or figured[one] < at}
    return older | _overruled()


def _overruled() -> set[UUID]:
    """Return the qualifications with papers whose key was corrected after their figures."""
    statement = (
        select(Exam.qualification_id)
        .join(Paper, Paper.exam_id == Exam.id)
        .join(PaperItem, PaperItem.paper_id == Paper.id)
        .join(KeyCorrection, KeyCorrection.version_id == PaperItem.version_id)
        .join(PaperStatistics, PaperStatistics.paper_id == Paper.id)
        .where(PaperStatistics.calculated_at <= KeyCorrection.effective_at)
    )
    return set(db.session.execute(statement.distinct()).scalars())


def is_asked(kind: str, *, by: Identity) -> bool:
    """Say whether a job of this kind waits or runs already."""
    statement = select(Job.id).where(
        Job.asked_by == by.account_id, Job.kind == kind, Job.state.in_(UNFINISHED)
    )
    return db.session.execute(statement.limit(1)).first() is not None
