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
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from exams import seating
from exams.models import Attempt, Candidature, Enrolment, Exam, Paper, PaperItem
from exams.seating import Seat
from exams.services.late_papers import Reserve
from question_bank.models import QuestionVersion
from server.db import db

#: Papers of the past whose questions are kept away from who sits again.
_PAPERS_BACK = 2

#: Questions by paper.
Asked = Mapping[UUID, frozenset[UUID]]


def for_candidate(exam_id: UUID, candidate_id: UUID, paper_id: UUID, *, at: datetime) -> UUID:
    """Return the form for somebody in an exam without rooms: the one given, unless it repeats."""
    past = _past([candidate_id], exam_id).get(candidate_id)
    if not past:
        return paper_id
    asked = _asked(exam_id)
    best = min(asked, key=lambda one: (len(asked[one] & past), one != paper_id, one.bytes))
    return _spared(best, past, frozenset(), asked, Reserve(exam_id, asked.values(), at=at))


def deal(exam: Exam, placed: Sequence[Candidature], *, at: datetime) -> None:
    """Give people without seats forms: those that fewest have, and that repeat nothing.

    What has no papers, a practical, deals none.
    """
    asked = _asked(exam.id)
    if not asked:
        return
    past = _past([one.candidate_id for one in placed], exam.id)
    reserve = Reserve(exam.id, asked.values(), at=at)
    uses = _uses(exam.id)
    for one in placed:
        before = past.get(one.candidate_id, frozenset())
        best = min(asked, key=lambda form: (len(asked[form] & before), uses[form], form.bytes))
        one.enrolment.paper_id = _spared(best, before, frozenset(), asked, reserve)
        uses[one.enrolment.paper_id] += 1
    db.session.flush()


def spare_retakers(exam_id: UUID, seated: Sequence[Candidature], *, at: datetime) -> None:
    """Give those of the people just seated who sit again a form that does not repeat."""
    past = _past([one.candidate_id for one in seated], exam_id)
    if not past:
        return
    asked = _asked(exam_id)
    papers = _on_seats(exam_id)
    uses = Counter(papers.values())
    reserve = Reserve(exam_id, asked.values(), at=at)
    for one in seated:
        mine, seat = one.enrolment.paper_id, one.seat
        before = past.get(one.candidate_id, frozenset())
        if seat is None or mine is None or not asked[mine] & before:
            continue
        around = [papers[place] for place in seating.neighbours(seat) if place in papers]
        beside = frozenset[UUID]().union(*(asked[other] for other in around))
        best = _better(mine, before, around, asked, uses)
        better = _spared(best, before, beside, asked, reserve)
        uses[mine] -= 1
        uses[better] += 1
        papers[seat] = one.enrolment.paper_id = better
    db.session.flush()


def _spared(
    best: UUID,
    before: frozenset[UUID],
    beside: frozenset[UUID],
    asked: dict[UUID, frozenset[UUID]],
    reserve: Reserve,
) -> UUID:
    """Return the best form there is, or one that is drawn because that one repeats."""
    repeated = len(asked[best] & before)
    if not repeated:
        return best
    late = reserve.draw(past=before, beside=beside, fewer_than=repeated)
    if late is None:
        return best
    asked[late.paper_id] = late.questions
    return late.paper_id


def _better(
    mine: UUID, before: frozenset[UUID], around: Collection[UUID], asked: Asked,
    uses: Mapping[UUID, int],
) -> UUID:  # fmt: skip
    """Return a form with less of what was asked before, and with no more of the neighbours'."""
    beside: set[UUID] = set().union(*(asked[one] for one in around))
    most = len(asked[mine] & beside)
    fit = [one for one in asked if one not in around and len(asked[one] & beside) <= most]
    return min(
        [mine, *fit],
        key=lambda one: (len(asked[one] & before), one != mine, uses.get(one, 0), one.bytes),
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


def _past(candidate_ids: Iterable[UUID], exam_id: UUID) -> dict[UUID, frozenset[UUID]]:
    """Return the questions of the last papers of each who sat for the qualification before."""
    here = select(Exam.qualification_id).where(Exam.id == exam_id).scalar_subquery()
    statement = (
        select(Attempt.candidate_id, Attempt.paper_id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(
            Attempt.candidate_id.in_(list(candidate_ids)),
            Exam.qualification_id == here,
            ~Exam.is_practice,
        )
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


def _asked(exam_id: UUID) -> dict[UUID, frozenset[UUID]]:
    """Return the questions of each form of an exam."""
    forms = db.session.scalars(select(Paper.id).where(Paper.exam_id == exam_id))
    return _questions(set(forms))


def _questions(paper_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
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
