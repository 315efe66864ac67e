"""The one moment in which all tests live, and a clock that stands still in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

#: Noon in Shanghai on a working Monday: far from midnight, so that day and date agree in UTC.
NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)


class Clock:
    """A clock that moves only when a test moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return the moment at which the clock stands."""
        return self.at

    def move(self, by: timedelta) -> datetime:
        """Let time pass, and return the new moment."""
        self.at += by
        return self.at

    def set(self, at: datetime) -> None:
        """Put the clock to another moment."""
        self.at = at
