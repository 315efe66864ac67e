"""Tables of contests: what is held, who takes part, what they responded (竞赛的数据表)."""

from exams.contests.models.contests import (
    Contest,
    ContestInvitation,
    ContestQuestion,
    ContestRound,
    ContestState,
    EntryMode,
    TeamKind,
)
from exams.contests.models.entries import (
    ContestEntry,
    ContestResponse,
    ContestSum,
    SumKind,
)
from exams.contests.models.participants import ContestParticipant, PhoneCode

__all__ = [
    "Contest",
    "ContestEntry",
    "ContestInvitation",
    "ContestParticipant",
    "ContestQuestion",
    "ContestResponse",
    "ContestRound",
    "ContestState",
    "ContestSum",
    "EntryMode",
    "PhoneCode",
    "SumKind",
    "TeamKind",
]
