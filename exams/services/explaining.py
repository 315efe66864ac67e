"""What an outcome is made of, without the questions (成绩说明)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select

from exams import regrading, sync
from exams.correction_errors import NotReleased
from exams.models import Attempt, Outcome, PaperItem
from exams.services import forms, kept, outcomes
from exams.services.reach import gives_partial_credit
from question_bank.models import QuestionVersion
from server.db import db


@dataclass(kw_only=True)
class Part:
    """A section or a topic: how many questions, how many wholly right, and the points."""

    name: str
    question_count: int = 0
    right_count: int = 0
    score: Fraction = field(default_factory=Fraction)
    max_score: Fraction = field(default_factory=Fraction)

    def add(self, earned: Fraction, worth: int) -> None:
        """Count one question."""
        self.question_count += 1
        self.right_count += earned == worth and worth > 0
        self.score += earned
        self.max_score += worth


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """An outcome with what it is made of: no question, no key."""

    outcome: Outcome
    sections: list[Part]
    topics: list[Part]


def of(attempt: Attempt, *, at: datetime) -> Explanation:
    """Explain a candidate's own outcome once it is shown.

    Raises:
        NotReleased: it is not yet.
    """
    outcome = outcomes.visible(attempt, at=at)
    if outcome is None:
        raise NotReleased
    connection = db.session.connection()
    chosen = kept.chosen(connection, [attempt.id]).get(attempt.id, {})
    partial = gives_partial_credit(attempt.exam)
    sections: dict[int, Part] = {}
    topics: dict[str, Part] = defaultdict(lambda: Part(name=""))
    kinds = _places(attempt)
    for place in forms.key_sheet(connection, attempt.paper_id):
        labels = forms.labels(sync.options(chosen.get(place.slot, 0)))
        worth = regrading.worth(place)
        earned = regrading.share(place, labels, partial_credit=partial) * worth
        section, topic = kinds[place.slot]
        sections.setdefault(section, Part(name=place.kind.value)).add(earned, worth)
        topics[topic].add(earned, worth)
    for name, part in topics.items():
        part.name = name
    return Explanation(
        outcome=outcome,
        sections=[part for _, part in sorted(sections.items())],
        topics=[part for _, part in sorted(topics.items())],
    )


def _places(attempt: Attempt) -> dict[int, tuple[int, str]]:
    statement = (
        select(PaperItem.slot, PaperItem.section, QuestionVersion.topic)
        .join(QuestionVersion, QuestionVersion.id == PaperItem.version_id)
        .where(PaperItem.paper_id == attempt.paper_id)
    )
    return {row.slot: (row.section, row.topic or "") for row in db.session.execute(statement)}
