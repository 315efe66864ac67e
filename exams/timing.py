"""When an attempt may start, when it ends, and what arrives too late (考试时间).

Only the server's clock counts, and only the moment of arrival: what a phone says of its own time is
never asked for. Nothing here is stored as a state; whether time is up is computed when it matters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

#: Seconds between two calls of a phone that has nothing urgent to say, before jitter.
_USUAL_PAUSE = 30
#: In the last minutes phones call more often, so that less is left for the last second.
_LAST_MINUTES = timedelta(minutes=3)
_SHORT_PAUSE = 10


class Entrance(StrEnum):
    """Whether an attempt may start now."""

    OPEN = "open"
    NOT_YET_OPEN = "not_yet_open"
    TOO_LATE = "too_late"


class Contradiction(StrEnum):
    """A window that would take time from a candidate which the exam promised."""

    CLOSES_BEFORE_IT_OPENS = "closes_before_it_opens"
    SHORTER_THAN_ALLOWED_TIME = "shorter_than_allowed_time"
    LATEST_START_OUTSIDE_WINDOW = "latest_start_outside_window"
    LATE_STARTERS_LOSE_TIME = "late_starters_lose_time"
    OUTCOMES_RELEASED_BEFORE_CLOSING = "outcomes_released_before_closing"


@dataclass(frozen=True, kw_only=True)
class Window:
    """The hours of an exam, as the planner wrote them."""

    opens_at: datetime
    closes_at: datetime
    #: After this nobody starts; None where one may start as long as the whole time remains.
    latest_start_at: datetime | None = None
    #: True where everybody stops at `closes_at`, and who comes late has less time (迟到不补时).
    late_starts_lose_time: bool = False
    #: When outcomes are shown; None for at once.
    release_at: datetime | None = None

    def last_start(self, allowed: timedelta) -> datetime:
        """Return the last moment at which an attempt may start."""
        return self.latest_start_at or self.closes_at - allowed

    def put_off(self, by: timedelta) -> Window:
        """Return the window of a room that started later, or stood still for a time.

        The opening stays, for the signal of the room guards it; everything that ends moves on, so
        that nobody has less time than was promised.
        """
        latest = self.latest_start_at
        return replace(
            self,
            closes_at=self.closes_at + by,
            latest_start_at=None if latest is None else latest + by,
        )


def contradictions(window: Window, *, allowed: timedelta) -> tuple[Contradiction, ...]:
    """Dry-run the clock: return every promise that the window could not keep.

    An exam with any of these is not published, so that no setting can ever close an attempt before
    its start plus the time granted to it.
    """
    found = []
    if window.closes_at <= window.opens_at:
        found.append(Contradiction.CLOSES_BEFORE_IT_OPENS)
    elif window.opens_at + allowed > window.closes_at:
        found.append(Contradiction.SHORTER_THAN_ALLOWED_TIME)
    elif window.latest_start_at is not None:
        if not window.opens_at <= window.latest_start_at < window.closes_at:
            found.append(Contradiction.LATEST_START_OUTSIDE_WINDOW)
        elif _cuts(window, window.latest_start_at, allowed) and not window.late_starts_lose_time:
            found.append(Contradiction.LATE_STARTERS_LOSE_TIME)
    if window.release_at is not None and window.release_at < window.closes_at:
        found.append(Contradiction.OUTCOMES_RELEASED_BEFORE_CLOSING)
    return tuple(found)


def _cuts(window: Window, start: datetime, allowed: timedelta) -> bool:
    return start + allowed > window.closes_at


def entrance(window: Window, *, allowed: timedelta, at: datetime) -> Entrance:
    """Say whether an attempt may start at the moment `at`."""
    if at < window.opens_at:
        return Entrance.NOT_YET_OPEN
    if at > window.last_start(allowed):
        return Entrance.TOO_LATE
    return Entrance.OPEN


def deadline(
    *, started_at: datetime, allowed: timedelta, closes_at: datetime, extra: timedelta = timedelta()
) -> datetime:
    """Return the moment an attempt ends: start plus allowed time, or closing, whichever is first.

    Time granted by an invigilator is added after that: it may reach beyond the closing, for it
    pays back what the candidate lost. With a window that `contradictions` lets pass, only a late
    start that was announced to cost time is ever cut by the closing.
    """
    return min(started_at + allowed, closes_at) + extra


def remaining(deadline_at: datetime, *, at: datetime) -> timedelta:
    """Return the time left; never below nothing."""
    return deadline_at - at if at < deadline_at else timedelta()


def is_up(deadline_at: datetime, *, at: datetime, grace: timedelta) -> bool:
    """Say whether something that arrives at `at` is too late.

    The grace pays for the way through the network alone; it is not shown to the candidate.
    """
    return at > deadline_at + grace


class Pulse(NamedTuple):
    """What every reply to a phone says of time."""

    now: datetime
    deadline_at: datetime
    #: Seconds after which to call again.
    next_call_in: int


def pulse(deadline_at: datetime, *, at: datetime, share: float) -> Pulse:
    """Return what a reply at `at` says of time; `share` is the phone's own dice, 0 to 1."""
    return Pulse(at, deadline_at, next_call_in(share, left=deadline_at - at))


def next_call_in(share: float, *, left: timedelta) -> int:
    """Return the seconds after which a phone should call again if it has nothing to say.

    Args:
        share: a number from 0 to 1 by the phone's own dice, so that phones do not call in step.
        left: the time left to the deadline; less than nothing where it has passed.
    """
    pause = _SHORT_PAUSE if left <= _LAST_MINUTES else _USUAL_PAUSE
    return pause + round(share * pause)
