"""When a question should come again: spaced repetition by SM-2 (间隔重复).

The published algorithm SuperMemo 2 (P. A. Woźniak, *Optimization of repetition spacing in the
practice of learning*, 1990): the first interval is a day, the second six days, each further one the
last times the ease; ease moves with the quality of the recall and never falls below 1.3; a failed
recall begins again. Two rules are added for phones. A right response before the question is due
lengthens nothing, so that going through the same twenty questions all evening is no mastery. And
the quality is told by the learner where they like; else right is a 4 and wrong a 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

#: Ease in hundredths, so that it is exact: where it begins, and how low it can fall.
FIRST_EASE: Final = 250
LEAST_EASE: Final = 130

#: Days after the first and the second right recall.
FIRST_DAYS, SECOND_DAYS = 1, 6

#: Longer than any certificate stands.
LONGEST_DAYS: Final = 1095

#: The quality of a recall that failed, of the five that SM-2 knows.
_FAILED: Final = 1


class Recall(StrEnum):
    """How a right response felt (回忆难度)."""

    HARD = "hard"  # 勉强
    GOOD = "good"  # 记得
    EASY = "easy"  # 容易


_QUALITY: Final = {Recall.HARD: 3, Recall.GOOD: 4, Recall.EASY: 5}


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When a learner should meet a question again."""

    #: Right recalls in a row, each when the question was due.
    repetitions: int = 0
    ease: int = FIRST_EASE
    interval_days: int = 0
    #: None: it was never responded to.
    due_on: date | None = None


def after(schedule: Schedule, *, correct: bool, recall: Recall, on: date) -> Schedule:
    """Return the schedule after one more response.

    Args:
        schedule: what stood before.
        correct: whether the response was right.
        recall: how a right one felt.
        on: the day of the response.
    """
    if not correct:
        return _scheduled(0, _eased(schedule.ease, _FAILED), FIRST_DAYS, on)
    if schedule.due_on is not None and on < schedule.due_on:
        return schedule
    ease = _eased(schedule.ease, _QUALITY[recall])
    repetitions = schedule.repetitions + 1
    # By the ease that stood before, as SM-2 has it: the new one is for the next interval.
    further = -(-schedule.interval_days * schedule.ease // 100)
    days = {1: FIRST_DAYS, 2: SECOND_DAYS}.get(repetitions, further)
    return _scheduled(repetitions, ease, min(days, LONGEST_DAYS), on)


def _eased(ease: int, quality: int) -> int:
    missing = 5 - quality
    return max(LEAST_EASE, ease + 10 - missing * (8 + missing * 2))


def _scheduled(repetitions: int, ease: int, days: int, on: date) -> Schedule:
    due_on = on + timedelta(days=days)
    return Schedule(repetitions=repetitions, ease=ease, interval_days=days, due_on=due_on)
