"""Who gets which form: nobody a question that stood on one of their last papers (分卷).

The form lies on the seat. Where somebody sits again and it asks what they were asked before, they
get another form that does not, and that shares nothing with the neighbours; where there is none,
one is drawn for them, and where the bank carries none they keep the one that repeats least. Exams
without rooms choose in the same way, without neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from exams import seating
from exams.models import Attempt, Candidature, Enrolment, Exam, Paper, PaperItem
from exams.seating import Seat
from exams.services import late_papers
from exams.services.late_papers import Reserve
from exams.sittings import Awaited
from question_bank.models import QuestionVersion
from server.db import db

#: Papers of the past whose questions are kept away from who sits again.
_PAPERS_BACK = 2


def prepare(exam_id: UUID, candidate_id: UUID | None = None, *, at: datetime) -> None:
    """Read, before anybody waits, what a form would be drawn from for who sits again. Reads only.

    Args:
        exam_id: the exam.
        candidate_id: who is about to get a form; None for all who have places or wait for them.
        at: the moment.
    """
    places = select(Enrolment.candidate_id).where(
        Enrolment.exam_id == exam_id, Enrolment.withdrawn_at.is_(None)
    )
    _prepare(exam_id, places if candidate_id is None else [candidate_id], at)


def prepare_moves(exam_id: UUID, enrolment_id: UUID | None = None, *, at: datetime) -> None:
    """Do the same for those who wait for a place, and for who has a certain one."""
    places = select(Enrolment.candidate_id).where(
        Enrolment.exam_id == exam_id,
        Enrolment.withdrawn_at.is_(None),
        or_(Enrolment.awaits == Awaited.STAND_BY, Enrolment.id == enrolment_id),
    )
    _prepare(exam_id, places, at)


def _prepare(exam_id: UUID, candidates: Select[UUID] | list[UUID], at: datetime) -> None:
    sat = _sat_before(exam_id).where(Attempt.candidate_id.in_(candidates)).limit(1)
    if db.session.execute(sat).first() is not None:
        late_papers.make_ready(exam_id, at=at)


def for_candidate(exam_id: UUID, candidate_id: UUID, paper_id: UUID, *, at: datetime) -> UUID:
    """Return the form for somebody in an exam without rooms: the one given, unless it repeats."""
    past = _past([candidate_id], exam_id).get(candidate_id)
    if not past:
        return paper_id
    repeats = _shared(exam_id, past)
    best = min(_forms(exam_id), key=lambda one: (repeats.get(one, 0), one != paper_id, one.bytes))
    late = _late(Reserve(exam_id, at=at), past, frozenset(), repeats.get(best, 0))
    return late or best


def deal(exam: Exam, placed: Sequence[Candidature], *, at: datetime) -> None:
    """Give people without seats forms: those that fewest have, and that repeat nothing.

    What has no papers, a practical, deals none.
    """
    uses = _uses(exam.id)
    least = _Least({one: uses[one] for one in _forms(exam.id)})
    if not least.uses:
        return
    past = _past([one.candidate_id for one in placed], exam.id)
    reserve = Reserve(exam.id, at=at)
    for one in placed:
        before = past.get(one.candidate_id)
        if not before:
            one.enrolment.paper_id = least.take()
            continue
        repeats = _shared(exam.id, before)
        best = least.best(repeats)
        late = _late(reserve, before, frozenset(), repeats.get(best, 0))
        one.enrolment.paper_id = late or best
        least.count(one.enrolment.paper_id)
    db.session.flush()


def spare_retakers(exam_id: UUID, seated: Sequence[Candidature], *, at: datetime) -> None:
    """Give those of the people just seated who sit again a form that does not repeat."""
    past = _past([one.candidate_id for one in seated], exam_id)
    if not past:
        return
    papers = _on_seats(exam_id)
    uses = Counter(papers.values())
    reserve = Reserve(exam_id, at=at)
    for one in seated:
        mine, seat = one.enrolment.paper_id, one.seat
        before = past.get(one.candidate_id)
        if seat is None or mine is None or not before:
            continue
        repeats = _shared(exam_id, before)
        if not repeats.get(mine):
            continue
        around = [papers[place] for place in seating.neighbours(seat) if place in papers]
        beside = frozenset[UUID]().union(*_questions(around).values())
        best = _better(exam_id, mine, repeats, around, beside, uses)
        better = _late(reserve, before, beside, repeats.get(best, 0)) or best
        uses[mine] -= 1
        uses[better] += 1
        papers[seat] = one.enrolment.paper_id = better
    db.session.flush()


class _Least:
    """The forms of an exam, the one that fewest people have first."""

    def __init__(self, uses: dict[UUID, int]) -> None:
        self.uses = uses
        self._heap = [(count, one.bytes, one) for one, count in uses.items()]
        heapify(self._heap)

    def take(self) -> UUID:
        """Return the form that fewest have, and count it."""
        while True:
            count, _, form = heappop(self._heap)
            if count == self.uses[form]:
                self.count(form)
                return form

    def best(self, repeats: Mapping[UUID, int]) -> UUID:
        """Return the form that repeats least, and of those the one that fewest have."""
        return min(self.uses, key=lambda one: (repeats.get(one, 0), self.uses[one], one.bytes))

    def count(self, form: UUID) -> None:
        """Count a form that somebody got."""
        self.uses[form] = self.uses.get(form, 0) + 1
        heappush(self._heap, (self.uses[form], form.bytes, form))


def _late(
    reserve: Reserve, before: frozenset[UUID], beside: frozenset[UUID], repeated: int
) -> UUID | None:
    """Return a form that is drawn where the best one there is repeats; None where none can be."""
    if not repeated:
        return None
    late = reserve.draw(past=before, beside=beside, fewer_than=repeated)
    return None if late is None else late.paper_id


def _better(
    exam_id: UUID,
    mine: UUID,
    repeats: Mapping[UUID, int],
    around: Collection[UUID],
    beside: frozenset[UUID],
    uses: Mapping[UUID, int],
) -> UUID:
    """Return a form with less of what was asked before, and with no more of the neighbours'."""
    shared = _shared(exam_id, beside)
    most = shared.get(mine, 0)
    fit = [one for one in _forms(exam_id) if one not in around and shared.get(one, 0) <= most]
    return min(
        [mine, *fit],
        key=lambda one: (repeats.get(one, 0), one != mine, uses.get(one, 0), one.bytes),
    )


def _uses(exam_id: UUID) -> Counter[UUID]:
    """Return how many have each form."""
    statement = (
        select(Enrolment.paper_id, func.count())
        .where(
            Enrolment.exam_id == exam_id,
            Enrolment.withdrawn_at.is_(None),
            Enrolment.paper_id.is_not(None),
        )
        .group_by(Enrolment.paper_id)
    )
    found = db.session.execute(statement)
    return Counter({paper_id: count for paper_id, count in found if paper_id is not None})


def _sat_before(exam_id: UUID) -> Select[UUID, UUID]:
    """Return candidates and papers of attempts for the qualification of an exam."""
    here = select(Exam.qualification_id).where(Exam.id == exam_id).scalar_subquery()
    return (
        select(Attempt.candidate_id, Attempt.paper_id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Exam.qualification_id == here, ~Exam.is_practice)
    )


def _past(candidate_ids: Iterable[UUID], exam_id: UUID) -> dict[UUID, frozenset[UUID]]:
    """Return the questions of the last papers of each who sat for the qualification before."""
    statement = (
        _sat_before(exam_id)
        .where(Attempt.candidate_id.in_(list(candidate_ids)))
        .order_by(Attempt.started_at.desc(), Attempt.id)
    )
    papers: dict[UUID, list[UUID]] = {}
    for candidate_id, paper_id in db.session.execute(statement):
        papers.setdefault(candidate_id, []).append(paper_id)
    last = {one: found[:_PAPERS_BACK] for one, found in papers.items()}
    asked = _questions({paper for found in last.values() for paper in found})
    return {
        one: frozenset().union(*(asked[paper] for paper in found)) for one, found in last.items()
    }


def _forms(exam_id: UUID) -> list[UUID]:
    """Return the forms of an exam, those drawn for somebody as well."""
    return list(db.session.scalars(select(Paper.id).where(Paper.exam_id == exam_id)))


def _shared(exam_id: UUID, questions: Collection[UUID]) -> dict[UUID, int]:
    """Return how many of some questions each form of an exam asks; forms with none are missing.

    The database counts, question by question: of ten thousand forms a few hundred ask any.
    """
    versions = select(QuestionVersion.id).where(QuestionVersion.question_id.in_(list(questions)))
    counted = (
        select(PaperItem.paper_id, func.count().label("in_common"))
        .where(PaperItem.version_id.in_(versions))
        .group_by(PaperItem.paper_id)
        .subquery()
    )
    statement = (
        select(counted.c.paper_id, counted.c.in_common)
        .join(Paper, Paper.id == counted.c.paper_id)
        .where(Paper.exam_id == exam_id)
    )
    return {paper_id: count for paper_id, count in db.session.execute(statement)}


def _questions(paper_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return the questions of papers."""
    if not paper_ids:
        return {}
    statement = (
        select(PaperItem.paper_id, QuestionVersion.question_id)
        .join(QuestionVersion, QuestionVersion.id == PaperItem.version_id)
        .where(PaperItem.paper_id.in_(paper_ids))
    )
    found: dict[UUID, set[UUID]] = {one: set() for one in paper_ids}
    for paper_id, question_id in db.session.execute(statement):
        found[paper_id].add(question_id)
    return {one: frozenset(questions) for one, questions in found.items()}


def _on_seats(exam_id: UUID) -> dict[Seat, UUID]:
    """Return the form that lies on each taken seat."""
    statement = (
        select(
            Candidature.room_id,
            Candidature.seat_row,
            Candidature.seat_column,
            Enrolment.paper_id,
        )
        .join(Enrolment, Enrolment.id == Candidature.id)
        .where(
            Candidature.sitting_id == exam_id,
            Candidature.room_id.is_not(None),
            Enrolment.withdrawn_at.is_(None),
            Enrolment.paper_id.is_not(None),
        )
    )
    rows: Iterable[Any] = db.session.execute(statement)
    return {Seat(room, row, column): paper for room, row, column, paper in rows}


def seated_pairs(exam_id: UUID) -> list[tuple[UUID, UUID]]:
    """Return the forms of every two people who sit beside each other."""
    papers = _on_seats(exam_id)
    return [
        (paper, papers[place])
        for seat, paper in papers.items()
        for place in seating.neighbours(seat)
        if place in papers and tuple(seat)[1:] < tuple(place)[1:]
    ]
