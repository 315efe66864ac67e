"""Seats of a sitting: given by lot, moved, freed and handed on (排座、候补)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from exams import seating
from exams.errors import Withdrawn
from exams.models import Candidature, Enrolment, Exam, Paper, Sitting
from exams.seating import Room, Seat, Sitter, TooFewSeats
from exams.services import candidatures, enrolments, separation, staff
from exams.sitting_errors import NotSeated, SeatTaken, SeatUnfit, TooFewSeatsLeft
from exams.sittings import Awaited, Mode, SittingState
from server import days
from server.db import db
from server.policy import Identity
from server.training.models import ClassLearner

#: States in which people have seats.
SEATED = (SittingState.SEATED, SittingState.RUNNING)


def allocate(sitting: Sitting, *, seed: bytes) -> None:
    """Give everybody who has a place a seat, and a form that no neighbour has.

    Raises:
        TooFewSeatsLeft: there are more people than seats that can be used.
    """
    placed = with_place(sitting.id)
    if sitting.mode is not Mode.ROOM:
        for one in placed:
            one.enrolment.awaits = Awaited.CHECK_IN
        db.session.flush()
        return
    rooms = _grids(sitting)
    try:
        given = seating.allocate(rooms, _sitters(placed), seed=seed)
    except TooFewSeats as too_few:
        raise TooFewSeatsLeft(people=too_few.people, seats=too_few.seats) from None
    sitting.seating_seed = seed.hex()
    names = {one.room_id: one.room.name for one in sitting.rooms}
    for one in placed:
        mine = given[one.id]
        one.take_seat(mine.seat)
        one.seat_note = {
            "beside": [seat.label for seat in mine.beside],
            "in_common": list(mine.in_common),
        }
        one.enrolment.room, one.enrolment.awaits = names[mine.seat.room_id], Awaited.CHECK_IN
    _deal_forms(sitting, placed)
    db.session.flush()


def move(
    enrolment_id: UUID, sitting: Sitting, seat: Seat, *, reason: str, by: Identity, at: datetime
) -> Candidature:
    """Give somebody another seat, and so another ticket. The same seat again changes nothing.

    Raises:
        NotFound: the sitting has no such application.
        NotSeated, Withdrawn: there is no seat that could be exchanged.
        SeatUnfit: the sitting has no such seat.
        SeatTaken: somebody else has it.
        AttemptBegun: the candidate has started.
    """
    found = _seated(enrolment_id, sitting)
    if found.seat == seat:
        return found
    enrolments.check_not_begun(enrolment_id)
    grid = next((one for one in _grids(sitting) if one.id == seat.room_id), None)
    if grid is None or seat not in grid.seats:
        raise SeatUnfit(seat=seat.label)
    if any(one.seat == seat for one in with_place(sitting.id)):
        raise SeatTaken(seat=seat.label)
    _sit(found, sitting, seat)
    found.seat_note = None
    db.session.flush()
    candidatures.tell("candidate_moved", found, by=by, at=at, reason=reason)
    return found


def hand_on(sitting: Sitting, *, at: datetime) -> None:
    """Give places that are free to those who wait longest; in a seated sitting, seats.

    Nobody moves up to where somebody who has a duty is bound to them: the next one does.
    """
    line = candidatures.waiting(sitting.id)
    if not line or sitting.state not in (*SEATED, SittingState.OPEN, SittingState.CLOSED):
        return
    free = sitting.capacity - len(with_place(sitting.id))
    if sitting.state in SEATED:
        line = _separated(sitting, line, at)
    for one in line[: max(free, 0)]:
        if sitting.state not in SEATED:
            one.enrolment.awaits = Awaited.SEAT
        elif not seat_waiting(one, sitting):
            return
        candidatures.tell("candidate_moved_up", one, by=None, at=at)
    db.session.flush()


def seat_waiting(one: Candidature, sitting: Sitting, room_id: UUID | None = None) -> bool:
    """Give somebody who waits a free seat, in one room or in any; return whether there was one."""
    if sitting.mode is Mode.ROOM:
        seats = (seat for seat in free_seats(sitting) if room_id in (None, seat.room_id))
        seat = next(seats, None)
        if seat is None:
            return False
        _sit(one, sitting, seat)
    one.enrolment.awaits = Awaited.CHECK_IN
    db.session.flush()
    return True


def free_seats(sitting: Sitting) -> Iterable[Seat]:
    """Return the seats that nobody has, those with nobody beside them first."""
    taken = {one.seat for one in with_place(sitting.id)}
    return [seat for room in _grids(sitting) for seat in room.spread if seat not in taken]


def with_place(sitting_id: UUID) -> list[Candidature]:
    """Return who has a place in a sitting, seated or not, in the order of application."""
    statement = (
        select(Candidature)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .where(
            Candidature.sitting_id == sitting_id,
            Enrolment.withdrawn_at.is_(None),
            Enrolment.awaits.is_distinct_from(Awaited.DECISION),
            Enrolment.awaits.is_distinct_from(Awaited.STAND_BY),
        )
        .order_by(Candidature.number)
    )
    return list(db.session.scalars(statement))


def _seated(enrolment_id: UUID, sitting: Sitting) -> Candidature:
    found = candidatures.get(enrolment_id, lock=True)
    if found.sitting_id != sitting.id or found.seat is None or sitting.state not in SEATED:
        raise NotSeated
    if found.enrolment.withdrawn_at is not None:
        raise Withdrawn
    return found


def _grids(sitting: Sitting) -> list[Room]:
    return [one.room.grid for one in sitting.rooms]


def _sitters(placed: Sequence[Candidature]) -> list[Sitter]:
    """Return who sits, and what they belong to: who sends them, and their classes."""
    people = {one.candidate_id for one in placed}
    classes: dict[UUID, set[str]] = {}
    statement = select(ClassLearner.person_id, ClassLearner.class_id, ClassLearner.employer_id)
    learners = statement.where(
        ClassLearner.person_id.in_(people), ClassLearner.withdrawn_at.is_(None)
    )
    for person_id, class_id, employer_id in db.session.execute(learners):
        belongs = classes.setdefault(person_id, set())
        belongs.add(f"class {class_id}")
        if employer_id is not None:
            belongs.add(f"organisation {employer_id}")
    return [
        Sitter(
            id=one.id,
            belongs=frozenset(
                classes.get(one.candidate_id, set())
                | ({f"organisation {one.sent_by_id}"} if one.sent_by_id else set())
            ),
        )
        for one in placed
    ]


def _deal_forms(sitting: Sitting, placed: Sequence[Candidature]) -> None:
    papers = _papers(sitting.exam)
    seats = {one.seat: one for one in placed if one.seat is not None}
    for seat, form in seating.forms(list(seats), len(papers)).items():
        seats[seat].enrolment.paper_id = papers[form]


def _papers(exam: Exam) -> Mapping[int, UUID]:
    statement = select(Paper.form, Paper.id).where(Paper.exam_id == exam.id)
    return {form: paper_id for form, paper_id in db.session.execute(statement)}


def _sit(found: Candidature, sitting: Sitting, seat: Seat) -> None:
    """Put somebody on a free seat, with a form that fewest around have."""
    found.take_seat(seat)
    names = {one.room_id: one.room.name for one in sitting.rooms}
    found.enrolment.room = names[seat.room_id]
    beside = set(seating.neighbours(seat))
    around = [
        one.enrolment.paper_id
        for one in with_place(sitting.id)
        if one.seat in beside and one.id != found.id
    ]
    papers = _papers(sitting.exam)
    found.enrolment.paper_id = min(
        papers.values(), key=lambda paper_id: (around.count(paper_id), paper_id.bytes)
    )
    db.session.flush()


def _separated(sitting: Sitting, line: Sequence[Candidature], at: datetime) -> list[Candidature]:
    working = {one.person_id for one in staff.of(sitting.id)}
    bound = separation.bonds(working, {one.candidate_id for one in line}, on=days.civil_day(at))
    apart = {candidate_id for _, candidate_id in bound}
    return [one for one in line if one.candidate_id not in apart]
