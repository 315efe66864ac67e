"""Whether stations take everybody through all subjects, and how many people (实操轮转)."""

from __future__ import annotations

from collections.abc import Sequence

from exams import circuits
from exams.circuits import CircuitFault
from exams.models import Sitting
from exams.practical_errors import CircuitUnfit
from exams.seating import Seat
from exams.services import score_sheets
from exams.sittings import Mode
from server import days
from server.db import db

#: A station with the subjects that it takes.
Laid = tuple[Seat, Sequence[str]]


def check(sitting: Sitting, stations: Sequence[Laid]) -> None:
    """Make sure that stations take everybody through all subjects of a sitting.

    Raises:
        NoScoreSheet: nothing says which subjects there are.
        CircuitUnfit: they do not.
    """
    found = [*_faults(sitting, stations)]
    if found:
        raise CircuitUnfit(faults=[one.value for one in found])


def follow(sitting: Sitting) -> None:
    """Let a circuit follow a sitting that was planned anew: dropped where it fits no more."""
    laid = [(one.station, one.subjects) for one in sitting.stations]
    if not laid:
        return
    if list(_faults(sitting, laid)):
        sitting.stations.clear()
        sitting.veto_ends = False
    else:
        sitting.capacity = capacity(sitting, laid)
    db.session.flush()


def _faults(sitting: Sitting, stations: Sequence[Laid]) -> list[CircuitFault]:
    if sitting.mode is not Mode.PRACTICAL:
        return [CircuitFault.NOT_PRACTICAL]
    exam = sitting.exam
    sheet = score_sheets.counting(exam.qualification, on=days.civil_day(exam.opens_at))
    subjects = [one.code for one in score_sheets.of(sheet).subjects]
    found = list(circuits.faults(stations, subjects))
    rooms = {one.room_id: one.room.grid for one in sitting.open_rooms}
    seats = [seat for seat, _ in stations]
    there = {seat for room in rooms.values() for seat in room.seats}
    if not there >= set(seats):
        found.append(CircuitFault.NO_SUCH_STATION)
    full = [sum(seat.room_id == one for seat in seats) > rooms[one].capacity for one in rooms]
    if any(full):
        found.append(CircuitFault.ROOM_TOO_SMALL)
    if circuits.capacity(circuits.groups(stations), sitting.turns) < 1:
        found.append(CircuitFault.TOO_FEW_TURNS)
    return found


def capacity(sitting: Sitting, stations: Sequence[Laid]) -> int:
    """Return how many people a practical has places for, no more than its planner wants."""
    if not stations:
        places = sum(one.room.capacity for one in sitting.open_rooms)
        return places * sitting.turns
    most = circuits.capacity(circuits.groups(stations), sitting.turns)
    return min(most, sitting.capacity)
