"""Papers made ready before anybody is kept waiting: drawn, checked and sealed in memory (预先制卷).

That takes a second or two for hundreds of forms, and nobody's writing waits for it. Only storing
them is part of publishing: a statement for each table. What was planned otherwise meanwhile, or
asks a question that was withdrawn since, is not stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from exams.models import Exam, PaperPackage
from exams.services import packages, papers
from exams.services.papers import Prepared
from question_bank.models import QuestionVersion
from server.db import db


@dataclass(frozen=True, kw_only=True)
class Ready:
    """The forms of an exam that is not published yet."""

    #: What they were drawn by.
    plan: tuple[Any, ...]
    forms: Sequence[Prepared]
    #: Rows of packages.
    sealed: Sequence[dict[str, Any]]


def make(exam: Exam, *, seed: bytes, at: datetime) -> Ready:
    """Draw, check and seal the forms of an exam. Reads only.

    Raises:
        PoolTooSmall: the question bank cannot carry the specification.
        TargetOutOfReach: it cannot at the difficulty asked for.
        RequiredNotInPool: a required question cannot be drawn.
    """
    forms = papers.draw(exam, seed=seed, at=at)
    sealed = [packages.closed(one.shown, at=at) for one in forms]
    return Ready(plan=_plan(exam), forms=forms, sealed=sealed)


def fits(ready: Ready, exam: Exam) -> bool:
    """Say whether forms that were made ready are still those that the exam asks for."""
    if ready.plan != _plan(exam):
        return False
    asked = {row["version_id"] for one in ready.forms for row in one.items}
    gone = select(QuestionVersion.id).where(
        QuestionVersion.id.in_(asked), QuestionVersion.withdrawn_at.is_not(None)
    )
    return db.session.execute(gone.limit(1)).first() is None


def store(ready: Ready, exam: Exam, *, at: datetime) -> None:
    """Write the forms down, with their packages."""
    papers.store(ready.forms, exam, at=at)
    db.session.execute(insert(PaperPackage), list(ready.sealed))


def _plan(exam: Exam) -> tuple[Any, ...]:
    """Return everything of an exam that decides which forms it gets."""
    specification = exam.specification
    return (
        exam.qualification_id,
        exam.form_count,
        exam.closes_at,
        specification.id,
        specification.written_at,
        tuple(papers.beside(exam)),
    )
