"""Papers made ready before anybody is kept waiting: drawn, checked and sealed in memory (预先制卷).

That takes a second or two for hundreds of forms, and nobody's writing waits for it. Only storing
them is part of publishing: a statement for each table. What was planned otherwise meanwhile, or
asks a question that was withdrawn since, is not stored. Those of a large exam are stored before,
by a job (see `publication_jobs`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from exams.drafts import MOST_AT_ONCE
from exams.models import Exam, PaperMaking, PaperPackage
from exams.paper_errors import PapersBeingMade, PlanChanged
from exams.services import drawn_forms, packages, papers
from exams.services.drawn_forms import Drawn
from exams.services.papers import Prepared, Words
from question_bank.models import QuestionVersion
from server.db import db

#: Ids asked for in one statement.
_CHUNK = 5_000


@dataclass(frozen=True, kw_only=True)
class Made:
    """Some forms as rows: papers with their places, and their packages."""

    forms: Sequence[Prepared]
    sealed: Sequence[dict[str, Any]]

    def store(self, exam: Exam, *, at: datetime, noted: set[UUID] | None = None) -> None:
        """Write the forms down, with their packages; `noted` as for `papers.store`."""
        papers.store(self.forms, exam, at=at, noted=noted)
        db.session.execute(insert(PaperPackage), list(self.sealed))


@dataclass(frozen=True, kw_only=True)
class Ready:
    """All forms of an exam that is not published yet."""

    #: What they were drawn by.
    plan: tuple[Any, ...]
    #: Versions that they ask.
    asked: frozenset[UUID]
    #: What is yet to be stored; None where a job has stored it.
    made: Made | None


def make(exam: Exam, *, seed: bytes, at: datetime) -> Ready:
    """Draw, check and seal the forms of an exam. Reads only.

    Raises:
        PoolTooSmall: the question bank cannot carry the specification.
        TargetOutOfReach: it cannot at the difficulty asked for.
        RequiredNotInPool: a required question cannot be drawn.
    """
    lot = drawn_forms.draw(exam, seed=seed, at=at)
    made = sealed(exam, list(lot), words=Words(), at=at)
    return Ready(plan=plan_of(exam), asked=lot.asked(), made=made)


def sealed(exam: Exam, drawn: Sequence[Drawn], *, words: Words, at: datetime) -> Made:
    """Lay forms out as rows, and seal them. Reads only."""
    forms = papers.prepared(exam, drawn, words=words, at=at)
    return Made(forms=forms, sealed=[packages.closed(one.shown, at=at) for one in forms])


def settle(ready: Ready | None, exam: Exam, *, seed: bytes, at: datetime) -> None:
    """Give an exam its forms: those made ready, or others, drawn now, where they fit no more.

    Raises:
        PapersBeingMade: a job makes them, or what it left is being cleared away.
        PlanChanged: a large exam was planned otherwise, or what it asks was withdrawn, while a job
            made its papers.
        PoolTooSmall, TargetOutOfReach, RequiredNotInPool: none can be drawn.
    """
    stored = ready is not None and ready.made is None
    if not stored and db.session.get(PaperMaking, exam.id) is not None:
        raise PapersBeingMade
    if ready is None or not fits(ready, exam):
        if stored or exam.form_count > MOST_AT_ONCE:
            raise PlanChanged
        ready = make(exam, seed=seed, at=at)
    if ready.made is not None:
        ready.made.store(exam, at=at)


def fits(ready: Ready, exam: Exam) -> bool:
    """Say whether forms that were made ready are still those that the exam asks for."""
    if ready.plan != plan_of(exam):
        return False
    asked = list(ready.asked)
    return not any(_is_gone(asked[at : at + _CHUNK]) for at in range(0, len(asked), _CHUNK))


def _is_gone(versions: Sequence[UUID]) -> bool:
    """Say whether one of so many versions was withdrawn."""
    gone = select(QuestionVersion.id).where(
        QuestionVersion.id.in_(versions), QuestionVersion.withdrawn_at.is_not(None)
    )
    return db.session.execute(gone.limit(1)).first() is not None


def plan_of(exam: Exam) -> tuple[Any, ...]:
    """Return everything of an exam that decides which forms it gets."""
    specification = exam.specification
    return (
        exam.qualification_id,
        exam.form_count,
        exam.closes_at,
        specification.id,
        specification.written_at,
        drawn_forms.rooms_of(exam),
    )
