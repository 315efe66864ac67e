"""Places of practicals at a sitting: a station and a turn, and the practical that belongs to them.

What is held there is a practical like any other (`exams.services.practicals`); who comes to it,
where and when, is said by the place in the sitting (实操工位、轮次).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from exams import circuits, stations
from exams.admission_errors import NotAdmitted
from exams.circuits import WHOLE, Leg, Route
from exams.errors import AttemptBegun
from exams.models import (
    Attempt,
    Candidature,
    Practical,
    PracticalSubject,
    PracticalWord,
    Sitting,
    StationCall,
)
from exams.models.practicals import PracticalState
from exams.services import practicals, standards, theory_passes
from exams.services.practicals import PracticalPlan
from exams.sitting_errors import SeatTaken, SeatUnfit
from exams.sittings import IN_THE_ROOM, Awaited
from exams.stations import Call
from server import days
from server.db import db
from server.policy import Identity


def free(
    sitting: Sitting, placed: Sequence[Candidature], room_id: UUID | None, *, at: datetime
) -> Route | None:
    """Return a way through stations that nobody has, in turns that have not begun.

    Args:
        sitting: a practical.
        placed: who has a place.
        room_id: where it begins, in a sitting without a circuit; None for any room.
        at: the moment.
    """
    left = [turn for turn in range(1, sitting.turns + 1) if sitting.expects_at(turn) >= at]
    if sitting.circuit:
        return circuits.free_route(sitting.circuit, taken(sitting, placed), turns=left)
    had = taken(sitting, placed)
    rooms = [one.room.grid for one in sitting.open_rooms if room_id in (None, one.room_id)]
    for call in stations.calls(rooms, sitting.turns):
        if call.turn in left and call not in had:
            return (Leg((WHOLE,), *call),)
    return None


def taken(sitting: Sitting, placed: Sequence[Candidature]) -> set[Call]:
    """Return the stations and turns that people have who have a place."""
    if not sitting.circuit:
        return {Call(one.seat, one.turn) for one in placed if one.seat is not None}
    statement = (
        select(PracticalSubject)
        .join(Practical, Practical.id == PracticalSubject.practical_id)
        .join(Candidature, Candidature.id == Practical.enrolment_id)
        .where(
            Candidature.sitting_id == sitting.id,
            Candidature.id.in_([one.id for one in placed]),
        )
    )
    return {Call(one.station, one.turn) for one in db.session.scalars(statement)}


def theory_of(place: Candidature, sitting: Sitting, *, at: datetime) -> Attempt | None:
    """Return the theory that the practical of a place follows, None where none stands any more."""
    exam = sitting.exam
    on = days.civil_day(exam.opens_at)
    standard = standards.of(exam)
    return theory_passes.standing(place.candidate_id, exam.qualification_id, standard, on=on, at=at)


def give(
    place: Candidature,
    sitting: Sitting,
    route: Route,
    theory: Attempt,
    *,
    by: Identity,
    at: datetime,
) -> Practical:
    """Give a place its stations and turns, and make the practical that is held there.

    Its items are drawn by the lot of the sitting and the id of the place.
    """
    seat_at(place, sitting, route)
    place.enrolment.awaits = Awaited.CHECK_IN
    db.session.flush()
    draft = PracticalPlan(
        theory_attempt_id=theory.id,
        organisation_id=sitting.centre_id,
        planned_at=sitting.expects_at(route[0].turn),
        release_at=sitting.exam.release_at,
        enrolment_id=place.id,
    )
    lot = bytes.fromhex(sitting.seating_seed or "")
    seed = hashlib.sha256(lot + place.id.bytes).digest()
    made = practicals.make(uuid5(place.id, "practical"), draft, seed=seed, by=by, at=at)
    _go(made, route)
    return made


def move(place: Candidature, sitting: Sitting, wanted: Call, placed: Sequence[Candidature]) -> None:
    """Put somebody to another station in another turn; in a circuit the whole way follows.

    Raises:
        SeatUnfit: the circuit has no such station.
        SeatTaken: somebody has it, or nothing that is free leads from it through the rest.
    """
    route: Route | None = (Leg((WHOLE,), *wanted),)
    kinds = sitting.circuit
    if kinds:
        if not any(wanted.station in kind.stations for kind in kinds):
            raise SeatUnfit(seat=wanted.station.label)
        others = [one for one in placed if one.id != place.id]
        route = circuits.free_route(
            kinds, taken(sitting, others), turns=range(1, sitting.turns + 1), through=wanted
        )
    if route is None:
        raise SeatTaken(seat=wanted.station.label)
    seat_at(place, sitting, route)
    held = of(place.id)
    if held is not None:
        held.planned_at = sitting.expects_at(route[0].turn)
        _go(held, route)


def _go(held: Practical, route: Route) -> None:
    """Have the subjects of a practical examined at the stations of a way."""
    known = {one.subject: one for one in held.legs}
    for part in route:
        for subject in part.subjects:
            if subject == WHOLE:
                continue
            leg = known.get(subject)
            if leg is None:
                leg = PracticalSubject(practical_id=held.id, subject=subject)
                db.session.add(leg)
            leg.stand_at(part.station)
            leg.turn = part.turn
    db.session.flush()
    db.session.expire(held, ["legs"])


def seat_at(place: Candidature, sitting: Sitting, route: Route) -> None:
    """Put somebody to the first station of their way, in its turn."""
    place.take_seat(*route[0].call)
    names = {one.room_id: one.room.name for one in sitting.rooms}
    place.enrolment.room = names[route[0].station.room_id]
    db.session.flush()
    db.session.expire(place, ["room"])


def of(enrolment_id: UUID) -> Practical | None:
    """Return the practical that belongs to a place, None where there is none."""
    statement = select(Practical).where(Practical.enrolment_id == enrolment_id)
    return db.session.execute(statement).scalar_one_or_none()


def at_sitting(sitting_id: UUID) -> list[tuple[Practical, Candidature]]:
    """Return the practicals of a sitting with their places, in the order of turns and stations."""
    statement = (
        select(Practical, Candidature)
        .join(Candidature, Candidature.id == Practical.enrolment_id)
        .options(selectinload(Practical.legs), selectinload(Practical.scorers))
        .where(Candidature.sitting_id == sitting_id)
        .order_by(
            Candidature.turn, Candidature.room_id, Candidature.seat_row, Candidature.seat_column
        )
    )
    return [(practical, place) for practical, place in db.session.execute(statement)]


def check_let_in(practical: Practical) -> None:
    """Make sure that the candidate of a practical at a sitting was let in there.

    Raises:
        NotAdmitted: nobody has said so yet.
    """
    if practical.enrolment_id is None:
        return
    place = db.session.get_one(Candidature, practical.enrolment_id)
    if place.attendance not in IN_THE_ROOM:
        raise NotAdmitted(awaits=Awaited.CHECK_IN.value)


def check_not_begun(enrolment_id: UUID) -> None:
    """Make sure that nobody has called or scored the candidate of a place.

    Raises:
        AttemptBegun: somebody has.
    """
    held = of(enrolment_id)
    if held is None:
        return
    called = select(StationCall.id).where(StationCall.practical_id == held.id)
    scored = select(PracticalWord.person_id).where(PracticalWord.practical_id == held.id)
    if any(db.session.scalars(one.limit(1)).first() for one in (called, scored)):
        raise AttemptBegun


def drop(enrolment_id: UUID, *, reason: str, by: Identity, at: datetime) -> None:
    """Make the practical of a place that was given up not count, without using up an attempt."""
    held = of(enrolment_id)
    if held is not None and held.state is PracticalState.PLANNED:
        practicals.make_void(held, reason=reason, counts=False, by=by, at=at)


def drop_all(
    sitting: Sitting, *, only_absent: bool, reason: str, by: Identity, at: datetime
) -> None:
    """Make practicals of a sitting not count: of those who did not come, or of all."""
    for held, place in at_sitting(sitting.id):
        stays = held.state is PracticalState.VOIDED
        stays |= only_absent and place.attendance in IN_THE_ROOM
        if not stays:
            practicals.make_void(held, reason=reason, counts=False, by=by, at=at)
