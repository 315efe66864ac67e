"""Levels and days in a row: what stays in the memory counts, and luck does not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from question_bank import levels
from question_bank.levels import DayState

TODAY = date(2026, 6, 15)
EVE = TODAY - timedelta(days=1)
KEPT, OPEN, MISSED = DayState.KEPT, DayState.OPEN, DayState.MISSED


@pytest.mark.parametrize(
    ("day", "responses", "state"),
    [
        (TODAY, [], OPEN),
        (EVE, [], MISSED),
        (TODAY, [(TODAY, True)], KEPT),
        (TODAY, [(TODAY, False)], OPEN),
        # Tapping on the same day, after the key was shown, puts nothing right.
        (TODAY, [(TODAY, False), (TODAY, True)], OPEN),
        (EVE, [(EVE, False), (TODAY, True)], KEPT),
        (EVE, [(EVE, False), (TODAY, False)], OPEN),
        # Whoever did not respond on the day cannot put it right afterwards.
        (EVE, [(TODAY, True)], MISSED),
        (TODAY - timedelta(days=2), [(TODAY - timedelta(days=2), False), (TODAY, True)], KEPT),
        (TODAY - timedelta(days=3), [(TODAY - timedelta(days=3), False), (TODAY, True)], MISSED),
        (TODAY - timedelta(days=3), [(TODAY - timedelta(days=3), True)], KEPT),
    ],
)
def test_a_day_is_kept_by_being_right_or_putting_it_right_in_time(
    day: date, responses: list[tuple[date, bool]], state: DayState
) -> None:
    assert levels.state_of(day, responses, today=TODAY, grace_days=2) is state


@pytest.mark.parametrize(
    ("states", "count"),
    [
        ([], 0),
        ([OPEN], 0),
        ([KEPT], 1),
        ([OPEN, KEPT, KEPT], 2),
        ([KEPT, OPEN, KEPT], 2),
        ([KEPT, MISSED, KEPT], 1),
        ([MISSED, KEPT], 0),
    ],
)
def test_days_in_a_row_end_with_the_first_that_was_missed(
    states: list[DayState], count: int
) -> None:
    back = {TODAY - timedelta(days=number): each for number, each in enumerate(states)}

    assert levels.in_a_row(back, today=TODAY) == count


def test_levels_rise_with_mastered_questions_and_end_at_the_top() -> None:
    rules = levels.on(TODAY)

    assert levels.on(date(1999, 1, 1)) == rules
    assert [each.mastered for each in rules.levels] == sorted({e.mastered for e in rules.levels})
    first, second = levels.reached(0, rules)
    assert (first.number, second) == (1, rules.levels[1])
    assert levels.reached(10**6, rules) == (rules.levels[-1], None)
