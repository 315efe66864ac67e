"""What the sheet of a station says: who comes when, for which item, who examines (工位考核单)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from exams import scoring
from exams.models import Practical, Sitting
from exams.models.practicals import PracticalState
from exams.seating import Seat
from exams.services import score_sheets, turns
from server import days
from server.db import db
from server.people.models import Person


def of(sitting: Sitting, room_id: UUID) -> list[dict[str, Any]]:
    """Return the stations of a room that people come to, each with its lines in the order of turns.

    A circuit has a line for each subject, another practical one for each candidate.
    """
    held = [
        (practical, place)
        for practical, place in turns.at_sitting(sitting.id)
        if practical.state is not PracticalState.VOIDED
    ]
    people = _names(
        {one.candidate_id for one, _ in held}
        | {scorer.person_id for one, _ in held for scorer in one.scorers}
    )
    lines: dict[Seat, list[dict[str, Any]]] = defaultdict(list)
    for practical, place in held:
        parts = [(one.subject, one.station, one.turn) for one in practical.legs]
        if not parts and place.seat is not None:
            parts = [("", place.seat, place.turn)]
        for part, station, turn in parts:
            if station.room_id == room_id:
                line = _line(practical, part, people) | {
                    "turn": turn,
                    "from": _hour(sitting.expects_at(turn)),
                    "number": f"{place.number:05d}-{place.ticket_number}",
                }
                lines[station].append(line)
    return [
        {
            "label": station.label,
            "lines": sorted(found, key=lambda one: (one["turn"], one["subject"])),
        }
        for station, found in sorted(lines.items())
    ]


def _line(practical: Practical, part: str, people: Mapping[UUID, Person]) -> dict[str, Any]:
    drawn = scoring.drawn(score_sheets.of(practical.score_sheet), practical.drawn)
    candidate = people[practical.candidate_id]
    return {
        "subject": part,
        "items": [
            {"code": item.code, "subject": subject.name, "name": item.name}
            for subject, item in drawn
            if part in ("", subject.code)
        ],
        "name": candidate.name,
        "document": candidate.document_masked,
        "examiners": [
            people[one.person_id].name for one in practical.scorers if one.subject == part
        ],
    }


def _names(ids: set[UUID]) -> dict[UUID, Person]:
    statement = select(Person).where(Person.id.in_(ids))
    return {one.id: one for one in db.session.scalars(statement)}


def _hour(moment: datetime) -> str:
    return moment.astimezone(days.CIVIL_ZONE).strftime("%H:%M")
