"""Whether a place lets its candidate start now: the same for one start and for many (入场)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from exams import moving, timing
from exams.admission_errors import NotAdmitted
from exams.errors import (
    AnotherDevice,
    AwaitingSignal,
    NotEligible,
    NotYetOpen,
    RoomPaused,
    TooLateToStart,
    Withdrawn,
)
from exams.rooms import Delay, StartMode
from exams.timing import Entrance, Window


class RoomState(Protocol):
    """Where a room stands."""

    @property
    def signal_at(self) -> datetime | None:
        """When the invigilator gave the signal to start."""

    @property
    def paused_at(self) -> datetime | None:
        """Since when it is paused."""

    @property
    def delay(self) -> Delay:
        """What puts off the hours of the exam here."""


class Bound(Protocol):
    """An attempt, as far as phones are concerned."""

    @property
    def device_id(self) -> UUID | None:
        """The phone that may write; None where the attempt began before that was kept."""

    @property
    def epoch(self) -> int:
        """How often it has moved, and one."""


def check_device(attempt: Bound, device_id: UUID, *, going_on: bool) -> None:
    """Refuse a phone that another one has the attempt of; once it is over, any may ask.

    Raises:
        AnotherDevice: the attempt must be moved first.
    """
    if going_on and moving.is_anothers(attempt.device_id, device_id):
        raise AnotherDevice(epoch=attempt.epoch)


def check_accepted(
    withdrawn_at: datetime | None, hindrances: Sequence[str], awaits: str | None
) -> None:
    """Refuse a place that was given up, was never one, or whose candidate was not let in yet.

    Raises:
        Withdrawn, NotEligible: the candidate has no place.
        NotAdmitted: the place waits for a decision, a seat or the check-in at the door.
    """
    if withdrawn_at is not None:
        raise Withdrawn
    if hindrances:
        raise NotEligible(list(hindrances))
    if awaits is not None:
        raise NotAdmitted(awaits=awaits)


def window_in(window: Window, start_mode: StartMode, room: RoomState | None) -> Window:
    """Return the hours of an exam as they are in a room.

    Raises:
        AwaitingSignal: the invigilator has not said that it starts.
        RoomPaused: the room stands still.
    """
    if start_mode is StartMode.BY_SIGNAL and (room is None or room.signal_at is None):
        raise AwaitingSignal
    if room is None:
        return window
    if room.paused_at is not None:
        raise RoomPaused
    return window.put_off(room.delay.of(window.opens_at))


def check_hours(window: Window, *, allowed: timedelta, at: datetime) -> None:
    """Refuse a start before the hours of an exam, or too late in them.

    Raises:
        NotYetOpen, TooLateToStart: the exam does not let one in at this moment.
    """
    entrance = timing.entrance(window, allowed=allowed, at=at)
    if entrance is Entrance.NOT_YET_OPEN:
        raise NotYetOpen(opens_at=window.opens_at.isoformat())
    if entrance is Entrance.TOO_LATE:
        raise TooLateToStart(last_start_at=window.last_start(allowed).isoformat())
