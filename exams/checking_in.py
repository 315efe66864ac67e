"""What becomes of what an invigilator's phone says at the door (入场核验规则).

A phone may be offline for hours and two may speak of the same person. What reached the server
first stands, with one exception: the seat that was planned goes before any other. Everything that
was said is kept; what changes nothing, or contradicts, says so and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from exams.sittings import IN_THE_ROOM, Attendance, Awaited


class DoorAct(StrEnum):
    """What an invigilator's phone says of a person at the door."""

    #: The person was let in to the seat.
    ARRIVAL = "arrival"
    #: The person was not who they said, or had no papers.
    TURNING_AWAY = "turning_away"


class Verdict(StrEnum):
    """What became of it."""

    ACCEPTED = "accepted"
    #: It says what is known already.
    REPEATED = "repeated"
    #: Another phone said otherwise before, and that stands: another seat, or another act.
    CONTRADICTED = "contradicted"
    #: The person's room is another.
    WRONG_ROOM = "wrong_room"
    #: There is no such place in the sitting, or it was given up.
    NO_PLACE = "no_place"
    #: The person waits for a place, and no seat is free.
    NO_SEAT = "no_seat"
    #: The seat is somebody else's.
    SEAT_TAKEN = "seat_taken"
    #: Nobody is let in any more.
    TOO_LATE = "too_late"


#: How much later than it happened something may reach the server without being marked.
FRESH = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Door:
    """What the rule needs of a person's place, as it stands."""

    #: False where there is none, or it was given up.
    exists: bool
    awaits: Awaited | None = None
    attendance: Attendance = Attendance.EXPECTED
    #: Whether the room that the phone watches is the person's.
    same_room: bool = True
    #: Whether the seat named by the phone is the one that was planned; True where none is named.
    planned_seat: bool = True
    #: Whether the person was let in to that very seat before.
    same_seat: bool = True
    #: Whether the seat was planned for, or is taken by, somebody else.
    seat_taken: bool = False
    #: Whether a seat is free for somebody who waits for one.
    seat_free: bool = False


def judge(act: DoorAct, door: Door, *, happened_at: datetime, latest_at: datetime) -> Verdict:
    """Say what becomes of something that a phone said.

    Args:
        act: what it said.
        door: the person's place as it stands.
        happened_at: when it happened, as far as can be known.
        latest_at: after this nobody is let in.
    """
    refused = _refused(door)
    if refused is not None:
        return refused
    if act is DoorAct.TURNING_AWAY:
        return _turned_away(door)
    if door.attendance in IN_THE_ROOM:
        return _again(door)
    if happened_at > latest_at:
        return Verdict.TOO_LATE
    if door.awaits is Awaited.STAND_BY:
        return Verdict.ACCEPTED if door.seat_free else Verdict.NO_SEAT
    return Verdict.SEAT_TAKEN if door.seat_taken else Verdict.ACCEPTED


def _refused(door: Door) -> Verdict | None:
    if not door.exists or door.awaits is Awaited.DECISION:
        return Verdict.NO_PLACE
    if not door.same_room and door.awaits is not Awaited.STAND_BY:
        return Verdict.WRONG_ROOM
    return None


def _turned_away(door: Door) -> Verdict:
    if door.attendance is Attendance.TURNED_AWAY:
        return Verdict.REPEATED
    return Verdict.CONTRADICTED if door.attendance in IN_THE_ROOM else Verdict.ACCEPTED


def _again(door: Door) -> Verdict:
    """Two phones let the same person in: the planned seat goes before any other."""
    if door.same_seat:
        return Verdict.REPEATED
    moves = door.planned_seat and not door.seat_taken
    return Verdict.ACCEPTED if moves else Verdict.CONTRADICTED


def happened(claimed_at: datetime, *, received_at: datetime, doors_at: datetime) -> datetime:
    """Return when something happened: what the phone claims, within what can be true.

    A phone that was offline is the only witness; it can claim nothing before the doors opened,
    and nothing that lies ahead.
    """
    return min(max(claimed_at, doors_at), received_at)


def is_reported_late(happened_at: datetime, *, received_at: datetime) -> bool:
    """Say whether something reached the server so late that it is marked."""
    return received_at - happened_at > FRESH
