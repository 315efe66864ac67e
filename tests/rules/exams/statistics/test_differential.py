"""Mantel-Haenszel: no label below two hundred, few false ones, and a planted difference is seen."""

from __future__ import annotations

import numpy as np
import pytest

from exams.statistics import differential
from tests.rules.exams.statistics.samples import a_crowd, everybody, responses


def planted(*, focal: int, others: int, seed: int, by: float = 0.0):
    """Forty questions, the first of which is harder for the focal group by so many ETS points."""
    dice = np.random.default_rng(seed)
    people = focal + others
    group = np.arange(people) < focal
    # The groups differ in ability, which is no fault of any question.
    ability = dice.normal(0, 1, people) - 0.5 * group
    difficulty = dice.normal(-0.5, 1, 40)
    hard = np.tile(difficulty, (people, 1))
    hard[group, 0] += by / 2.35
    marks = dice.random((people, 40)) < 1 / (1 + np.exp(hard - ability[:, None]))
    return everybody(marks.astype(float).tolist()), group, ability


def compared(sample, group, ability):
    """Compare the group with everybody else."""
    return differential.compare(
        sample, differential.strata(sample, ability), group, np.ones(len(group), dtype=bool)
    )


def test_the_odds_are_those_of_the_tables():
    """Two strata by hand: odds (20·10/60 + 30·5/70) / (10·20/60 + 10·25/70)."""
    tables = {0: (20, 10, 20, 10), 19: (30, 10, 25, 5)}
    a, b, c, d = (
        np.array([[tables[at][k] if at in tables else 0.0 for at in range(20)]]) for k in range(4)
    )

    found = differential.tested(10 * a, 10 * b, 10 * c, 10 * d)

    odds = (20 * 10 / 60 + 30 * 5 / 70) / (10 * 20 / 60 + 10 * 25 / 70)
    assert found.delta[0] == pytest.approx(-2.35 * np.log(odds), abs=1e-9)
    assert (found.others_count[0], found.group_count[0]) == (700, 600)


def test_below_two_hundred_nothing_is_said():
    found = compared(*planted(focal=199, others=2000, seed=1, by=4))

    assert np.isnan(found.delta).all()
    assert not differential.flagged(found).any()


def test_a_large_difference_is_seen_and_no_other_question_is_blamed():
    found = compared(*planted(focal=500, others=2000, seed=2, by=2.5))

    assert np.flatnonzero(differential.flagged(found)).tolist() == [0]
    assert found.delta[0] == pytest.approx(-2.5, abs=3 * found.error[0])


def test_honest_questions_are_hardly_ever_flagged():
    flags = 0
    for seed in range(25):
        flags += differential.flagged(compared(*planted(focal=250, others=800, seed=seed))).sum()

    # A thousand questions without any difference.
    assert flags <= 1


def test_the_rate_of_false_discoveries_is_held():
    dice = np.random.default_rng(8)
    p = np.concatenate([dice.random(900), dice.random(100) * 1e-5, [np.nan]])

    stand = differential.discoveries(p)

    assert stand[900:1000].all()
    assert stand[:900].sum() <= 4
    assert not stand[1000]
    assert not differential.discoveries(np.array([np.nan])).any()


def test_strata_hold_equally_many_candidates():
    sample, ability, _ = a_crowd(people=1000, items=20, asked=10, seed=1)

    stratum = differential.strata(sample, ability)

    assert np.bincount(stratum).tolist() == [500] * differential.STRATA


def test_who_belongs_nowhere_is_left_out():
    sample = responses(
        person=np.array([0, 1, 2]), item=np.zeros(3, dtype=int), share=np.array([1.0, 0, 1])
    )
    known, group = np.array([True, True, False]), np.array([True, False, False])

    found = differential.compare(sample, np.zeros(3, dtype=int), group, known)

    assert (found.group_count[0], found.others_count[0]) == (1, 1)
