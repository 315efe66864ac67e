"""An exam as its planner writes it, before it is checked; an order for a room (考试计划草案)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from exams.rooms import RoomAct, StartMode

#: Forms of one exam at most: one for each candidate of the largest sitting.
MOST_FORMS = 20_000

#: Forms that are made while somebody waits for the reply; a job makes more than that.
MOST_AT_ONCE = 300


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An exam to plan."""

    name: str
    qualification_id: UUID
    specification_id: UUID
    organisation_id: UUID
    opens_at: datetime
    closes_at: datetime
    latest_start_at: datetime | None = None
    late_starts_lose_time: bool = False
    release_at: datetime | None = None
    form_count: int = 1
    start_mode: StartMode = StartMode.BY_CLOCK


@dataclass(frozen=True, kw_only=True)
class RoomOrder:
    """What an invigilator wants done to a room (考场处置)."""

    kind: RoomAct
    reason: str
    #: Which room; None for every room of the exam.
    room: str | None = None
    #: Seconds granted, by an extension only.
    seconds: int | None = None
    #: Whether what is voided uses up an attempt, by a voiding only.
    counts: bool | None = None
