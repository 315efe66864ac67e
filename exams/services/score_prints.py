"""The score sheet of a practical on paper: empty, or with what its examiner gave (评分表)."""

from __future__ import annotations

from importlib.resources import files
from uuid import UUID
from zoneinfo import ZoneInfo

from exams import scoring
from exams.models import Candidature
from exams.services import practical_parts, practical_scores, score_sheets
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
    said = _data(seen) | _about(seen, by)
    return printing.pdf(files("exams").joinpath("templates", "score_sheet.typ"), said)


def _about(seen: Seen, by: Identity) -> dict[str, object]:
    """Return who scores, and at which station in which turn where it is held at a sitting."""
    practical = seen.practical
    where = {"station": "", "turn": ""}
    if practical.enrolment_id is not None:
        place = db.session.get_one(Candidature, practical.enrolment_id)
        where = {"station": place.seat_label or "", "turn": str(place.turn)}
    mine = {one.subject for one in seen.parts}
    legs = [one for one in practical.legs if one.subject in mine]
    if legs:
        where = {
            "station": "、".join(f"{one.subject} {one.station.label}" for one in legs),
            "turn": "、".join(str(turn) for turn in sorted({one.turn for one in legs})),
        }
    return {"examiner": db.session.get_one(Person, by.person_id).name, **where}


def _data(seen: Seen) -> dict[str, object]:
    practical, row = seen.practical, seen.practical.score_sheet
    given = {code: str(value) for code, value in seen.own.items()}
    scored = practical_parts.scale(practical, [one.subject for one in seen.parts])
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
        if item.steps[0].code in scored
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
