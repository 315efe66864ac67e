"""What people do at a sitting (考务分工)."""

from __future__ import annotations

from enum import StrEnum


class Duty(StrEnum):
    """What somebody does at a sitting."""

    #: Plans it (编排考务).
    PLANNER = "planner"
    #: Has its papers drawn (组卷).
    SETTER = "setter"
    #: Watches a room (监考).
    INVIGILATOR = "invigilator"
    #: Scores by hand (评分).
    EXAMINER = "examiner"


#: Duties that are done on the spot, in one room at a time.
ON_THE_SPOT = frozenset({Duty.INVIGILATOR, Duty.EXAMINER})
