"""Flags of questions: each threshold from both sides, and nothing below the minimum sample."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from question_bank import allowance
from question_bank.flagging import Figure, Flag, Observed, OptionFigures, flags, grey


def option(label: str, count: int, best: int, *, is_key: bool = False) -> OptionFigures:
    """An option of a question."""
    return OptionFigures(label=label, is_key=is_key, count=count, best_count=best)


SOUND = (
    option("A", 200, 90, is_key=True),
    option("B", 60, 5),
    option("C", 30, 3),
    option("D", 10, 2),
)


def seen(**changes: Any) -> Observed:
    """Three hundred responses to a good question."""
    values: dict[str, Any] = {
        "response_count": 300,
        "facility": 0.67,
        "discrimination": 35.0,
        "outfit": 1.0,
        "options": SOUND,
    }
    return Observed(**{**values, **changes})


def test_a_good_question_has_no_flag():
    assert flags(seen()) == []


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"facility": 0.19}, Flag.TOO_HARD),
        ({"facility": 0.96}, Flag.TOO_EASY),
        ({"discrimination": 9.9}, Flag.WEAK_DISCRIMINATION),
        ({"discrimination": -0.1}, Flag.KEY_SUSPECTED),
        ({"outfit": 1.6}, Flag.MISFIT),
        ({"options": (*SOUND[:3], option("D", 5, 0))}, Flag.UNUSED_OPTION),
        ({"options": (*SOUND[:3], option("D", 95, 91))}, Flag.PREFERRED_OPTION),
        ({"stated": 0.8, "stated_is_likely": False}, Flag.DIFFICULTY_DIFFERS),
        ({"differs_by_group": True}, Flag.DIFFERENTIAL),
        ({"leak_suspected": True}, Flag.LEAK_SUSPECTED),
        ({"drifted": True}, Flag.DRIFTED),
    ],
)
def test_each_flag_is_raised_by_its_figure(changes, flag):
    assert flags(seen(**changes)) == [flag]


@pytest.mark.parametrize(
    "changes",
    [
        {"facility": 0.20},
        {"facility": 0.95},
        {"discrimination": 10.0},
        {"discrimination": None},
        {"outfit": 1.5},
        {"options": (*SOUND[:3], option("D", 6, 0))},
        {"options": (*SOUND[:3], option("D", 90, 90))},
        {"stated": 0.76, "stated_is_likely": False},
        {"stated": 0.9, "stated_is_likely": True},
    ],
)
def test_at_the_threshold_nothing_is_raised(changes):
    assert flags(seen(**changes)) == []


def test_below_the_least_number_of_responses_a_figure_is_grey_and_silent():
    few = seen(
        response_count=49,
        facility=0.02,
        discrimination=-50.0,
        options=(option("A", 1, 0, is_key=True), option("B", 48, 16)),
    )

    assert flags(few) == []
    assert Figure.FACILITY in grey(49)
    assert Figure.FACILITY not in grey(50)
    assert grey(199) == [Figure.DISCRIMINATION, Figure.SECONDS, Figure.WATCH]
    assert grey(200) == []
    assert flags(seen(response_count=199, discrimination=-50.0)) == []


def test_the_allowance_of_a_day_is_dated_data():
    long_ago, now = allowance.on(date(2000, 1, 1)), allowance.on(date(2026, 11, 22))

    assert now.questions_a_day > 0
    assert now.mock_exams_a_day > 0
    assert now.source
    assert long_ago == now
