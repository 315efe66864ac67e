"""Practicals at a sitting: opened, given stations and turns, manned by examiners (实操场次)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from exams import circuits, stations
from exams.circuits import WHOLE, Leg, Route
from exams.models import Candidature, Practical, PracticalScorer, Sitting, SittingDuty
from exams.models.practicals import PracticalState
from exams.practical_errors import NoPractical, TurnTooShort
from exams.seating import Seat, TooFewSeats
from exams.services import (
    candidatures,
    layouts,
    practical_parts,
    practicals,
    score_sheets,
    staff,
    standards,
    turns,
)
from exams.sitting_errors import TooFewSeatsLeft
from exams.sittings import Mode, SittingState
from server import days
from server.db import db
from server.policy import Identity

#: What is written where a theory fell between the decision and the seating.
_FELL = "理论成绩已失效，不能参加实操考试"


def check(sitting: Sitting) -> None:
    """Make sure that a practical can be held at a sitting.

    Raises:
        NoStandard: no exam standard counts on its day.
        NoPractical: the standard asks for none.
        NoScoreSheet: nothing says how it is scored.
        TurnTooShort: a turn is shorter than the time that the sheet allows; in a circuit all
            turns of a candidate together are.
        CircuitUnfit: the stations do not take everybody through all of its subjects.
    """
    exam = sitting.exam
    on = days.civil_day(exam.opens_at)
    if not standards.counting(exam.qualification, on=on).has_practical:
        raise NoPractical
    sheet = score_sheets.counting(exam.qualification, on=on)
    kinds = sitting.circuit
    if kinds:
        layouts.check(sitting, [(one.station, one.subjects) for one in sitting.stations])
    needed = -(-sheet.minutes // max(len(kinds), 1))
    if (sitting.turn_minutes or 0) < needed:
        raise TurnTooShort(minutes=needed)


def allocate(sitting: Sitting, *, seed: bytes, by: Identity, at: datetime) -> None:
    """Call everybody who has a place to a station in a turn, and make their practicals.

    Whose theory fell since the decision gives the place up: it is told, and kept.

    Raises:
        TooFewSeatsLeft: there are more people than stations and turns.
    """
    sitting.seating_seed = seed.hex()
    theories = {}
    for one in candidatures.with_place(sitting.id):
        theory = turns.theory_of(one, sitting, at=at)
        if theory is None:
            _give_up(one, by=by, at=at)
        else:
            theories[one.id] = (one, theory)
    try:
        routes = _routes(sitting, theories.keys(), seed)
    except TooFewSeats as few:
        raise TooFewSeatsLeft(people=few.people, seats=few.seats) from None
    for enrolment_id, route in routes.items():
        place, theory = theories[enrolment_id]
        turns.give(place, sitting, route, theory, by=by, at=at)


def _routes(sitting: Sitting, people: Collection[UUID], seed: bytes) -> Mapping[UUID, Route]:
    if sitting.circuit:
        return circuits.routes(sitting.circuit, people, turns=sitting.turns, seed=seed)
    rooms = [one.room.grid for one in sitting.open_rooms]
    calls = stations.allocate(rooms, people, turns=sitting.turns, seed=seed)
    return {person: (Leg((WHOLE,), *call),) for person, call in calls.items()}


def _give_up(place: Candidature, *, by: Identity, at: datetime) -> None:
    place.enrolment.withdrawn_at = at
    db.session.flush()
    candidatures.tell("candidature_refused", place, by=by, at=at, reason=_FELL)


def man(sitting: Sitting, *, by: Identity, at: datetime) -> None:
    """Name two examiners of each practical, or of each of its subjects, from those of the station.

    Who was named and has said nothing yet is replaced once their duty has ended. That nobody who
    has a duty is bound to a candidate was asked of all at once (`staff.check_separated`).
    """
    every = staff.examiners(sitting.id)
    for practical, place in turns.at_sitting(sitting.id):
        if practical.state is not PracticalState.PLANNED:
            continue
        for part, station in _stations(practical, place):
            name(practical, part, _examiners(sitting, every, station, part), by=by, at=at)


def _stations(practical: Practical, place: Candidature) -> list[tuple[str, Seat]]:
    """Return the parts of a practical, each with its station."""
    if practical.legs:
        return [(one.subject, one.station) for one in practical.legs]
    return [] if place.seat is None else [(WHOLE, place.seat)]


def name_at(
    sitting: Sitting, practical: Practical, part: str, station: Seat, *, by: Identity, at: datetime
) -> None:
    """Name the examiners of a station for a part of a practical that is called there."""
    wanted = _examiners(sitting, staff.examiners(sitting.id), station, part)
    name(practical, part, wanted[: practical_parts.PAIR], by=by, at=at)


def _examiners(
    sitting: Sitting, every: Sequence[SittingDuty], station: Seat, part: str
) -> list[UUID]:
    """Return who may examine a part at a station: its two first, then whoever else is there."""
    used = next((one for one in sitting.open_rooms if one.room_id == station.room_id), None)
    if used is None:
        return []
    here = sorted({one.person_id for one in every if staff.covers(one, used.room.name, part)})
    if len(here) < practical_parts.PAIR:
        return []
    beside = next((one.stations for one in sitting.circuit if part in one.subjects), ())
    inside = [seat for seat in beside if seat.room_id == station.room_id] or used.room.grid.seats
    number = inside.index(station) if station in inside else 0
    return [*stations.pair(here, number), *here]


def follow_duties(sitting: Sitting, *, by: Identity, at: datetime) -> None:
    """Name examiners anew after a duty was assigned or ended while the doors are open.

    Raises:
        NotSeparated: somebody who has a duty is bound to a candidate.
    """
    if sitting.mode is Mode.PRACTICAL and sitting.state is SittingState.RUNNING:
        staff.check_separated(sitting, at=at)
        man(sitting, by=by, at=at)


def name(
    practical: Practical, part: str, wanted: Sequence[UUID], *, by: Identity, at: datetime
) -> None:
    """Name the first of those who may examine a part, until two do; the silent others go."""
    if not wanted:
        return
    gone = [
        one.person_id
        for one in practical_parts.pair(practical, part)
        if one.person_id not in wanted
    ]
    silent = [one for one in gone if not practical_parts.has_spoken(practical, part, one)]
    if silent:
        db.session.execute(
            delete(PracticalScorer).where(
                PracticalScorer.practical_id == practical.id,
                PracticalScorer.subject == part,
                PracticalScorer.person_id.in_(silent),
            )
        )
        db.session.expire(practical, ["scorers"])
    for person_id in wanted:
        named = {one.person_id for one in practical_parts.of(practical, part)}
        if len(named) >= practical_parts.PAIR:
            return
        if person_id not in named:
            practicals.add_scorer(practical, person_id, subject=part, by=by, at=at)
