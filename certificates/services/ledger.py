"""What coverage reads from the training files: what stands (培训记录)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from certificates import facts, inductions
from server.db import db
from server.records.entries import RecordKind
from server.records.models import Record


class Lesson(NamedTuple):
    """An induction, or what was taught after a change of post."""

    day: date
    purpose: str
    hours: Decimal
    level: str | None
    #: The organisation whose people it was for, the id as text.
    taught_for: str | None


#: Kind, day, purpose as it is counted, role, item, and who trained (the id as text).
Said = tuple[facts.RecordKind, int, str | None, str | None, str | None, str | None]

#: Person, what is said of them, and the lesson where it is one.
Fact = tuple[UUID, Said, Lesson | None]


def lines(people: Select[Any]) -> Iterator[Fact]:
    """Yield what the files of these people say of training and assessment.

    What was corrected does not count, its correction does. A training whose assessment was
    failed is no completed training. An attempt that was voided is neither passed nor failed.
    """
    correction = aliased(Record)
    corrected = select(correction.id).where(correction.corrects_id == Record.id).exists()
    statement = select(
        Record.person_id,
        Record.subject_id,
        Record.kind,
        Record.happened_on,
        Record.purpose,
        Record.role,
        Record.item,
        Record.content,
    ).where(
        Record.person_id.in_(people),
        Record.kind.in_([RecordKind.TRAINING, RecordKind.EXAM]),
        ~corrected,
    )
    rows = db.session.execute(statement).all()
    voided = {row[1] for row in rows if row[7].get("voided")}
    for person, subject, kind, day, purpose, role, item, content in rows:
        counted = _kind(kind, content)
        if counted is not None and subject not in voided:
            trained_by = content.get("provider_id")
            what = inductions.counted_as(purpose, content.get("level"))
            said = (counted, day.toordinal(), what, role, item, trained_by)
            yield person, said, _lesson(kind, day, purpose, content)


def _lesson(
    kind: RecordKind, day: date, purpose: str | None, content: dict[str, Any]
) -> Lesson | None:
    if kind is not RecordKind.TRAINING or purpose not in inductions.PURPOSES:
        return None
    hours = Decimal(content.get("hours") or 0)
    return Lesson(day, purpose, hours, content.get("level"), inductions.taught_for(content))


def _kind(kind: RecordKind, content: dict[str, Any]) -> facts.RecordKind | None:
    passed = content.get("passed")
    if kind is RecordKind.TRAINING:
        return None if passed is False else facts.RecordKind.TRAINED
    return facts.RecordKind.PASSED if passed is True else facts.RecordKind.FAILED
