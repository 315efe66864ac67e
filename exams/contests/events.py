"""Facts of contests that concern other parts (竞赛事件)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.events import Event


@dataclass(frozen=True, kw_only=True)
class MeritEarned(Event):
    """A person stands among the first of a contest whose results are released (竞赛获奖).

    Told once the winner is known by name: at the release for who has a file, and when the
    organiser names them for who took part by a phone number alone. Who reacts does so once for an
    entry.
    """

    contest_id: UUID
    contest_name: str
    organisation_id: UUID
    entry_id: UUID
    person_id: UUID
    place: int
    at: datetime
