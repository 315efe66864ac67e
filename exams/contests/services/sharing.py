"""A picture of one's result to share: nothing on it says who it is (分享图)."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from uuid import UUID

from exams.contests.models import ContestParticipant
from exams.contests.services import contests, entering
from server import printing
from server.days import civil_day

_TEMPLATE = files("exams.contests").joinpath("print", "card.typ")


def card(entry_id: UUID, *, participant: ContestParticipant, at: datetime) -> bytes:
    """Return the picture of one's own entry, as PNG.

    It says the contest, the points and the place, and no name, number or photo: who shares it
    says themselves whose it is.

    Raises:
        NotFound: there is no such entry of one's own.
    """
    shown = entering.show(entry_id, participant=participant, at=at)
    round_ = contests.round_(shown.entry.round_id)
    data = {
        "contest": round_.contest.name,
        "organiser": round_.contest.organisation_name,
        "round": round_.number,
        "points": shown.entry.points,
        "correct": shown.entry.correct_count,
        "questions": round_.question_count,
        "place": shown.place,
        "released": round_.released_at is not None,
        "day": civil_day(at).isoformat(),
    }
    (picture,) = printing.png(_TEMPLATE, data)
    return picture
