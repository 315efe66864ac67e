"""Start, deadline and lateness, on their edges."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from exams import timing
from exams.timing import Contradiction, Entrance, Window

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TWO_HOURS = timedelta(hours=2)
SECOND = timedelta(seconds=1)


def window(**changed):
    """Return the window from nine to noon, changed where the case says so."""
    return replace(Window(opens_at=NINE, closes_at=NINE + timedelta(hours=3)), **changed)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, ()),
        ({"closes_at": NINE + TWO_HOURS}, ()),
        (
            {"closes_at": NINE + TWO_HOURS - SECOND},
            (Contradiction.SHORTER_THAN_ALLOWED_TIME,),
        ),
        ({"closes_at": NINE}, (Contradiction.CLOSES_BEFORE_IT_OPENS,)),
        ({"latest_start_at": NINE + timedelta(hours=1)}, ()),
        (
            {"latest_start_at": NINE + timedelta(hours=1) + SECOND},
            (Contradiction.LATE_STARTERS_LOSE_TIME,),
        ),
        (
            {
                "latest_start_at": NINE + timedelta(hours=1) + SECOND,
                "late_starts_lose_time": True,
            },
            (),
        ),
        ({"latest_start_at": NINE - SECOND}, (Contradiction.LATEST_START_OUTSIDE_WINDOW,)),
        (
            {"latest_start_at": NINE + timedelta(hours=3), "late_starts_lose_time": True},
            (Contradiction.LATEST_START_OUTSIDE_WINDOW,),
        ),
        (
            {"release_at": NINE + timedelta(hours=2)},
            (Contradiction.OUTCOMES_RELEASED_BEFORE_CLOSING,),
        ),
        ({"release_at": NINE + timedelta(hours=3)}, ()),
    ],
)
def test_every_promise_the_window_could_not_keep_is_named(changed, found):
    assert timing.contradictions(window(**changed), allowed=TWO_HOURS) == found


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        (NINE - SECOND, Entrance.NOT_YET_OPEN),
        (NINE, Entrance.OPEN),
        (NINE + timedelta(hours=1), Entrance.OPEN),
        (NINE + timedelta(hours=1) + SECOND, Entrance.TOO_LATE),
    ],
)
def test_one_may_start_as_long_as_the_whole_time_remains(at, verdict):
    assert timing.entrance(window(), allowed=TWO_HOURS, at=at) == verdict


def test_the_latest_start_of_the_planner_comes_first():
    ten_minutes = window(latest_start_at=NINE + timedelta(minutes=10))

    at = NINE + timedelta(minutes=10) + SECOND

    assert timing.entrance(ten_minutes, allowed=TWO_HOURS, at=at) == Entrance.TOO_LATE


def test_an_attempt_ends_after_its_allowed_time():
    ends = timing.deadline(started_at=NINE, allowed=TWO_HOURS, closes_at=NINE + timedelta(hours=5))

    assert ends == NINE + TWO_HOURS


def test_a_late_start_that_was_announced_to_cost_time_ends_at_the_closing():
    ends = timing.deadline(
        started_at=NINE + timedelta(minutes=10), allowed=TWO_HOURS, closes_at=NINE + TWO_HOURS
    )

    assert ends == NINE + TWO_HOURS


def test_time_granted_by_an_invigilator_reaches_beyond_the_closing():
    ends = timing.deadline(
        started_at=NINE,
        allowed=TWO_HOURS,
        closes_at=NINE + TWO_HOURS,
        extra=timedelta(minutes=7),
    )

    assert ends == NINE + timedelta(minutes=127)


@pytest.mark.parametrize(
    ("after", "up"), [(-1, False), (0, False), (10, False), (10.000001, True), (11, True)]
)
def test_what_arrives_within_the_grace_is_in_time(after, up):
    at = NINE + timedelta(seconds=after)

    assert timing.is_up(NINE, at=at, grace=timedelta(seconds=10)) is up


def test_no_time_remains_after_the_deadline():
    assert timing.remaining(NINE, at=NINE - SECOND) == SECOND
    assert timing.remaining(NINE, at=NINE + SECOND) == timedelta()


def test_phones_call_more_often_in_the_last_minutes_and_never_in_step():
    assert timing.next_call_in(0, left=timedelta(hours=1)) == 30
    assert timing.next_call_in(1, left=timedelta(hours=1)) == 60
    assert timing.next_call_in(0, left=timedelta(minutes=3)) == 10
    assert timing.next_call_in(1, left=timedelta()) == 20
