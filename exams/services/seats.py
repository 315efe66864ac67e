"""Seats of a sitting: given by lot, moved, freed and handed on (排座、候补)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from exams import seating
from exams.errors import Withdrawn
from exams.models import Candidature, Exam, Paper, Sitting
from exams.seating import Room, Seat, Sitter, TooFewSeats
from exams.services import allotting, candidatures, enrolments, separation, staff, turns
from exams.sitting_errors import NotSeated, SeatTaken, SeatUnfit, TooFewSeatsLeft
from exams.sittings import IN_ROOMS, Awaited, Mode, SittingState
from exams.stations import Call
from server import days
from server.db import db
from server.policy import Identity
from server.training.models import ClassLearner

#: States in which people have seats.
SEATED = (SittingState.SEATED, SittingState.RUNNING)


def allocate(sitting: Sitting, *, seed: bytes, at: datetime) -> None:
    """Give everybody who has a place a seat, and a form that no neighbour has.

    Where there are no rooms everybody gets a form of their own, as long as there are any.

    Raises:
        TooFewSeatsLeft: there are more people than seats that can be used.
    """
    placed = candidatures.with_place(sitting.id)
    if sitting.mode not in IN_ROOMS:
        for one in placed:
            one.enrolment.awaits = Awaited.CHECK_IN
        allotting.deal(sitting.exam, placed, at=at)
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
    _deal_forms(sitting, placed, at)
    db.session.flush()


def move(
    enrolment_id: UUID,
    sitting: Sitting,
    seat: Seat,
    *,
    turn: int | None = None,
    reason: str,
    by: Identity,
    at: datetime,
) -> Candidature:
    """Give somebody another seat, and so another ticket. The same seat again changes nothing.

    In a practical the turn may change, too; unless one is named it stays.

    Raises:
        NotFound: the sitting has no such application.
        NotSeated, Withdrawn: there is no seat that could be exchanged.
        SeatUnfit: the sitting has no such seat.
        SeatTaken: somebody else has it.
        AttemptBegun: the candidate has started.
    """
    found = _seated(enrolment_id, sitting)
    wanted = Call(seat, found.turn if turn is None else turn)
    if (found.seat, found.turn) == wanted:
        return found
    enrolments.check_not_begun(enrolment_id)
    turns.check_not_begun(enrolment_id)
    _check_fit(sitting, wanted)
    placed = candidatures.with_place(sitting.id)
    if any((one.seat, one.turn) == wanted for one in placed if one.id != enrolment_id):
        raise SeatTaken(seat=seat.label)
    if sitting.mode is Mode.PRACTICAL:
        turns.move(found, sitting, wanted, placed)
    else:
        _sit(found, sitting, seat, at)
    found.seat_note = None
    db.session.flush()
    candidatures.tell("candidate_moved", found, by=by, at=at, reason=reason)
    return found


def _check_fit(sitting: Sitting, wanted: Call) -> None:
    last = sitting.turns if sitting.mode is Mode.PRACTICAL else 0
    grid = next((one for one in _grids(sitting) if one.id == wanted.station.room_id), None)
    if grid is None or wanted.station not in grid.seats or not min(last, 1) <= wanted.turn <= last:
        raise SeatUnfit(seat=wanted.station.label)


def hand_on(sitting: Sitting, *, by: Identity, at: datetime) -> None:
    """Give places that are free to those who wait longest; in a seated sitting, seats.

    Nobody moves up to where somebody who has a duty is bound to them: the next one does.
    """
    line = candidatures.waiting(sitting.id)
    if not line or sitting.state not in (*SEATED, SittingState.OPEN, SittingState.CLOSED):
        return
    free = sitting.capacity - len(candidatures.with_place(sitting.id))
    if sitting.state in SEATED:
        line = _separated(sitting, line, at)
    for one in line[: max(free, 0)]:
        if sitting.state not in SEATED:
            one.enrolment.awaits = Awaited.SEAT
        elif not seat_waiting(one, sitting, by=by, at=at):
            continue
        candidatures.tell("candidate_moved_up", one, by=None, at=at)
    db.session.flush()


def seat_waiting(
    one: Candidature,
    sitting: Sitting,
    room_id: UUID | None = None,
    *,
    by: Identity,
    at: datetime,
) -> bool:
    """Give somebody who waits a free seat, in one room or in any; return whether there was one."""
    if sitting.mode is Mode.PRACTICAL:
        return _call_waiting(one, sitting, room_id, by=by, at=at)
    if sitting.mode is Mode.ROOM:
        seats = (seat for seat in free_seats(sitting) if room_id in (None, seat.room_id))
        seat = next(seats, None)
        if seat is None:
            return False
        _sit(one, sitting, seat, at)
    else:
        allotting.deal(sitting.exam, [one], at=at)
    one.enrolment.awaits = Awaited.CHECK_IN
    db.session.flush()
    return True


def _call_waiting(
    one: Candidature, sitting: Sitting, room_id: UUID | None, *, by: Identity, at: datetime
) -> bool:
    theory = turns.theory_of(one, sitting, at=at)
    route = turns.free(sitting, candidatures.with_place(sitting.id), room_id, at=at)
    if theory is None or route is None:
        return False
    turns.give(one, sitting, route, theory, by=by, at=at)
    return True


def has_free(sitting: Sitting, room_id: UUID, *, at: datetime) -> bool:
    """Say whether a seat of a room is free for somebody who waits."""
    if sitting.mode is Mode.PRACTICAL:
        placed = candidatures.with_place(sitting.id)
        return turns.free(sitting, placed, room_id, at=at) is not None
    return any(seat.room_id == room_id for seat in free_seats(sitting))


def free_seats(sitting: Sitting) -> Iterable[Seat]:
    """Return the seats that nobody has, those with nobody beside them first."""
    taken = {one.seat for one in candidatures.with_place(sitting.id)}
    return [seat for room in _grids(sitting) for seat in room.spread if seat not in taken]


def _seated(enrolment_id: UUID, sitting: Sitting) -> Candidature:
    found = candidatures.get(enrolment_id, lock=True)
    if found.sitting_id != sitting.id or found.seat is None or sitting.state not in SEATED:
        raise NotSeated
    if found.enrolment.withdrawn_at is not None:
        raise Withdrawn
    return found


def _grids(sitting: Sitting) -> list[Room]:
    return [one.room.grid for one in sitting.open_rooms]


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


def _deal_forms(sitting: Sitting, placed: Sequence[Candidature], at: datetime) -> None:
    papers = _papers(sitting.exam)
    plan = seating.planned_forms(_grids(sitting), len(papers))
    for one in placed:
        if one.seat is not None:
            one.enrolment.paper_id = papers[plan[one.seat]]
    db.session.flush()
    allotting.spare_retakers(sitting.id, [one for one in placed if one.seat is not None], at=at)


def _papers(exam: Exam) -> Mapping[int, UUID]:
    """Return the forms that lie on the seats, without those drawn for somebody later."""
    statement = select(Paper.form, Paper.id).where(
        Paper.exam_id == exam.id, Paper.form <= exam.form_count
    )
    return {form: paper_id for form, paper_id in db.session.execute(statement)}


def _sit(found: Candidature, sitting: Sitting, seat: Seat, at: datetime) -> None:
    """Put somebody on a free seat, with the form that lies there."""
    found.take_seat(seat)
    names = {one.room_id: one.room.name for one in sitting.rooms}
    found.enrolment.room = names[seat.room_id]
    papers = _papers(sitting.exam)
    found.enrolment.paper_id = papers[seating.planned_forms(_grids(sitting), len(papers))[seat]]
    db.session.flush()
    allotting.spare_retakers(sitting.id, [found], at=at)


def _separated(sitting: Sitting, line: Sequence[Candidature], at: datetime) -> list[Candidature]:
    working = {one.person_id for one in staff.of(sitting.id)}
    bound = separation.bonds(working, {one.candidate_id for one in line}, on=days.civil_day(at))
    apart = {candidate_id for _, candidate_id in bound}
    return [one for one in line if one.candidate_id not in apart]
