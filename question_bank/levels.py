"""Pure: levels, and days in a row, by what stays in the memory (等级与连续打卡).

Nothing here rewards guessing. A question counts as mastered once it was right twice, each time when
spaced repetition had it due, and no more after one wrong response; so trying luck costs what it
gains. A day of the daily question counts where the first response was right, or where a wrong one
was put right within the days of grace, on another day: tapping anything keeps no row of days.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files


class DayState(StrEnum):
    """What became of the daily question of a day (每日一题状态)."""

    #: Right, or put right in time.
    KEPT = "kept"
    #: Wrong, and there is time to put it right.
    OPEN = "open"
    MISSED = "missed"


@dataclass(frozen=True, kw_only=True)
class Level:
    """A level, and how many mastered questions it takes."""

    number: int
    name_zh: str
    name_en: str
    mastered: int


@dataclass(frozen=True, kw_only=True)
class LevelRules:
    """What counts from a day on."""

    effective_from: date
    #: A question is mastered that is to come again after so many days at least.
    interval_days: int
    #: Days after its own within which a wrong daily question may be put right.
    grace_days: int
    #: The lowest first; it takes nothing.
    levels: tuple[Level, ...]
    source: str


def on(day: date) -> LevelRules:
    """Return what counts on a day: the newest that has begun, else the oldest."""
    begun = [one for one in _shipped() if one.effective_from <= day]
    return begun[-1] if begun else _shipped()[0]


def reached(mastered: int, rules: LevelRules) -> tuple[Level, Level | None]:
    """Return the level that so many mastered questions make, and the next; None at the top."""
    held = [level for level in rules.levels if level.mastered <= mastered]
    ahead = rules.levels[len(held) :]
    return held[-1], ahead[0] if ahead else None


def state_of(
    day: date, responses: Sequence[tuple[date, bool]], *, today: date, grace_days: int
) -> DayState:
    """Return what became of the question of a day.

    Args:
        day: whose question it is.
        responses: days of the responses to it and whether each was right, in their order.
        today: the day of asking.
        grace_days: days within which a wrong response may be put right.
    """
    own = [correct for when, correct in responses if when == day]
    last = day + timedelta(days=grace_days)
    if not own:
        return DayState.OPEN if day == today else DayState.MISSED
    if own[0] or any(correct for when, correct in responses if day < when <= last):
        return DayState.KEPT
    return DayState.OPEN if today <= last else DayState.MISSED


def in_a_row(states: Mapping[date, DayState], *, today: date) -> int:
    """Return how many days in a row are kept, up to today; open ones neither count nor end it."""
    count, day = 0, today
    while (state := states.get(day)) is not None and state is not DayState.MISSED:
        count += state is DayState.KEPT
        day -= timedelta(days=1)
    return count


@cache
def _shipped() -> tuple[LevelRules, ...]:
    text = files("question_bank").joinpath("practice_levels.json").read_text("utf-8")
    rows = [
        LevelRules(
            effective_from=date.fromisoformat(row["effective_from"]),
            interval_days=row["interval_days"],
            grace_days=row["grace_days"],
            levels=tuple(
                Level(number=at, **each) for at, each in enumerate(row["levels"], start=1)
            ),
            source=row["source"],
        )
        for row in json.loads(text)
    ]
    return tuple(sorted(rows, key=lambda one: one.effective_from))
