"""Pure: what a contest is to be, and whether its rounds follow one another (竞赛方案)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from exams.contests.errors import RoundsUnfit
from exams.contests.timetable import RoundKind, end_of_final


@dataclass(frozen=True, kw_only=True)
class RoundDraft:
    """One round as it is to be."""

    kind: RoundKind
    opens_at: datetime
    #: None for a final, whose end follows from its questions.
    closes_at: datetime | None
    question_count: int
    #: Questions that those of one participant are drawn from; None for as many.
    pool_count: int | None
    seconds: int
    pause_seconds: int
    advancing_places: int | None
    freezes_at: datetime | None

    @property
    def ends_at(self) -> datetime | None:
        """When the round is over; None where nobody said."""
        if self.kind is not RoundKind.FINAL:
            return self.closes_at
        return end_of_final(self.opens_at, self.question_count, self.seconds, self.pause_seconds)

    @property
    def drawn_from(self) -> int:
        """How many questions the round uses up. In a final all meet the same."""
        if self.kind is RoundKind.FINAL or self.pool_count is None:
            return self.question_count
        return self.pool_count


@dataclass(frozen=True, kw_only=True)
class ContestDraft:
    """A contest as it is to be."""

    organisation_id: UUID
    name: str
    notice: str
    notice_version: int
    entry_mode: str
    team_kind: str
    team_size: int
    tie_rule: str
    base_points: int
    speed_points: int
    merit_places: int
    joins_from: datetime
    joins_until: datetime
    bank_ids: tuple[UUID, ...]
    topics: tuple[str, ...]
    rounds: tuple[RoundDraft, ...]


def check_rounds(rounds: Sequence[RoundDraft]) -> None:
    """Make sure that the rounds can be played one after the other.

    Raises:
        RoundsUnfit: a round ends before it begins, begins before the one before is over, draws
            more than there is, or a board freezes outside of its round.
    """
    before: datetime | None = None
    for number, one in enumerate(rounds, start=1):
        for fault, fault_zh in _faults(one, before):
            raise RoundsUnfit(number=number, fault=fault, fault_zh=fault_zh)
        before = one.ends_at


def _faults(one: RoundDraft, before: datetime | None) -> list[tuple[str, str]]:
    ends_at = one.ends_at
    if ends_at is None or ends_at <= one.opens_at:
        return [("it ends before it begins", "结束时间不晚于开始时间")]
    found = []
    if one.drawn_from < one.question_count:
        found.append(("its pool is smaller than its paper", "题源少于每人题数"))
    if before is not None and one.opens_at < before:
        found.append(("the round before is not over", "上一轮尚未结束"))
    if one.freezes_at is not None and not one.opens_at < one.freezes_at <= ends_at:
        found.append(("its board freezes outside of the round", "封榜时间不在本轮时间内"))
    return found
