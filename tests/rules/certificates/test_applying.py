"""Applications in time: working days, silence, and every move that is possible."""

from __future__ import annotations

from datetime import date

import pytest

from certificates import applying
from certificates.applying import Done, State, Step
from server.working_days import is_working_day, working_days_after

#: A Monday.
DAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 6, 15), True),
        (date(2026, 6, 14), False),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2027, 3, 1), True),
        (date(2027, 3, 6), False),
    ],
)
def test_working_days_are_those_of_the_calendar(day, works):
    assert is_working_day(day) is works


def test_what_was_entered_by_hand_goes_before_the_calendar():
    assert not is_working_day(date(2027, 2, 8), entered={date(2027, 2, 8): False})
    assert is_working_day(date(2027, 2, 7), entered={date(2027, 2, 7): True})


def test_working_days_leap_over_the_national_holiday():
    assert working_days_after(date(2026, 9, 30), 5) == date(2026, 10, 13)


def test_silence_has_accepted_on_the_day_of_receipt():
    last = applying.accept_by(DAY)
    late = date(2026, 6, 24)

    assert last == date(2026, 6, 23), "the dragon boat festival lies between"
    assert applying.state(DAY, [], on=last) is State.SUBMITTED
    assert applying.state(DAY, [], on=late) is State.ACCEPTED
    assert applying.accepted_on(DAY, [], on=last) is None
    assert applying.accepted_on(DAY, [], on=late) == DAY
    assert applying.decide_by(DAY, [], on=late) == working_days_after(DAY, 20)


def test_what_was_refused_in_time_is_not_accepted_by_silence():
    refused = [Done(step=Step.REFUSE, on=date(2026, 6, 16))]

    assert applying.state(DAY, refused, on=date(2026, 12, 1)) is State.REFUSED
    assert applying.decide_by(DAY, refused, on=date(2026, 12, 1)) is None


def test_a_refusal_after_the_five_days_comes_too_late():
    refused = [Done(step=Step.REFUSE, on=date(2026, 6, 25))]

    assert applying.state(DAY, refused, on=date(2026, 12, 1)) is State.ACCEPTED


def test_a_decision_ends_the_application():
    done = [
        Done(step=Step.ACCEPT, on=date(2026, 6, 16)),
        Done(step=Step.GRANT, on=date(2026, 6, 17)),
    ]

    found = [applying.state(DAY, done, on=date(2026, 6, day)) for day in (15, 16, 17, 30)]

    assert found == [State.SUBMITTED, State.ACCEPTED, State.GRANTED, State.GRANTED]
    assert not any((State.GRANTED, step) in applying.MOVES for step in Step)
    assert set(applying.STATE_ZH) == set(State)
    assert set(applying.STEP_ZH) == set(Step)
