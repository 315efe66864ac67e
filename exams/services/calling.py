"""Calling candidates to stations, subject by subject, and the board that shows it (叫号)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from exams import scoring
from exams.admission_errors import NotOnDuty
from exams.models import Candidature, Practical, PracticalSubject, Sitting, StationCall
from exams.models.practicals import PracticalState, SubjectState
from exams.practical_errors import PracticalOver, StationTaken, SubjectElsewhere, SubjectOver
from exams.seating import Seat
from exams.services import (
    practical_parts,
    practical_sittings,
    practicals,
    score_sheets,
    sittings,
    staff,
    turns,
)
from exams.sitting_errors import SeatUnfit
from server.db import db
from server.errors import IdTaken, NotFound
from server.people.models import Person
from server.policy import Identity, Permission


@dataclass(frozen=True, kw_only=True)
class BoardLine:
    """Somebody on the board of a sitting: when and where they are called, and where they are."""

    practical: Practical
    place: Candidature
    candidate: Person
    expected_at: datetime
    #: The call that stands, None while the candidate is at no station.
    now: StationCall | None


def call(
    call_id: UUID,
    practical_id: UUID,
    *,
    subject: str,
    station: Seat,
    by: Identity,
    at: datetime,
) -> StationCall:
    """Call a candidate to a station for a subject. The same again changes nothing.

    A call that stood before ends with it: nobody is at two stations.

    Raises:
        NotFound: there is no such practical at a sitting within the asker's scope, or it has no
            such subject.
        NotOnDuty: the asker neither watches nor examines in the room.
        NotAdmitted: nobody let the candidate in.
        PracticalOver: it is decided or voided.
        SeatUnfit: the sitting has no such station.
        SubjectElsewhere: the station takes other subjects.
        SubjectOver: the candidate has gone through this one.
        StationTaken: somebody else is there.
        IdTaken: another call stands under this id.
    """
    practical, sitting = _at_sitting(practical_id, by)
    wanted = (practical_id, subject, *station)
    known = db.session.get(StationCall, call_id)
    if known is not None:
        if (known.practical_id, known.subject, *_station(known)) != wanted:
            raise IdTaken
        return known
    _check_station(sitting, station, by)
    item = _item(practical, subject)
    turns.check_let_in(practical)
    if practical.state is not PracticalState.PLANNED:
        raise PracticalOver
    leg = practical_parts.leg(practical, subject)
    if leg is not None:
        _check_due(sitting, practical, leg, station)
    _free(sitting, practical, station, at=at)
    made = StationCall(
        id=call_id,
        practical_id=practical_id,
        sitting_id=sitting.id,
        subject=subject,
        item=item,
        room_id=station.room_id,
        seat_row=station.row,
        seat_column=station.column,
        called_at=at,
        called_by_id=by.person_id,
    )
    db.session.add(made)
    db.session.flush()
    if leg is not None:
        _take_up(sitting, practical, leg, station, by=by, at=at)
    told: dict[str, object] = {"subject": subject, "item": item, "station": station.label}
    practicals.tell("candidate_called", practical, told, by=by, at=at)
    return made


def _free(sitting: Sitting, practical: Practical, station: Seat, *, at: datetime) -> None:
    """Let a candidate leave the station before, and make sure that nobody is at the next one."""
    for one in _standing(sitting.id):
        if one.practical_id == practical.id:
            one.left_at = at
        elif _station(one) == station:
            raise StationTaken(station=station.label)


def _check_due(
    sitting: Sitting, practical: Practical, leg: PracticalSubject, station: Seat
) -> None:
    """Make sure that a station takes a subject, and that the candidate has yet to go through it."""
    kind = next((one for one in sitting.circuit if leg.subject in one.subjects), None)
    if kind is None or station not in kind.stations:
        raise SubjectElsewhere(station=station.label, subject=leg.subject)
    examiners = practical_parts.of(practical, leg.subject)
    handed_in = any(one.handed_in_at is not None for one in examiners)
    if handed_in or leg.state not in (SubjectState.PLANNED, SubjectState.ABSENT):
        raise SubjectOver(subject=leg.subject)


def _take_up(
    sitting: Sitting,
    practical: Practical,
    leg: PracticalSubject,
    station: Seat,
    *,
    by: Identity,
    at: datetime,
) -> None:
    """Have a subject examined where its candidate was called to, by those who examine there."""
    leg.state, leg.reason = SubjectState.PLANNED, None
    if leg.station != station:
        leg.stand_at(station)
        db.session.flush()
        practical_sittings.name_at(sitting, practical, leg.subject, station, by=by, at=at)


def leave(call_id: UUID, practical_id: UUID, *, by: Identity, at: datetime) -> StationCall:
    """Say that a candidate has left a station. Saying it again changes nothing.

    Raises:
        NotFound: there is no such call at a sitting within the asker's scope.
        NotOnDuty: the asker neither watches nor examines in the room.
    """
    _, sitting = _at_sitting(practical_id, by)
    found = db.session.get(StationCall, call_id)
    if found is None or found.practical_id != practical_id:
        raise NotFound
    _check_on_duty(sitting, found.room_id, by)
    found.left_at = found.left_at or at
    db.session.flush()
    return found


def board(sitting_id: UUID, *, by: Identity) -> list[BoardLine]:
    """Return who is called where and when, in the order of turns.

    Raises:
        NotFound: there is no such sitting within the asker's scope.
        NotOnDuty: the asker neither works there nor gives its seats.
    """
    sitting = sittings.get(sitting_id, scope=by.scope(Permission.SEE_EXAMS))
    if not by.may(Permission.SEAT_CANDIDATES):
        _check_on_duty(sitting, None, by)
    now = {one.practical_id: one for one in _standing(sitting_id)}
    held = turns.at_sitting(sitting_id)
    people = _people({place.candidate_id for _, place in held})
    return [
        BoardLine(
            practical=practical,
            place=place,
            candidate=people[place.candidate_id],
            expected_at=sitting.expects_at(place.turn),
            now=now.get(practical.id),
        )
        for practical, place in held
        if place.enrolment.withdrawn_at is None
    ]


def _at_sitting(practical_id: UUID, by: Identity) -> tuple[Practical, Sitting]:
    practical = practicals.locked(practical_id, scope=by.scope(Permission.SEE_EXAMS))
    if practical.enrolment_id is None:
        raise NotFound
    place = db.session.get_one(Candidature, practical.enrolment_id)
    return practical, sittings.get(place.sitting_id, lock=True)


def _check_station(sitting: Sitting, station: Seat, by: Identity) -> None:
    _check_on_duty(sitting, station.room_id, by)
    rooms = {one.room_id: one.room.grid for one in sitting.open_rooms}
    if station.room_id not in rooms or station not in rooms[station.room_id].seats:
        raise SeatUnfit(seat=station.label)


def _check_on_duty(sitting: Sitting, room_id: UUID | None, by: Identity) -> None:
    rooms = [one.room.name for one in sitting.rooms if room_id in (None, one.room_id)]
    if not any(staff.works_in(by.person_id, sitting.id, room) for room in rooms):
        raise NotOnDuty


def _item(practical: Practical, subject: str) -> str:
    sheet = score_sheets.of(practical.score_sheet)
    for one, item in scoring.drawn(sheet, practical.drawn):
        if one.code == subject:
            return item.code
    raise NotFound


def _standing(sitting_id: UUID) -> list[StationCall]:
    statement = select(StationCall).where(
        StationCall.sitting_id == sitting_id, StationCall.left_at.is_(None)
    )
    return list(db.session.scalars(statement))


def _station(one: StationCall) -> Seat:
    return Seat(one.room_id, one.seat_row, one.seat_column)


def _people(ids: Collection[UUID]) -> dict[UUID, Person]:
    statement = select(Person).where(Person.id.in_(ids))
    return {one.id: one for one in db.session.scalars(statement)}
