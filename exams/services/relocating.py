"""All people of a room move to another one, and everything they have goes with them (换考场).

A room may be lost on the day: no power, water, fire. Its people get the same seats in a room that
stands ready, or the nearest free ones; attempts, responses, check-ins, tickets' numbers and turns
stay. Once the exam has begun the clock stands from here on until the new room is told to go on.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from exams.models import (
    Candidature,
    Enrolment,
    Practical,
    PracticalSubject,
    Sitting,
    SittingRoom,
)
from exams.seating import Room, Seat
from exams.services import centres, rooms, seats, sittings, staff
from exams.sitting_errors import NotSeated, RoomLeft, RoomsUnfit, TooFewSeatsLeft
from exams.sittings import IN_ROOMS
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.policy import Identity, Permission


def relocate(
    sitting_id: UUID,
    room_id: UUID,
    *,
    to_room_id: UUID,
    reason: str,
    by: Identity,
    at: datetime,
) -> Sitting:
    """Move everybody of a room to another room of the centre. The same again changes nothing.

    Raises:
        NotFound: there is no such sitting within the asker's scope, or it has no such room.
        NotSeated: nobody has a seat yet, or the sitting is over.
        RoomLeft: its people were moved to another room before.
        RoomsUnfit: the other room is not of the centre, out of use, or of the sitting already.
        RoomTaken: another sitting uses it in these hours.
        TooFewSeatsLeft: it has too few seats.
    """
    sitting = sittings.get(sitting_id, scope=by.scope(Permission.SEAT_CANDIDATES), lock=True)
    used = {one.room_id: one for one in sitting.rooms}
    if room_id not in used:
        raise NotFound
    left = used[room_id]
    if left.moved_to_id is not None:
        if left.moved_to_id != to_room_id:
            raise RoomLeft
        return sitting
    if sitting.mode not in IN_ROOMS or sitting.state not in seats.SEATED:
        raise NotSeated
    taken_up = _taken_up(sitting, to_room_id)
    count = _follow(sitting, room_id, taken_up)
    left.moved_to_id, left.moved_at, left.moved_because = to_room_id, at, reason
    db.session.flush()
    names = (left.room.name, taken_up.room.name)
    rooms.carry_over(sitting.exam, *names, reason=reason, by=by, at=at)
    staff.follow(sitting, *names, by=by, at=at)
    _tell(sitting, names, count, reason=reason, by=by, at=at)
    return sitting


def _taken_up(sitting: Sitting, room_id: UUID) -> SittingRoom:
    """Return another room that the sitting uses from now on."""
    found = centres.usable(sitting.centre_id, (room_id,))
    if room_id not in found or any(one.room_id == room_id for one in sitting.rooms):
        raise RoomsUnfit
    exam = sitting.exam
    sittings.check_rooms_free((room_id,), exam.opens_at, exam.closes_at, but=sitting.id)
    added = SittingRoom(room_id=room_id, place=max(one.place for one in sitting.rooms) + 1)
    sitting.rooms.append(added)
    db.session.flush()
    db.session.refresh(added)
    return added


def _of_room(sitting_id: UUID, room_id: UUID) -> list[Candidature]:
    statement = (
        select(Candidature)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .where(
            Candidature.sitting_id == sitting_id,
            Candidature.room_id == room_id,
            Enrolment.withdrawn_at.is_(None),
        )
        .order_by(Candidature.number)
        .with_for_update(of=Candidature)
    )
    return list(db.session.scalars(statement))


def _follow(sitting: Sitting, room_id: UUID, taken_up: SittingRoom) -> int:
    """Move everybody, and the stations of a circuit; return how many people."""
    moved, legs = _of_room(sitting.id, room_id), _legs(sitting.id, room_id)
    stations = [one for one in sitting.stations if one.room_id == room_id]
    old = {one.seat for one in moved if one.seat is not None}
    old |= {one.station for one in legs} | {one.station for one in stations}
    stay = _seats_for(old, taken_up.room.grid)
    for one in moved:
        if one.seat is not None:
            one.take_seat(stay[one.seat], one.turn)
        one.enrolment.room = taken_up.room.name
    for leg in legs:
        leg.stand_at(stay[leg.station])
    for station in stations:
        station.room_id, station.seat_row, station.seat_column = stay[station.station]
    return len(moved)


def _legs(sitting_id: UUID, room_id: UUID) -> list[PracticalSubject]:
    """Return the subjects of a circuit that are examined in a room."""
    statement = (
        select(PracticalSubject)
        .join(Practical, Practical.id == PracticalSubject.practical_id)
        .join(Candidature, Candidature.id == Practical.enrolment_id)
        .where(Candidature.sitting_id == sitting_id, PracticalSubject.room_id == room_id)
    )
    return list(db.session.scalars(statement))


def _seats_for(taken: Collection[Seat], grid: Room) -> dict[Seat, Seat]:
    """Return for each seat or station the one in the other room: the same where there is one."""
    old = sorted(taken)
    if len(old) > grid.capacity:
        raise TooFewSeatsLeft(people=len(old), seats=grid.capacity)
    there = set(grid.seats)
    kept = {seat: same for seat in old if (same := seat._replace(room_id=grid.id)) in there}
    spare = [seat for seat in grid.spread if seat not in kept.values()]
    spare += [seat for seat in grid.seats if seat not in {*kept.values(), *spare}]
    others = [seat for seat in old if seat not in kept]
    return kept | dict(zip(others, spare, strict=False))


def _tell(
    sitting: Sitting,
    names: tuple[str, str],
    count: int,
    *,
    reason: str,
    by: Identity,
    at: datetime,
) -> None:
    audit.append(
        "room_relocated",
        by=by,
        at=at,
        subject_kind="sitting",
        subject_id=sitting.id,
        before={"room": names[0]},
        after={"room": names[1], "people_count": count},
        reason=reason,
        organisation_path=centres.get(sitting.centre_id).path,
    )
