"""Forms drawn after the others were sealed, for those whom every other would ask again (补卷).

They follow the same specification, count what came up in the exam so far, are checked by the same
other code, and are sealed like the rest; none that was sealed changes. Their chance comes of that
of the exam, which was promised before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from exams import assembly
from exams.assembly import Candidate, DrawnItem
from exams.models import Exam, Paper
from exams.services import batches, exposures, packages, papers, pool, specifications
from exams.services.batches import Deck
from exams.services.papers import Drawn
from server.db import db

#: Questions of a form.
Questions = frozenset[UUID]


@dataclass(frozen=True, kw_only=True)
class Late:
    """A form that was drawn for somebody."""

    paper_id: UUID
    questions: Questions


class Reserve:
    """Draws further forms of a published exam; what they are drawn from is read when it must be.

    Args:
        exam_id: the exam.
        given: the questions of each form there is.
        at: the moment.
    """

    def __init__(self, exam_id: UUID, given: Collection[Questions], *, at: datetime) -> None:
        self._exam_id = exam_id
        self._given = list(given)
        self._at = at
        self._exam: Exam | None = None
        self._pool: list[Candidate] = []
        self._deck: Deck | None = None

    def draw(self, *, past: Set[UUID], beside: Set[UUID], fewer_than: int) -> Late | None:
        """Draw a form for somebody; None where the bank carries none that repeats less.

        Args:
            past: what they were asked before: none of it, or, where that cannot be, little.
            beside: what lies on the papers around them: little of it.
            fewer_than: so many of their past questions stand on the best form there is.
        """
        if self._exam is None:
            self._exam = self._open()
        if self._exam.is_practice or self._exam.seed is None:
            return None
        number = self._next_number()
        seed = papers.seed_of(bytes.fromhex(self._exam.seed), number)
        for barred, avoided in ((past, beside), (frozenset[UUID](), past | beside)):
            items = self._drawn(seed, barred, avoided)
            questions = frozenset(item.candidate.question_id for item in items)
            if items and len(questions & past) < fewer_than:
                return self._kept(number, items, questions, seed)
        return None

    def _open(self) -> Exam:
        """Read what may be drawn, and let nobody else add a form meanwhile."""
        statement = select(Exam).where(Exam.id == self._exam_id)
        exam = db.session.scalars(statement.with_for_update(of=Exam, key_share=True)).one()
        if not exam.is_practice and exam.seed is not None:
            every = pool.of(exam.qualification, at=self._at, sat_at=exam.closes_at)
            self._pool = exposures.rested(every, exam.specification)
            if batches.applies(exam.specification, 2):
                self._deck = Deck(
                    exam.specification,
                    self._pool,
                    Counter(one for form in self._given for one in form),
                    len(self._given),
                )
        return exam

    def _drawn(self, seed: bytes, barred: Set[UUID], avoided: Set[UUID]) -> Sequence[DrawnItem]:
        """Return the places of a form; none where there is no form."""
        if self._exam is None:
            return ()
        specification = self._exam.specification
        if self._deck is not None:
            items = self._deck.draw(seed=seed, barred=barred, avoided=avoided)
            if items or not specifications.may_stand_alone(specification):
                return items
        # A bank so tight that only a search for a way through it may find one.
        rules = specifications.rules(specification)
        for left_out in (barred | avoided, barred):
            left = [one for one in self._pool if one.question_id not in left_out]
            drawn = assembly.draw(rules, left, seed=seed)
            if not drawn.shortages:
                return drawn.items
        return ()

    def _next_number(self) -> int:
        last = select(func.max(Paper.form)).where(Paper.exam_id == self._exam_id)
        return (db.session.scalars(last).one() or 0) + 1

    def _kept(
        self, number: int, items: Sequence[DrawnItem], questions: Questions, seed: bytes
    ) -> Late:
        if self._exam is None:
            raise LookupError
        drawn = Drawn(number=number, seed=seed, items=items)
        forms = papers.prepared(self._exam, [drawn], at=self._at)
        papers.store(forms, self._exam, at=self._at)
        paper_id = forms[0].shown.paper_id
        packages.seal(paper_id, at=self._at)
        return Late(paper_id=paper_id, questions=questions)
