"""An exam as its planner writes it, before it is checked (考试计划草案)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


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
