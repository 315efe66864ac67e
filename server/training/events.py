"""Facts of training that concern other parts (培训事件)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from server.events import Event
from server.people.roster import PostRole
from server.training.kinds import TrainingType


@dataclass(frozen=True, kw_only=True)
class LearnerEntering(Event):
    """Somebody is about to get a place in a class; who knows of a hindrance refuses."""

    person_id: UUID
    class_id: UUID
    type: TrainingType
    role: PostRole | None
    item: str | None
    #: The first day of the class.
    on: date


@dataclass(frozen=True, kw_only=True)
class TrainingCompleted(Event):
    """Somebody has done what a class asks, and the ledger has it."""

    person_id: UUID
    class_id: UUID
    record_id: UUID
    type: TrainingType
    at: datetime
