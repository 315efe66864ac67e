"""The questions of a final, shown to everybody at their moment and not before (决赛题目)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from exams.contests.services import held
from server.errors import NotFound


def question(connection: Connection, round_id: UUID, slot: int, *, at: datetime) -> dict[str, Any]:
    """Return a question of a final, the same bytes for everybody.

    Raises:
        NotFound: there is no such question, or it is not open yet.
    """
    found = held.find(connection, round_id, at=at)
    if found is None or not found.is_on or not found.is_final:
        raise NotFound
    if not 1 <= slot <= found.timetable.open_slot(at):
        raise NotFound
    return found.question(round_id, slot) | {"opened_at": found.timetable.opening(slot).isoformat()}
