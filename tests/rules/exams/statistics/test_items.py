"""Facility, discrimination, efficiency, options: a hand-computed example, and random papers."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from exams.statistics import items, papers
from tests.rules.exams.statistics.samples import everybody, responses

#: Five candidates, four places; every figure below was worked out on paper.
MARKS: list[list[float]] = [
    [1, 1, 1, 1],
    [1, 1, 1, 0],
    [1, 1, 0, 0],
    [1, 0, 0, 0],
    [0, 0, 1, 0],
]


def test_the_figures_are_moodles_to_the_ninth_digit():
    sample = everybody(MARKS)

    found = items.figures(sample, items.standing(sample))

    assert found.facility == pytest.approx([0.8, 0.6, 0.6, 0.2], abs=1e-9)
    assert found.sd == pytest.approx(np.sqrt([0.2, 0.3, 0.3, 0.2]), abs=1e-9)
    # First place: covariance 0.1, rest varies by 1.3; at best the covariance would be 0.35.
    assert found.discrimination[0] == pytest.approx(100 * 0.1 / sqrt(0.2 * 1.3), abs=1e-9)
    assert found.efficiency[0] == pytest.approx(100 * 0.1 / 0.35, abs=1e-9)
    # Last place: rests are 3, 3, 2, 1, 1, of which the only right response has a highest one.
    assert found.discrimination[3] == pytest.approx(100 * 0.25 / sqrt(0.2 * 1.0), abs=1e-9)
    assert found.efficiency[3] == pytest.approx(100.0, abs=1e-9)


def test_points_change_no_index():
    plain, heavy = everybody(MARKS), everybody((2 * np.array(MARKS)).tolist(), worth=2.0)

    one, two = (items.figures(each, items.standing(each)) for each in (plain, heavy))

    assert two.discrimination == pytest.approx(one.discrimination, abs=1e-9)
    assert two.efficiency == pytest.approx(one.efficiency, abs=1e-9)


def test_a_place_that_everybody_has_right_discriminates_nobody():
    sample = everybody([[1, 1], [1, 0], [1, 1]])

    found = items.figures(sample, items.standing(sample))

    assert np.isnan(found.discrimination[0])
    assert np.isnan(found.efficiency[0])
    assert found.facility[0] == 1


def test_a_harder_paper_makes_nobody_look_weaker():
    """Question 0 is on both papers; paper two is hard, and its candidates are as able."""
    dice = np.random.default_rng(5)
    people, each = 6000, 40
    ability = dice.normal(0, 1, people)
    easy, hard = np.arange(1, each), np.arange(each, 2 * each - 1)
    item = np.stack([np.concatenate(([0], easy if one % 2 else hard)) for one in range(people)])
    difficulty = np.concatenate(([0.0], np.full(each - 1, -2.0), np.full(each - 1, 2.0)))
    right = dice.random(item.shape) < 1 / (1 + np.exp(difficulty[item] - ability[:, None]))
    sample = responses(
        person=np.repeat(np.arange(people), each),
        item=item.ravel(),
        share=right.ravel().astype(float),
    )

    found = items.figures(sample, items.standing(sample)).discrimination[0]

    with_itself = 100 * np.corrcoef(right[:, 0], right.sum(axis=1))[0, 1]
    truth = 100 * np.corrcoef(right[:, 0], ability)[0, 1]
    # The total that holds the item and knows nothing of papers hardly sees the ability at all.
    assert abs(found - truth) < 8 < abs(with_itself - truth)


def test_of_a_question_that_says_nothing_the_rest_says_nothing():
    """A total that held the item would call a coin a good question."""
    dice = np.random.default_rng(3)
    marks = (dice.random((4000, 10)) < 0.5).astype(float)
    sample = everybody(marks.tolist())

    found = items.figures(sample, items.standing(sample)).discrimination

    inflated = [100 * np.corrcoef(marks[:, at], marks.sum(axis=1))[0, 1] for at in range(10)]
    assert np.abs(found).max() < 6
    assert min(inflated) > 25


def test_options_are_counted_and_so_are_those_of_the_best_third():
    sample = everybody([[1.0, 1.0], [1.0, 0.0], [0.0, 0.0]])
    chosen = np.array([0b001, 0b001, 0b001, 0b110, 0b010, 0b000])
    stood = items.standing(sample)

    counts = items.chosen_counts(sample, chosen)
    best = items.chosen_counts(sample, chosen, (stood.place >= 2 / 3).astype(float))

    assert counts[0, :3].tolist() == [2, 1, 0]
    assert counts[1, :3].tolist() == [1, 1, 1]
    assert best[0, :3].tolist() == [1, 0, 0]


def test_the_curve_rises_with_ability():
    dice = np.random.default_rng(1)
    ability = dice.normal(0, 1, 3000)
    marks = (dice.random((3000, 20)) < 1 / (1 + np.exp(-ability[:, None]))).astype(float)
    sample = everybody(marks.tolist())

    found = items.curve(sample, items.standing(sample))

    assert found.shape == (20, items.FIFTHS)
    assert (np.diff(found, axis=1) > 0).all()


def test_an_interval_holds_its_share_and_narrows():
    low, high = items.interval(np.array([0.8, 0.8, 0.0]), np.array([50, 5000, 10]))

    assert low[0] == pytest.approx(0.6696, abs=1e-4)
    assert high[0] == pytest.approx(0.8876, abs=1e-4)
    assert high[1] - low[1] < 0.03
    assert low[2] == pytest.approx(0, abs=1e-9)


def test_alpha_and_its_standard_error_are_those_of_the_example():
    found = papers.figures(np.array(MARKS, dtype=float))

    assert found.alpha == pytest.approx(28 / 51, abs=1e-9)
    assert found.sd == pytest.approx(sqrt(1.7), abs=1e-9)
    assert found.standard_error == pytest.approx(sqrt(1.7 * 23 / 51), abs=1e-9)
    assert (found.mean, found.median) == (2.2, 2.0)


@pytest.mark.parametrize("marks", [[[1.0, 0.0]], [[1.0], [0.0]], [[1.0, 1.0], [1.0, 1.0]]])
def test_where_nothing_can_vary_there_is_no_alpha(marks):
    assert papers.cronbach_alpha(np.array(marks)) is None


def test_the_error_at_the_pass_mark_is_that_of_a_hundred_equal_places():
    error = papers.error_at(0.8, np.full(100, 0.3), np.ones(100))

    # Who is worth 80 has each place right with a chance of 0.8: √(100 · 0.8 · 0.2).
    assert error == pytest.approx(4.0, abs=1e-9)
    assert papers.error_at(0.8, np.array([0.1, np.nan]), np.ones(2)) is None
