"""Forms drawn after the others were sealed, for those whom every other would ask again (补卷).

They follow the same specification, count what came up in the exam so far, are checked by the same
other code, and are sealed like the rest; none that was sealed changes. Their chance comes of that
of the exam, which was promised before.

What they are drawn from takes long to read out of a large bank. It is read before a transaction
begins, and kept for a minute; whether a question may still be asked is looked at as it is drawn.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from exams import assembly
from exams.assembly import Candidate, DrawnItem
from exams.lifecycle import ExamState
from exams.models import Exam, Paper, PaperItem
from exams.services import (
    batches,
    drawn_forms,
    exposures,
    packages,
    papers,
    pool,
    shelves,
    specifications,
)
from exams.services.decks import Deck
from exams.services.drawn_forms import Drawn
from exams.services.stocks import Laid
from question_bank.models import QuestionVersion
from server.db import db

#: Questions of a form.
Questions = frozenset[UUID]

#: How long what was read of a bank is used, and of how many exams a process keeps it.
KEPT = timedelta(minutes=1)
_MOST_KEPT = 2


@dataclass(frozen=True, kw_only=True)
class Late:
    """A form that was drawn for somebody."""

    paper_id: UUID
    questions: Questions


@dataclass(frozen=True, kw_only=True)
class Stall:
    """What further forms of an exam are drawn from, as it was read at a moment."""

    read_at: datetime
    questions: Sequence[Candidate]
    #: Counts the forms of the draw; None where forms are searched for one by one.
    deck: Deck | None

    def is_fresh(self, at: datetime) -> bool:
        """Say whether it may be used at a moment."""
        return timedelta(0) <= at - self.read_at <= KEPT


_STALLS: shelves.Store[Stall] = shelves.Store(most=_MOST_KEPT)


def make_ready(exam_id: UUID, *, at: datetime) -> None:
    """Read what further forms of an exam would be drawn from, before anybody waits. Reads only."""
    exam = db.session.get(Exam, exam_id)
    if exam is not None and exam.state is ExamState.PUBLISHED and _may_grow(exam):
        _stall(exam, at)


class Reserve:
    """Draws further forms of a published exam; what they are drawn from is read when it must be.

    Args:
        exam_id: the exam.
        at: the moment.
    """

    def __init__(self, exam_id: UUID, *, at: datetime) -> None:
        self._exam_id = exam_id
        self._at = at
        self._exam: Exam | None = None
        self._questions: Sequence[Candidate] = ()
        self._deck: Deck | None = None

    def draw(self, *, past: Set[UUID], beside: Set[UUID], fewer_than: int) -> Late | None:
        """Draw a form for somebody; None where the bank carries none that repeats less.

        Args:
            past: what they were asked before: none of it, or, where that cannot be, little.
            beside: what lies on the papers around them: little of it.
            fewer_than: so many of their past questions stand on the best form there is.
        """
        exam = self._exam or self._open()
        if not _may_grow(exam) or exam.seed is None:
            return None
        number = self._next_number()
        seed = drawn_forms.seed_of(bytes.fromhex(exam.seed), number)
        drawn = self._tried(exam, seed, past, beside, fewer_than)
        if drawn and not self._is_in_use(exam, drawn):
            # Something was withdrawn in the last minute: only then all is read while others wait.
            _STALLS.drop(exam.id)
            self._lay_out(exam)
            drawn = self._tried(exam, seed, past, beside, fewer_than)
        return self._kept(exam, number, drawn, seed) if drawn else None

    def _open(self) -> Exam:
        """Let nobody else add a form to the exam meanwhile, and see which there are."""
        statement = select(Exam).where(Exam.id == self._exam_id)
        exam = db.session.scalars(statement.with_for_update(of=Exam, key_share=True)).one()
        self._exam = exam
        if _may_grow(exam):
            self._lay_out(exam)
        return exam

    def _lay_out(self, exam: Exam) -> None:
        stall = _stall(exam, self._at)
        self._questions, self._deck = stall.questions, None
        if stall.deck is not None:
            self._deck = stall.deck.beginning()
            for questions in _added(exam):
                self._deck.count(questions)

    def _tried(
        self, exam: Exam, seed: bytes, past: Set[UUID], beside: Set[UUID], fewer_than: int
    ) -> Sequence[DrawnItem]:
        """Return the places of a form that repeats less; none where there is none."""
        for barred, avoided in ((past, beside), (frozenset[UUID](), past | beside)):
            items = self._drawn(exam, seed, barred, avoided)
            if items and len(_asked(items) & past) < fewer_than:
                return items
        return ()

    def _drawn(
        self, exam: Exam, seed: bytes, barred: Set[UUID], avoided: Set[UUID]
    ) -> Sequence[DrawnItem]:
        """Return the places of a form; none where there is no form."""
        if self._deck is not None:
            items = self._deck.draw(seed=seed, barred=barred, avoided=avoided)
            if items or not specifications.may_stand_alone(exam.specification):
                return items
        # A bank so tight that only a search for a way through it may find one.
        rules = specifications.rules(exam.specification)
        for left_out in (barred | avoided, barred):
            left = [one for one in self._questions if one.question_id not in left_out]
            drawn = assembly.draw(rules, left, seed=seed)
            if not drawn.shortages:
                return drawn.items
        return ()

    def _is_in_use(self, exam: Exam, items: Sequence[DrawnItem]) -> bool:
        """Say whether everything that was drawn may still be asked."""
        versions = {item.candidate.version_id for item in items}
        return pool.may_be_asked(versions, exam.qualification, at=self._at, sat_at=exam.closes_at)

    def _next_number(self) -> int:
        last = select(func.max(Paper.form)).where(Paper.exam_id == self._exam_id)
        return (db.session.scalars(last).one() or 0) + 1

    def _kept(self, exam: Exam, number: int, items: Sequence[DrawnItem], seed: bytes) -> Late:
        forms = papers.prepared(exam, [Drawn(number=number, seed=seed, items=items)], at=self._at)
        papers.store(forms, exam, at=self._at)
        paper_id = forms[0].shown.paper_id
        packages.seal(paper_id, at=self._at)
        if self._deck is not None:
            self._deck.count(_asked(items))
        return Late(paper_id=paper_id, questions=_asked(items))


def _asked(items: Sequence[DrawnItem]) -> Questions:
    return frozenset(item.candidate.question_id for item in items)


def _may_grow(exam: Exam) -> bool:
    """Say whether forms are added to an exam: to none that is practice or has no chance left."""
    return not exam.is_practice and exam.seed is not None


def _stall(exam: Exam, at: datetime) -> Stall:
    """Return what was read in the last minute, or read it."""
    kept = _STALLS.find(exam.id)
    if kept is None or not kept.is_fresh(at):
        every = pool.of(exam.qualification, at=at, sat_at=exam.closes_at)
        questions = exposures.rested(every, exam.specification)
        deck = None
        if batches.applies(exam.specification, 2):
            laid = Laid(exam.specification, questions)
            deck = Deck(laid, _given(exam), exam.form_count)
            deck.make_ready()
        kept = Stall(read_at=at, questions=questions, deck=deck)
        _STALLS.keep(exam.id, kept)
    return kept


def _given(exam: Exam) -> Counter[UUID]:
    """Return on how many forms of the draw each question stands."""
    statement = (
        select(QuestionVersion.question_id, func.count())
        .join(PaperItem, PaperItem.version_id == QuestionVersion.id)
        .join(Paper, Paper.id == PaperItem.paper_id)
        .where(Paper.exam_id == exam.id, Paper.form <= exam.form_count)
        .group_by(QuestionVersion.question_id)
    )
    found = db.session.execute(statement)
    return Counter({question_id: count for question_id, count in found})


def _added(exam: Exam) -> list[Questions]:
    """Return the questions of each form that was added since the draw."""
    statement = (
        select(Paper.id, QuestionVersion.question_id)
        .join(PaperItem, PaperItem.paper_id == Paper.id)
        .join(QuestionVersion, QuestionVersion.id == PaperItem.version_id)
        .where(Paper.exam_id == exam.id, Paper.form > exam.form_count)
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for paper_id, question_id in db.session.execute(statement):
        found[paper_id].add(question_id)
    return [frozenset(one) for one in found.values()]
