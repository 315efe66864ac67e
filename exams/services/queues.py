"""Who is at each station, and who waits for it, in the order of turns (候考队列)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from exams.circuits import WHOLE
from exams.models import Sitting
from exams.models.practicals import PracticalState, SubjectState
from exams.seating import Seat
from exams.services import calling, sittings
from exams.services.calling import BoardLine
from exams.sittings import IN_THE_ROOM
from server.policy import Identity, Permission


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Somebody who is expected at a station."""

    line: BoardLine
    subject: str
    turn: int
    expected_at: datetime
    #: Let in, at no other station, and so ready to be called.
    is_ready: bool


@dataclass(frozen=True, kw_only=True)
class StationQueue:
    """A station: what it takes, who is there, who comes next."""

    room_id: UUID
    room: str
    station: Seat
    subjects: Sequence[str]
    now: BoardLine | None
    waiting: list[Waiting] = field(default_factory=list)

    @property
    def row(self) -> int:
        """Its row in the room, from 1."""
        return self.station.row

    @property
    def column(self) -> int:
        """Its column in the room, from 1."""
        return self.station.column


def of(sitting_id: UUID, *, by: Identity) -> list[StationQueue]:
    """Return every station of a practical with its queue.

    Raises:
        NotFound: there is no such sitting within the asker's scope.
        NotOnDuty: the asker neither works there nor gives its seats.
    """
    lines = calling.board(sitting_id, by=by)
    sitting = sittings.get(sitting_id, scope=by.scope(Permission.SEE_EXAMS))
    here = {
        Seat(line.now.room_id, line.now.seat_row, line.now.seat_column): line
        for line in lines
        if line.now is not None
    }
    names = {one.room_id: one.room.name for one in sitting.rooms}
    queues = {
        station: StationQueue(
            room_id=station.room_id,
            room=names[station.room_id],
            station=station,
            subjects=subjects,
            now=here.get(station),
        )
        for station, subjects in _stations(sitting)
    }
    for line in lines:
        for station, one in _expected(line, sitting):
            if station in queues:
                queues[station].waiting.append(one)
    for queue in queues.values():
        queue.waiting.sort(key=lambda one: (one.turn, one.subject))
    return list(queues.values())


def _stations(sitting: Sitting) -> list[tuple[Seat, list[str]]]:
    if sitting.circuit:
        return [(one.station, one.subjects) for one in sitting.stations]
    return [(seat, []) for one in sitting.open_rooms for seat in one.room.grid.spread]


def _expected(line: BoardLine, sitting: Sitting) -> list[tuple[Seat, Waiting]]:
    """Return the stations to which somebody is still to go."""
    practical, place = line.practical, line.place
    if practical.state is not PracticalState.PLANNED:
        return []
    parts = [
        (leg.station, leg.subject, leg.turn)
        for leg in practical.legs
        if leg.state in (SubjectState.PLANNED, SubjectState.ABSENT)
        and not any(one.handed_in_at for one in practical.scorers if one.subject == leg.subject)
    ]
    if not practical.legs and place.seat is not None and line.now is None:
        parts = [(place.seat, WHOLE, place.turn)]
    ready = place.attendance in IN_THE_ROOM and line.now is None
    return [
        (
            station,
            Waiting(
                line=line,
                subject=subject,
                turn=turn,
                expected_at=sitting.expects_at(turn),
                is_ready=ready,
            ),
        )
        for station, subject, turn in parts
        if line.now is None or line.now.subject != subject
    ]
