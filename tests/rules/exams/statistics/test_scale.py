"""Rasch: one scale for all questions, its uncertainty, and how it holds over the years."""

from __future__ import annotations

import numpy as np
import pytest

from exams.statistics import rasch
from tests.rules.exams.statistics.samples import a_crowd, responses


def test_difficulties_are_found_within_the_uncertainty_that_is_told():
    sample, _, truth = a_crowd(people=3000, items=300, asked=60, seed=1)

    found = rasch.scale(sample)

    off = found.difficulty - (truth - truth.mean())
    assert np.sqrt(np.mean(off**2)) < 0.15
    assert 0.7 < np.std(off / found.error) < 1.35
    assert found.outfit.mean() == pytest.approx(1, abs=0.1)


def test_few_responses_are_uncertain_and_many_are_firm():
    few, _, _ = a_crowd(people=300, items=300, asked=60, seed=2)
    many, _, _ = a_crowd(people=3000, items=300, asked=60, seed=2)

    assert rasch.scale(few).error.mean() > 0.25 > 0.12 > rasch.scale(many).error.mean()


def test_abilities_are_told_with_a_reliability():
    sample, truth, _ = a_crowd(people=1000, items=100, asked=80, seed=3)

    found = rasch.scale(sample)

    squared = np.corrcoef(found.ability, truth)[0, 1] ** 2
    assert found.reliability == pytest.approx(squared, abs=0.06)


def test_whoever_has_everything_right_is_not_infinitely_able():
    sample = responses(
        person=np.array([0, 0, 1, 1]), item=np.array([0, 1, 0, 1]), share=np.array([1, 1, 0, 1.0])
    )

    found = rasch.scale(sample)

    assert np.isfinite(found.ability).all()
    assert found.ability[0] > found.ability[1]


def test_a_question_answered_at_random_fits_badly():
    sample, _, _ = a_crowd(people=2000, items=60, asked=40, seed=4)
    odd = sample.item == 7
    sample.share[odd] = np.random.default_rng(0).random(odd.sum()) < 0.72

    found = rasch.scale(sample)

    assert found.outfit[7] > 1.2 * np.delete(found.outfit, 7).max()


def test_the_scale_holds_when_other_candidates_are_abler():
    """A year later everybody is a logit abler, and one question has become easier for all."""
    before, _, _ = a_crowd(people=2000, items=100, asked=60, seed=5)
    first = rasch.scale(before)
    dice = np.random.default_rng(6)
    ability = dice.normal(1, 1, before.person_count)
    hard = first.difficulty.copy()
    hard[3] -= 1.5
    right = dice.random(len(before)) < 1 / (1 + np.exp(hard[before.item] - ability[before.person]))
    after = responses(person=before.person, item=before.item, share=right.astype(float))

    found, drifted = rasch.linked(rasch.scale(after), after.count, first.difficulty)

    assert np.flatnonzero(drifted).tolist() == [3]
    others = np.delete(found.difficulty - first.difficulty, 3)
    assert abs(others.mean()) < 0.02
    assert found.ability.mean() - first.ability.mean() > 0


def test_a_scale_without_a_past_keeps_its_own_zero():
    sample, _, _ = a_crowd(people=300, items=30, asked=20, seed=7)
    found = rasch.scale(sample)

    same, drifted = rasch.linked(found, sample.count, np.full(30, np.nan))

    assert same.difficulty == pytest.approx(found.difficulty)
    assert not drifted.any()
