"""Mock exams: a paper by the rule of a real exam, from the practice pool only (模拟考试).

Kept apart from real attempts: nothing here is an outcome, goes on file or into statistics. Handing
in tells key and explanation of every question, and writes each down as practised.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select

from exams import assembly, grading, permutation
from exams.errors import MockExamOver, PoolTooSmall
from exams.grading import MarkedSlot
from exams.lifecycle import ExamState
from exams.models import Exam, MockExam
from exams.services import planning, pool, specifications
from exams.services.reach import rules_of
from question_bank import delivery, marking
from question_bank.delivery import ShownQuestion
from question_bank.kinds import LABELS
from question_bank.models import QuestionVersion
from question_bank.repetition import Recall
from question_bank.services import drawing, settling, showing
from server.db import db
from server.errors import IdTaken, Invalid, Message, NotFound
from server.paging import Page, page


@dataclass(frozen=True, kw_only=True)
class MockQuestion(ShownQuestion):
    """One place of a mock exam as its learner sees it; like its parent, without a key."""

    slot: int
    section: int
    points: int


@dataclass(frozen=True, kw_only=True)
class MockMark:
    """What one place earned; told once the mock exam is handed in."""

    slot: int
    #: Labels as shown.
    chosen: Sequence[str]
    key: Sequence[str]
    mark: Fraction
    explanation: str | None
    explanation_html: str | None
    law_citation: str | None


@dataclass(frozen=True, kw_only=True)
class ShownMock:
    """A mock exam with its questions."""

    mock: MockExam
    questions: Sequence[MockQuestion]
    #: None until it is handed in.
    marks: Sequence[MockMark] | None


def begin(
    mock_id: UUID, *, exam_id: UUID, learner_id: UUID, seed: bytes, at: datetime
) -> ShownMock:
    """Draw a mock exam under the id given; asking again draws nothing.

    Args:
        mock_id: made by the phone.
        exam_id: a published exam, whose rules and specification count.
        learner_id: whose it is.
        seed: secret chance, at least 16 bytes.
        at: the moment.

    Raises:
        NotFound: there is no such published exam.
        PoolTooSmall: the practice pool cannot carry the specification.
        MockExamsUsed: there are no more today.
        IdTaken: another mock exam stands under the id.
    """
    known = db.session.get(MockExam, mock_id)
    if known is not None:
        if (known.learner_id, known.exam_id) != (learner_id, exam_id):
            raise IdTaken
        return _shown(known)
    exam = planning.get(exam_id)
    if exam.state is not ExamState.PUBLISHED:
        raise NotFound
    mock = MockExam(
        id=mock_id,
        learner_id=learner_id,
        exam_id=exam_id,
        places=_draw(exam, seed, at),
        started_at=at,
        deadline_at=at + rules_of(exam).allowed,
    )
    ids = [UUID(place["version_id"]) for place in mock.places]
    showing.begin_mock_exam(learner_id, ids, at=at)
    mock.exam = exam
    db.session.add(mock)
    db.session.flush()
    return _shown(mock)


def get(mock_id: UUID, *, learner_id: UUID) -> ShownMock:
    """Return one's own mock exam.

    Raises:
        NotFound: there is none, or it is another's.
    """
    return _shown(_own(mock_id, learner_id))


def listed(learner_id: UUID, *, cursor: str | None, limit: int) -> Page:
    """Return a page of one's own mock exams, the latest first."""
    statement = select(MockExam).where(MockExam.learner_id == learner_id)
    keys = [MockExam.started_at, MockExam.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def submit(
    mock_id: UUID, *, chosen: Mapping[int, Collection[str]], learner_id: UUID, at: datetime
) -> ShownMock:
    """Hand a mock exam in and mark it. Handing it in again tells the first outcome.

    Args:
        mock_id: which.
        chosen: labels as shown, by slot; a slot without is worth nothing.
        learner_id: whose it is.
        at: the moment.

    Raises:
        NotFound: there is none, or it is another's.
        MockExamOver: its time was up before.
        Invalid: a slot or a label was not shown.
    """
    mock = _own(mock_id, learner_id, locked=True)
    if mock.submitted_at is not None:
        return _shown(mock)
    rules = rules_of(mock.exam)
    if at > mock.deadline_at + timedelta(seconds=rules.grace_seconds):
        raise MockExamOver(deadline_at=mock.deadline_at.isoformat())
    _check(mock.places, chosen)
    mock.chosen = {str(slot): sorted(labels) for slot, labels in chosen.items()}
    mock.submitted_at = at
    marked = _marked(mock, partial_credit=rules.partial_credit)
    grade = grading.grade(marked.values(), pass_percent=rules.pass_percent)
    mock.score, mock.max_score = str(grade.score), str(grade.max_score)
    mock.passed = grade.passed
    _practised(mock, marked, at)
    db.session.flush()
    return _shown(mock)


def _draw(exam: Exam, seed: bytes, at: datetime) -> list[dict[str, Any]]:
    questions = pool.of_practice(exam.qualification, at=at)
    drawn = assembly.draw(specifications.rules(exam.specification), questions, seed=seed)
    if drawn.shortages:
        raise PoolTooSmall([asdict(shortage) for shortage in drawn.shortages])
    versions = drawing.versions([item.candidate.version_id for item in drawn.items])
    places = []
    for item in drawn.items:
        version = versions[item.candidate.version_id]
        texts = [option["text"] for option in version.options]
        order, _movable = permutation.form_order(
            version.kind, texts, seed=seed, slot=item.slot, keep=version.keeps_order
        )
        places.append(
            {
                "version_id": str(version.id),
                "section": item.section,
                "points": item.points,
                "order": order,
            }
        )
    return places


def _own(mock_id: UUID, learner_id: UUID, *, locked: bool = False) -> MockExam:
    statement = select(MockExam).where(MockExam.id == mock_id, MockExam.learner_id == learner_id)
    if locked:
        statement = statement.with_for_update(of=MockExam).execution_options(populate_existing=True)
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _versions(mock: MockExam) -> list[QuestionVersion]:
    ids = [UUID(place["version_id"]) for place in mock.places]
    found = drawing.versions(ids)
    return [found[one] for one in ids]


def _check(places: Sequence[Mapping[str, Any]], chosen: Mapping[int, Collection[str]]) -> None:
    for slot, labels in chosen.items():
        shown = LABELS[: len(places[slot - 1]["order"])] if slot <= len(places) else ""
        if slot < 1 or not set(labels) <= set(shown):
            raise Invalid(
                {"chosen": [Message(en="Choose shown labels.", zh="请选择题目中的选项。")]}
            )


def _order(place: Mapping[str, Any], version: QuestionVersion) -> tuple[str, ...]:
    """Return the written labels in the order shown."""
    return tuple(version.labels[at] for at in place["order"])


def _marked(mock: MockExam, *, partial_credit: bool) -> dict[UUID, MarkedSlot]:
    """Return what was earned in each place, by question."""
    found = {}
    pairs = zip(mock.places, _versions(mock), strict=True)
    for slot, (place, version) in enumerate(pairs, start=1):
        labels = (mock.chosen or {}).get(str(slot), [])
        written = delivery.as_written(labels, _order(place, version))
        share = marking.mark(version.kind, written, version.key, partial_credit=partial_credit)
        found[version.question_id] = MarkedSlot(slot=slot, points=place["points"], share=share)
    return found


def _practised(mock: MockExam, marked: Mapping[UUID, MarkedSlot], at: datetime) -> None:
    """Write down where the learner stands with each question that was responded to."""
    for question_id, slot in sorted(marked.items()):
        if (mock.chosen or {}).get(str(slot.slot)):
            correct = slot.share == 1
            settling.settle(
                mock.learner_id, question_id, correct=correct, recall=Recall.GOOD, at=at
            )


def _shown(mock: MockExam) -> ShownMock:
    pairs = list(zip(mock.places, _versions(mock), strict=True))
    questions = [
        MockQuestion(
            slot=slot,
            section=place["section"],
            points=place["points"],
            question_id=version.question_id,
            version_id=version.id,
            kind=version.kind,
            topic=version.topic,
            stem=version.stem,
            stem_html=version.stem_html,
            options=delivery.shown_options(version.options, _order(place, version)),
        )
        for slot, (place, version) in enumerate(pairs, start=1)
    ]
    over = mock.submitted_at is not None
    return ShownMock(mock=mock, questions=questions, marks=_marks(mock, pairs) if over else None)


def _marks(mock: MockExam, pairs: Sequence[tuple[Any, QuestionVersion]]) -> list[MockMark]:
    marked = _marked(mock, partial_credit=rules_of(mock.exam).partial_credit)
    found = []
    for slot, (place, version) in enumerate(pairs, start=1):
        earned = marked[version.question_id]
        found.append(
            MockMark(
                slot=slot,
                chosen=(mock.chosen or {}).get(str(slot), []),
                key=delivery.as_shown(version.key, _order(place, version)),
                mark=earned.share * earned.points,
                explanation=version.explanation,
                explanation_html=version.explanation_html,
                law_citation=version.law_citation,
            )
        )
    return found
