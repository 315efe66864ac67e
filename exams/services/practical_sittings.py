"""Practicals at a sitting: opened, given stations and turns, manned by examiners (实操场次)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from exams import stations
from exams.models import Candidature, Practical, PracticalScorer, PracticalWord, Sitting
from exams.models.practicals import PracticalState
from exams.practical_errors import NoPractical, TurnTooShort
from exams.seating import TooFewSeats
from exams.services import candidatures, practicals, score_sheets, staff, standards, turns
from exams.sitting_errors import TooFewSeatsLeft
from exams.sittings import Mode, SittingState
from exams.staffing import Duty
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
        TurnTooShort: a turn is shorter than the time that the sheet allows.
    """
    exam = sitting.exam
    on = days.civil_day(exam.opens_at)
    if not standards.counting(exam.qualification, on=on).has_practical:
        raise NoPractical
    sheet = score_sheets.counting(exam.qualification, on=on)
    if (sitting.turn_minutes or 0) < sheet.minutes:
        raise TurnTooShort(minutes=sheet.minutes)


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
    rooms = [one.room.grid for one in sitting.open_rooms]
    try:
        calls = stations.allocate(rooms, theories.keys(), turns=sitting.turns, seed=seed)
    except TooFewSeats as few:
        raise TooFewSeatsLeft(people=few.people, seats=few.seats) from None
    for enrolment_id, call in calls.items():
        place, theory = theories[enrolment_id]
        turns.give(place, sitting, call, theory, by=by, at=at)


def _give_up(place: Candidature, *, by: Identity, at: datetime) -> None:
    place.enrolment.withdrawn_at = at
    db.session.flush()
    candidatures.tell("candidature_refused", place, by=by, at=at, reason=_FELL)


def man(sitting: Sitting, *, by: Identity, at: datetime) -> None:
    """Name two examiners of each practical from those who examine in its room.

    Who was named and has said nothing yet is replaced once their duty has ended. That nobody who
    has a duty is bound to a candidate was asked of all at once (`staff.check_separated`).
    """
    every = [one for one in staff.of(sitting.id) if one.duty is Duty.EXAMINER]
    for used in sitting.open_rooms:
        here = sorted({one.person_id for one in every if one.room in ("", used.room.name)})
        if len(here) < practicals.PAIR:
            continue
        order = {seat: place for place, seat in enumerate(used.room.grid.seats)}
        for practical, place in turns.at_sitting(sitting.id):
            if place.room_id == used.room_id and practical.state is PracticalState.PLANNED:
                pair = stations.pair(here, order.get(place.seat, 0) if place.seat else 0)
                _name(practical, [*pair, *here], by=by, at=at)


def follow_duties(sitting: Sitting, *, by: Identity, at: datetime) -> None:
    """Name examiners anew after a duty was assigned or ended while the doors are open.

    Raises:
        NotSeparated: somebody who has a duty is bound to a candidate.
    """
    if sitting.mode is Mode.PRACTICAL and sitting.state is SittingState.RUNNING:
        staff.check_separated(sitting, at=at)
        man(sitting, by=by, at=at)


def _name(practical: Practical, wanted: Sequence[UUID], *, by: Identity, at: datetime) -> None:
    gone = [one.person_id for one in practical.scorers if one.person_id not in wanted]
    silent = [person_id for person_id in gone if not _has_spoken(practical.id, person_id)]
    if silent:
        db.session.execute(
            delete(PracticalScorer).where(
                PracticalScorer.practical_id == practical.id,
                PracticalScorer.person_id.in_(silent),
            )
        )
        db.session.expire(practical, ["scorers"])
    for person_id in wanted:
        named = {one.person_id for one in practical.scorers}
        if len(named) >= practicals.PAIR:
            return
        if person_id not in named:
            practicals.add_scorer(practical, person_id, by=by, at=at)


def _has_spoken(practical_id: UUID, person_id: UUID) -> bool:
    said = select(PracticalWord.code).where(
        PracticalWord.practical_id == practical_id, PracticalWord.person_id == person_id
    )
    return db.session.scalars(said.limit(1)).first() is not None
