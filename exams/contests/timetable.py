"""Pure: when each question of a round is open, by the server's clock alone (竞赛时间).

A qualifying round is open for days, and each question counts from the moment it was shown. A final
happens at one moment for everybody: its questions follow one another at fixed seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class RoundKind(StrEnum):
    """How a round is played (轮次)."""

    #: Any time, and no place is won by it (练兵).
    PRACTICE = "practice"
    #: Any time within its days (资格赛).
    QUALIFYING = "qualifying"
    #: At one moment for everybody (决赛).
    FINAL = "final"


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """The times of one round."""

    kind: RoundKind
    opens_at: datetime
    #: Of a final: when its last question closes.
    closes_at: datetime
    question_count: int
    #: Seconds for each question, and between two of a final.
    seconds: int
    pause_seconds: int

    def opening(self, slot: int) -> datetime:
        """Return when a question of a final opens."""
        step = self.seconds + self.pause_seconds
        return self.opens_at + timedelta(seconds=step * (slot - 1))

    def open_slot(self, at: datetime) -> int:
        """Return the newest question of a final that has opened; 0 before the first."""
        if at < self.opens_at:
            return 0
        step = timedelta(seconds=self.seconds + self.pause_seconds)
        return min(self.question_count, (at - self.opens_at) // step + 1)

    def is_open(self, at: datetime) -> bool:
        """Say whether the round goes on at a moment."""
        return self.opens_at <= at < self.closes_at


def end_of_final(opens_at: datetime, question_count: int, seconds: int, pause: int) -> datetime:
    """Return when the last question of a final closes."""
    return opens_at + timedelta(seconds=question_count * (seconds + pause) - pause)


def milliseconds(since: datetime, until: datetime) -> int:
    """Return the time between two moments of the server; never below zero."""
    return max(0, (until - since) // timedelta(milliseconds=1))
