"""Where attempts stand, for all who look at the same moment: result day (同时查分).

`exams.services.attempts.standing` shows one attempt; this shows all that are asked about, by the
same rules, in one statement for any number. Nothing is changed by looking, and nothing locked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from exams.lifecycle import State
from exams.services import endings, forms, kept
from exams.services.endings import Looked
from exams.services.handing_in import Standing
from server.errors import DomainError, NotFound


class Look(NamedTuple):
    """Whose attempt is asked about, and when."""

    attempt_id: UUID
    candidate_id: UUID
    at: datetime


def seen(connection: Connection, looks: Sequence[Look]) -> list[Standing | DomainError]:
    """Return where each attempt stands, as its candidate sees it, in the order of the looks."""
    found = endings.looked_at(connection, {one.attempt_id for one in looks})
    archived = [one.attempt.id for one in found.values() if one.is_archived]
    sheets = kept.sheets(connection, archived) if archived else {}
    told: list[Standing | DomainError] = []
    for look in looks:
        looked = found.get(look.attempt_id)
        if looked is None or looked.attempt.candidate_id != look.candidate_id:
            told.append(NotFound())
            continue
        held = len(sheets.get(looked.attempt.id, ())) or looked.held_count
        told.append(_standing(connection, looked, held, look.at))
    return told


def _standing(connection: Connection, looked: Looked, held: int, at: datetime) -> Standing:
    attempt, verdict = looked.attempt, looked.verdict
    hidden = verdict is None or attempt.state is State.VOIDED or verdict.released_at > at
    return Standing(
        attempt=attempt,
        held_count=held,
        question_count=len(forms.form(connection, attempt.paper_id).places),
        outcome=None if hidden else verdict,
    )
