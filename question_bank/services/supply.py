"""What papers may draw for the topics of a syllabus (大纲题量)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from question_bank.models import SyllabusTopic
from question_bank.services import drawing, likenesses, syllabuses
from question_bank.services.drawing import PoolEntry


@dataclass(frozen=True, kw_only=True)
class Supply:
    """What papers may draw for one topic and those beneath it, of one kind."""

    topic_id: UUID | None
    #: Names that questions carry and no topic knows, where there is no topic.
    name: str | None
    kind: str
    question_count: int
    #: Of a group of duplicates a paper takes one: groups count once.
    distinct_count: int


def of(syllabus_id: UUID, *, on: date) -> list[Supply]:
    """Return what papers may draw on a day, by topic (with all beneath it) and kind.

    Questions whose topic no name of the tree knows come last, by their own names.

    Raises:
        NotFound: there is no such syllabus.
    """
    syllabus, topics = syllabuses.get(syllabus_id), syllabuses.topics_of(syllabus_id)
    pool = drawing.published_for_exams(
        on=on, role=syllabus.role, operation_item=syllabus.operation_item or None
    )
    groups = likenesses.groups([entry.question_id for entry in pool])
    by_name: dict[str, list[PoolEntry]] = {}
    for entry in pool:
        by_name.setdefault(entry.topic or "", []).append(entry)
    names = _names_beneath(topics)
    found = [
        one
        for topic in topics
        for one in _counted(
            (entry for name in names[topic.id] for entry in by_name.get(name, ())),
            groups,
            topic_id=topic.id,
        )
    ]
    known = {name for of_topic in names.values() for name in of_topic}
    for name in sorted(set(by_name) - known):
        found += _counted(by_name[name], groups, name=name)
    return found


def _counted(
    entries: Iterable[PoolEntry],
    groups: dict[UUID, UUID],
    *,
    topic_id: UUID | None = None,
    name: str | None = None,
) -> list[Supply]:
    questions: Counter[str] = Counter()
    distinct: dict[str, set[UUID]] = {}
    for entry in entries:
        questions[entry.kind.value] += 1
        distinct.setdefault(entry.kind.value, set()).add(groups[entry.question_id])
    return [
        Supply(
            topic_id=topic_id,
            name=name,
            kind=kind,
            question_count=questions[kind],
            distinct_count=len(distinct[kind]),
        )
        for kind in sorted(questions)
    ]


def _names_beneath(topics: Sequence[SyllabusTopic]) -> dict[UUID, set[str]]:
    """Return the names of each topic and of all beneath it; parents come before children."""
    names = {one.id: {one.name, *one.names} for one in topics}
    for one in reversed(topics):
        if one.parent_id is not None:
            names[one.parent_id] |= names[one.id]
    return names
