"""Pure: what one response is worth, by correctness and the time the server measured (计分).

A wrong or late response is worth nothing, a right one at least the base; what remains of the time
adds to it. Time that the network may have cost (`grace_ms`) is taken off before.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Worth:
    """How a contest counts."""

    #: Points of every right response in time.
    base: int
    #: Points that one gains who responds at once; they shrink evenly to nothing.
    speed: int
    seconds: int
    grace_ms: int

    def in_time(self, elapsed_ms: int) -> bool:
        """Say whether a response came in time, the grace forgiven."""
        return elapsed_ms <= self.seconds * 1000 + self.grace_ms

    def points(self, *, correct: bool, elapsed_ms: int) -> int:
        """Return the points of a response; whole, so that every recount gives the same."""
        if not correct or not self.in_time(elapsed_ms):
            return 0
        whole = self.seconds * 1000
        left = whole - max(0, min(whole, elapsed_ms - self.grace_ms))
        return self.base + self.speed * left // whole
