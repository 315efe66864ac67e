"""The crowds of the load tests come and go as their names say."""

from __future__ import annotations

from load_tests.crowds import NineOClock, SlowDay, Staircase


def test_before_nine_only_a_few_are_there():
    rush = NineOClock(people=1000, before=30)

    assert rush.at(0) == (50, 50 / 30)
    assert rush.at(29.9) == (50, 50 / 30)


def test_at_nine_everybody_comes_within_seconds_and_stays():
    rush = NineOClock(people=1000, before=30, stay=300, within=10)

    assert rush.at(30) == (1000, 100.0)
    assert rush.at(329.9) == (1000, 100.0)
    assert rush.at(330) is None


def test_a_rush_of_one_is_one_person():
    assert NineOClock(people=1).at(0) == (1, 1.0)


def test_a_slow_day_has_two_peaks_and_ends():
    day = SlowDay(people=100, length=100)
    crowd = [found[0] for second in range(0, 100, 10) if (found := day.at(second))]

    assert crowd == [10, 40, 80, 100, 60, 30, 70, 90, 50, 10]
    assert day.at(99.99) is not None
    assert day.at(100) is None


def test_the_staircase_climbs_to_the_limit_and_ends():
    stairs = Staircase(people=100, steps=10, hold=30)
    crowd = [found[0] for second in range(0, 300, 30) if (found := stairs.at(second))]

    assert crowd == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    assert stairs.at(300) is None
