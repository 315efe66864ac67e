"""Facts of people that concern other parts (人员事件)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from server.events import Event


@dataclass(frozen=True, kw_only=True)
class PeopleMerging(Event):
    """Two entries are about to become one, or two again; whoever is in the midst of it refuses."""

    kept_id: UUID
    merged_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PeopleMerged(Event):
    """Rows of one person are now another's: after a merge, and after its undo (档案合并)."""

    kept_id: UUID
    merged_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PostAssigned(Event):
    """Somebody is given a post (任职)."""

    post_id: UUID
    person_id: UUID
    organisation_id: UUID
    role: str
    from_on: date
    at: datetime
