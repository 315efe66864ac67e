"""Places of practicals at a sitting: a station and a turn, and the practical that belongs to them.

What is held there is a practical like any other (`exams.services.practicals`); who comes to it,
where and when, is said by the place in the sitting (实操工位、轮次).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select

from exams import stations
from exams.admission_errors import NotAdmitted
from exams.errors import AttemptBegun
from exams.models import (
    Attempt,
    Candidature,
    Practical,
    PracticalWord,
    Sitting,
    StationCall,
)
from exams.models.practicals import PracticalState
from exams.services import practicals, standards, theory_passes
from exams.services.practicals import PracticalPlan
from exams.sittings import IN_THE_ROOM, Awaited
from exams.stations import Call
from server import days
from server.db import db
from server.policy import Identity


def free(sitting: Sitting, placed: Sequence[Candidature], *, at: datetime) -> Iterator[Call]:
    """Yield the stations and turns that nobody has and that have not begun."""
    taken = {Call(one.seat, one.turn) for one in placed if one.seat is not None}
    rooms = [one.room.grid for one in sitting.open_rooms]
    for call in stations.calls(rooms, sitting.turns):
        if call not in taken and sitting.expects_at(call.turn) >= at:
            yield call


def theory_of(place: Candidature, sitting: Sitting, *, at: datetime) -> Attempt | None:
    """Return the theory that the practical of a place follows, None where none stands any more."""
    exam = sitting.exam
    on = days.civil_day(exam.opens_at)
    standard = standards.counting(exam.qualification, on=on)
    return theory_passes.standing(place.candidate_id, exam.qualification_id, standard, on=on, at=at)


def give(
    place: Candidature, sitting: Sitting, call: Call, theory: Attempt, *, by: Identity, at: datetime
) -> Practical:
    """Give a place its station and turn, and make the practical that is held there.

    Its items are drawn by the lot of the sitting and the id of the place.
    """
    seat_at(place, sitting, call)
    place.enrolment.awaits = Awaited.CHECK_IN
    db.session.flush()
    draft = PracticalPlan(
        theory_attempt_id=theory.id,
        organisation_id=sitting.centre_id,
        planned_at=sitting.expects_at(call.turn),
        release_at=sitting.exam.release_at,
        enrolment_id=place.id,
    )
    lot = bytes.fromhex(sitting.seating_seed or "")
    seed = hashlib.sha256(lot + place.id.bytes).digest()
    return practicals.make(uuid5(place.id, "practical"), draft, seed=seed, by=by, at=at)


def seat_at(place: Candidature, sitting: Sitting, call: Call) -> None:
    """Put somebody to a station in a turn; a practical that was made for the place follows."""
    place.take_seat(call.station, call.turn)
    names = {one.room_id: one.room.name for one in sitting.rooms}
    place.enrolment.room = names[call.station.room_id]
    held = of(place.id)
    if held is not None:
        held.planned_at = sitting.expects_at(call.turn)
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
