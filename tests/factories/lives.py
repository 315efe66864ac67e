"""What befalls people at work: inductions, violations, health; told only what a test is about."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from server.days import beginning_of
from server.organisations.models import Organisation
from server.people.models import Person
from server.records import services as records
from server.records.entries import InductionLevel, RecordKind, TrainingPurpose
from tests.moments import NOON


def an_induction(
    person: Person,
    by: Organisation,
    *levels: InductionLevel,
    on: date = date(2026, 1, 5),
    hours: str = "24.0",
    purpose: TrainingPurpose = TrainingPurpose.INDUCTION,
) -> None:
    """Store inductions on the levels named, on all three where none is."""
    for level in levels or InductionLevel:
        a_line(
            person,
            RecordKind.TRAINING,
            on=on,
            purpose=purpose,
            content={
                "programme": "三级安全教育",
                "hours": hours,
                "level": level.value,
                "provider_id": str(by.id),
                "passed": True,
            },
        )


def a_line(
    person: Person,
    kind: RecordKind,
    *,
    on: date = date(2026, 3, 1),
    content: dict[str, Any] | None = None,
    purpose: str | None = None,
    item: str | None = None,
    source: str = "某企业",
    at: datetime = NOON,
) -> UUID:
    """Store a line of somebody's file."""
    record = records.add(
        person.id,
        kind,
        subject_id=uuid4(),
        happened_at=beginning_of(on),
        content=content or {},
        source=source,
        purpose=purpose,
        item=item,
        at=at,
    )
    return record.id
