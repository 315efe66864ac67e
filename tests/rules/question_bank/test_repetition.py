"""Spaced repetition: the published intervals of SM-2, and the two rules added for phones."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.repetition import (
    FIRST_EASE,
    LEAST_EASE,
    LONGEST_DAYS,
    Recall,
    Schedule,
    after,
)

TODAY = date(2026, 11, 22)


def recalled(*qualities: Recall) -> list[int]:
    """Recall a question each time it is due; return the intervals."""
    schedule, on, days = Schedule(), TODAY, []
    for recall in qualities:
        schedule = after(schedule, correct=True, recall=recall, on=on)
        assert schedule.due_on is not None
        on = schedule.due_on
        days.append(schedule.interval_days)
    return days


def test_the_intervals_are_those_of_sm_2():
    # 1, 6, then 6 · 2.5, 15 · 2.5 rounded up, …
    assert recalled(*[Recall.GOOD] * 5) == [1, 6, 15, 38, 95]


@pytest.mark.parametrize(
    ("recall", "ease"), [(Recall.HARD, 236), (Recall.GOOD, 250), (Recall.EASY, 260)]
)
def test_ease_moves_with_the_quality_of_the_recall(recall, ease):
    assert after(Schedule(), correct=True, recall=recall, on=TODAY).ease == ease


def test_a_failed_recall_begins_again_tomorrow_and_is_harder():
    known = Schedule(repetitions=4, ease=FIRST_EASE, interval_days=38, due_on=TODAY)

    failed = after(known, correct=False, recall=Recall.GOOD, on=TODAY)

    assert (failed.repetitions, failed.interval_days, failed.ease) == (0, 1, 196)
    assert failed.due_on == TODAY + timedelta(days=1)


def test_being_right_before_it_is_due_lengthens_nothing():
    known = Schedule(repetitions=2, interval_days=6, due_on=TODAY + timedelta(days=3))

    assert after(known, correct=True, recall=Recall.EASY, on=TODAY) == known
    assert after(known, correct=False, recall=Recall.EASY, on=TODAY).interval_days == 1


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from(Recall), st.integers(0, 400)), max_size=40)
)
def test_whatever_is_recalled_it_comes_again(told):
    schedule, on = Schedule(), TODAY
    for correct, recall, waited in told:
        on += timedelta(days=waited)
        schedule = after(schedule, correct=correct, recall=recall, on=on)

        assert schedule.due_on is not None
        assert schedule.due_on > on
        assert schedule.ease >= LEAST_EASE
        assert 1 <= schedule.interval_days <= LONGEST_DAYS
