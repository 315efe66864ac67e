"""Whether the server's wall clock can be believed: it must go as fast as the monotonic one (校时).

A wall clock that jumps, because somebody set it or a time server was wrong, would close attempts
long before their time. So whoever closes something compares the wall clock with one that nobody
can set. While the two disagree by more than two seconds nothing is closed, until the wall clock is
back, or has gone steadily for so long that its new time must be meant.

Which time was believed last is told by process to process, for one that starts while the clock is
wrong has never seen it right. A machine that was switched off has nothing to compare with but the
time that was believed last, anywhere: where it does not seem to go on from there, its clock must go
steadily for a while, in which a time server may put it right, before anything is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

#: Seconds by which the clocks may differ: a slow correction stays below, a jump does not.
TOLERANCE = 2.0

#: Seconds for which a clock that jumped must go steadily before it is believed again.
SETTLED = 600.0


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What both clocks say at one moment."""

    wall: datetime
    #: Seconds by a clock that only goes forward and that nobody sets.
    monotonic: float

    @property
    def difference(self) -> float:
        """Seconds between the two; the same for ever where nobody sets the wall clock."""
        return self.wall.timestamp() - self.monotonic


def goes_on(wall: datetime, last: datetime | None) -> bool:
    """Say whether a machine that was switched on shows a time that goes on from the last believed.

    A machine that runs tells what it believes every ten minutes. So a time before the last one is
    wrong, and one long after it may be: the machine was off for long, or its clock has run away.

    Args:
        wall: what the wall clock shows.
        last: the time that was believed last, on any machine; None where there was none.
    """
    if last is None:
        return True
    return -TOLERANCE <= (wall - last).total_seconds() <= 2 * SETTLED


class Watch:
    """Compares the clocks reading by reading, and remembers which time was believed last."""

    def __init__(self) -> None:
        self._believed: Reading | None = None
        self._doubted: Reading | None = None

    @property
    def believed(self) -> Reading | None:
        """The reading that others are compared with; None before the first."""
        return self._believed

    def begin(self, believed: Reading) -> None:
        """Believe first what another process on this machine believed."""
        self._believed = believed

    def off_by(self, reading: Reading) -> float:
        """Return the seconds by which the wall clock has jumped; 0 where it can be believed."""
        if self._believed is None or _agree(reading, self._believed):
            return self._believe(reading)
        if self._doubted is None or not _agree(reading, self._doubted):
            self._doubted = reading
        if reading.monotonic - self._doubted.monotonic >= SETTLED:
            return self._believe(reading)
        return reading.difference - self._believed.difference

    def _believe(self, reading: Reading) -> float:
        # Now and then the comparison begins anew, so that slow corrections never add up to a jump.
        last = self._believed
        returned = self._doubted is not None
        if last is None or returned or reading.monotonic - last.monotonic >= SETTLED:
            self._believed = reading
        self._doubted = None
        return 0.0


def _agree(one: Reading, other: Reading) -> bool:
    return abs(one.difference - other.difference) <= TOLERANCE
