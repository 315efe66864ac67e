"""A link by which one's result is shown to others: nothing behind it says who it is (分享链接).

The link holds the entry and a keyed digest of it, so that only whoever took part can hand it out:
nobody comes to it by trying, and nothing is stored. It says nothing any more once they left or were
taken out.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from exams.contests.models import ContestEntry, ContestParticipant
from exams.contests.services import contests, entering
from server.db import db
from server.errors import NotFound
from server.people import ciphers

#: Characters of the entry, and of the digest behind it.
_ENTRY: Final = 32
_DIGEST: Final = 24


@dataclass(frozen=True, kw_only=True)
class SharedResult:
    """What a link shows."""

    contest: str
    organiser: str
    round: int
    questions: int
    #: As the board knows it; None while a frozen board, or none, does.
    points: int | None
    place: int | None
    released: bool


def code_of(entry_id: UUID, *, participant: ContestParticipant) -> str:
    """Return the code of the link to one's own entry.

    Raises:
        NotFound: there is no such entry of one's own.
    """
    entry = db.session.get(ContestEntry, entry_id)
    if entry is None or entry.participant_id != participant.id:
        raise NotFound
    return f"{entry_id.hex}{_digest(entry_id)}"


def show(code: str, *, at: datetime) -> SharedResult:
    """Return the result behind a link.

    Raises:
        NotFound: nobody was given this link, or who was has left or was taken out.
    """
    entry = _entry(code)
    participant = db.session.get_one(ContestParticipant, entry.participant_id)
    if entry.disqualified_at is not None or participant.withdrawn_at is not None:
        raise NotFound
    round_ = contests.round_(entry.round_id)
    released = round_.released_at is not None
    points = entry.points if released else entry.shown_points
    shown = entering.show(entry.id, participant=participant, at=at)
    return SharedResult(
        contest=round_.contest.name,
        organiser=round_.contest.organisation_name,
        round=round_.number,
        questions=round_.question_count,
        points=points,
        place=shown.place if points is not None else None,
        released=released,
    )


def _entry(code: str) -> ContestEntry:
    try:
        entry_id = UUID(hex=code[:_ENTRY])
    except ValueError:
        raise NotFound from None
    if not hmac.compare_digest(code.encode(), f"{entry_id.hex}{_digest(entry_id)}".encode()):
        raise NotFound
    entry = db.session.get(ContestEntry, entry_id)
    if entry is None:
        raise NotFound
    return entry


def _digest(entry_id: UUID) -> str:
    return ciphers.current().number_index(f"contest result:{entry_id}")[:_DIGEST]
