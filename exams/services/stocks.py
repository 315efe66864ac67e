"""What papers are drawn from, laid out as numbers; and back into questions (题源)."""

from __future__ import annotations

from collections.abc import Sequence, Set
from uuid import UUID

import numpy as np

from exams import estimates
from exams.assembly import Candidate, DrawnItem
from exams.batch import checking
from exams.batch.stock import Places, Specification, Stock
from exams.models import PaperSpecification
from exams.paper_errors import RequiredNotInPool
from exams.services import specifications


class Laid:
    """Questions laid out for a specification (备料).

    Args:
        specification: what every form must meet.
        questions: what may be drawn.

    Raises:
        RequiredNotInPool: a required question cannot be drawn.
    """

    def __init__(self, specification: PaperSpecification, questions: Sequence[Candidate]) -> None:
        self.questions = questions
        self.place_of = {one.question_id: place for place, one in enumerate(questions)}
        sections = specifications.rules(specification)
        self.stock = _stock(questions, [rule.kind for rule in sections])
        required = [UUID(one) for one in specification.required_question_ids]
        excluded = {UUID(one) for one in specification.excluded_question_ids}
        if not set(required) <= self.place_of.keys():
            raise RequiredNotInPool
        self.wanted = Specification(
            sections=sections,
            target=specification.target_points,
            tolerance=specification.tolerance_points,
            cap=specification.most_uses,
            required=frozenset(self.place_of[one] for one in required),
            excluded=frozenset(self.place_of[one] for one in excluded & self.place_of.keys()),
        )

    def places(self, questions: Set[UUID]) -> set[int]:
        """Return where questions lie; those that every form takes are left out."""
        found = {self.place_of[one] for one in questions if one in self.place_of}
        return found - self.wanted.required

    def placed(self, row: Places) -> list[DrawnItem]:
        """Return a form as questions in their places."""
        section = self.stock.section
        return [
            DrawnItem(
                slot=slot,
                section=int(section[place]),
                candidate=self.questions[place],
                points=self.wanted.sections[int(section[place])].points,
            )
            for slot, place in enumerate(row.tolist(), start=1)
        ]

    def are_right(self, wanted: Specification, papers: Places) -> bool:
        """Say whether forms keep to every rule, by code that shares nothing with what drew them."""
        sections = [
            checking.Wanted(
                kind=rule.kind,
                count=rule.count,
                points=rule.points,
                topics={name: (one.minimum, one.maximum) for name, one in rule.topics.items()},
            )
            for rule in wanted.sections
        ]
        return checking.check(
            papers.tolist(),
            {place: self._asked(place) for place in np.unique(papers).tolist()},
            sections,
            target=wanted.target,
            tolerance=wanted.tolerance,
            cap=wanted.cap,
            required=wanted.required,
            excluded=wanted.excluded,
        ).is_right

    def _asked(self, place: int) -> checking.Asked:
        one, facility = self.questions[place], float(self.stock.facility[place])
        return checking.Asked(kind=one.kind, topic=one.topic, facility=facility, group=one.group)


def _stock(questions: Sequence[Candidate], kinds: Sequence[str]) -> Stock:
    section_of = {kind: place for place, kind in enumerate(kinds)}
    topics = sorted({one.topic for one in questions})
    topic_of = {topic: place for place, topic in enumerate(topics)}
    group_of: dict[UUID, int] = {}
    known = estimates.of(questions)
    return Stock(
        section=np.array([section_of.get(one.kind, -1) for one in questions], dtype=np.int64),
        topic=np.array([topic_of[one.topic] for one in questions], dtype=np.int64),
        facility=np.array([one.facility for one in known]),
        error=np.array([one.error for one in known]),
        group=np.array(
            [group_of.setdefault(one.group, len(group_of)) for one in questions], dtype=np.int64
        ),
        used=np.array([one.exposure_count for one in questions], dtype=np.int64),
        topics=topics,
    )
