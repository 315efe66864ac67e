"""Rooms of an exam: how they start, pause and go on, and what that does to time (考场).

A pause takes nothing from anybody: each attempt gets back what it lost, whole seconds, rounded up.
While it lasts, deadlines stand so far ahead that none can come; what phones send then counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: How far a pause puts the deadlines off until it is known how long it was. A pause that is
#: forgotten ends by itself after that.
HOLD = timedelta(hours=12)


class StartMode(StrEnum):
    """What opens an exam."""

    #: Its opening hour.
    BY_CLOCK = "by_clock"
    #: The invigilator's word in each room (宣布开考), from the opening hour on.
    BY_SIGNAL = "by_signal"


class RoomAct(StrEnum):
    """What an invigilator does to a room."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTENSION = "extension"
    VOIDING = "voiding"


@dataclass(frozen=True, kw_only=True)
class Delay:
    """What puts off the hours of an exam in one room."""

    #: When the invigilator gave the signal; None where there was none.
    signal_at: datetime | None = None
    #: Seconds of pauses and extensions so far.
    shift_seconds: int = 0

    def of(self, opens_at: datetime) -> timedelta:
        """Return by how much later than planned everything happens in the room."""
        waited = max(self.signal_at - opens_at, timedelta()) if self.signal_at else timedelta()
        return waited + timedelta(seconds=self.shift_seconds)


def lost(since: datetime, *, at: datetime) -> int:
    """Return the seconds that were lost since a moment: whole ones, in favour of the candidate."""
    return max(math.ceil((at - since).total_seconds()), 0)
