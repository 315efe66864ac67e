"""The score sheet of a practical on paper: empty, or with what its examiner gave (评分表)."""

from __future__ import annotations

from importlib.resources import files
from uuid import UUID
from zoneinfo import ZoneInfo

from exams import scoring
from exams.models import Candidature, Practical
from exams.services import practical_scores, score_sheets
from exams.services.practical_scores import Seen
from server import printing
from server.db import db
from server.people.models import Person
from server.policy import Identity

_SHANGHAI = ZoneInfo("Asia/Shanghai")


def sheet(practical_id: UUID, *, by: Identity) -> bytes:
    """Return the PDF of one's own sheet: what is watched, and what one has given so far.

    Raises:
        NotFound: the asker does not score this practical.
    """
    seen = practical_scores.seen(practical_id, by=by)
    given = {code: str(value) for code, value in seen.own.items()}
    said = _data(seen.practical, given) | _about(seen)
    return printing.pdf(files("exams").joinpath("templates", "score_sheet.typ"), said)


def _about(seen: Seen) -> dict[str, object]:
    """Return who scores, and at which station in which turn where it is held at a sitting."""
    place = None
    if seen.practical.enrolment_id is not None:
        place = db.session.get_one(Candidature, seen.practical.enrolment_id)
    return {
        "examiner": db.session.get_one(Person, seen.scorer.person_id).name,
        "station": (place.seat_label or "") if place else "",
        "turn": place.turn if place else 0,
    }


def _data(practical: Practical, given: dict[str, str]) -> dict[str, object]:
    row = practical.score_sheet
    outcome = practical.outcome
    subjects = [
        {
            "code": subject.code,
            "name": subject.name,
            "weight": str(subject.weight),
            "item": f"{item.code} {item.name}",
            "steps": [
                {
                    "code": step.code,
                    "text": step.text,
                    "points": str(step.points),
                    "given": given.get(step.code, ""),
                }
                for step in item.steps
            ],
            "vetoes": [
                {"code": one.code, "text": one.text, "given": given.get(one.code, "")}
                for one in item.vetoes
            ],
        }
        for subject, item in scoring.drawn(score_sheets.of(row), practical.drawn)
    ]
    return {
        "title": f"{practical.qualification.name_zh} 实际操作评分表",
        "number": practical.id.hex[:8],
        "candidate": practical.candidate.name,
        "document": practical.candidate.document_masked,
        "centre": practical.organisation.name,
        "planned": practical.planned_at.astimezone(_SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "minutes": row.minutes,
        "pass_percent": row.pass_percent,
        "subjects": subjects,
        "score": "" if outcome is None else outcome.score,
        "verdict": "" if outcome is None else ("合格" if outcome.passed else "不合格"),
        "source": row.source,
    }
