"""How sure a share and a place are, and what pace a deadline asks for."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from certificates.coverage_ranking import interval, pace, placed


@pytest.mark.parametrize(
    ("covered", "required", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (90, 100, 0.8256, 0.9448),
    ],
)
def test_wilsons_interval_is_that_of_the_tables(covered, required, low, high):
    found = interval(covered, required)

    assert (float(found.low), float(found.high)) == pytest.approx((low, high), abs=5e-4)


def test_a_share_lies_within_its_interval_and_more_people_make_it_narrower():
    small, large = interval(3, 4), interval(300, 400)

    assert small.low < large.low < Fraction(3, 4) < large.high < small.high


def test_few_people_may_take_any_place_and_many_only_their_own():
    few = placed([(3, 3), (2, 3)])
    many = placed([(3000, 3000), (2000, 3000)])

    assert [(each.place, each.best, each.worst) for each in few] == [(1, 1, 2), (2, 1, 2)]
    assert [(each.place, each.best, each.worst) for each in many] == [(1, 1, 1), (2, 2, 2)]


def test_equal_shares_have_one_place():
    assert [each.place for each in placed([(1, 2), (2, 4), (1, 4)])] == [1, 1, 3]


@pytest.mark.parametrize(
    ("gap", "deadline", "expected"),
    [
        (0, date(2026, 12, 31), 0),
        (120, date(2026, 12, 31), 19),
        (120, date(2026, 6, 20), 120),
        (120, date(2025, 12, 31), 120),
        (120, None, None),
    ],
)
def test_the_pace_is_what_is_missing_by_the_months_that_are_left(gap, deadline, expected):
    assert pace(gap, on=date(2026, 6, 15), deadline=deadline) == expected
