"""The leak watch: how often it is wrong is measured here, and so is what it finds."""

from __future__ import annotations

import numpy as np
import pytest

from exams.statistics import watch
from exams.statistics.responses import Responses
from exams.statistics.watch import Watched


def a_year(*, items: int, uses: int, seed: int, leak: float = 0.0, timed: bool = True) -> Watched:
    """Watch questions over so many uses; of every twentieth, a share of candidates knows the key.

    The leak begins after the hundredth use. Who knows the key is right, and quicker by half.
    """
    dice = np.random.default_rng(seed)
    people = items * uses // 100
    item, person = np.tile(np.arange(items), uses), np.repeat(np.arange(people), 100)
    ability = dice.normal(0, 1, people)
    difficulty = dice.normal(-1.1, 1, items)
    chance = 1 / (1 + np.exp(difficulty[item] - ability[person]))
    later = np.arange(len(item)) >= 100 * items
    knows = (dice.random(len(item)) < leak) & (item % 20 == 0) & later
    right = (dice.random(len(item)) < chance) | knows
    pace, length = dice.normal(0, 0.3, people), dice.normal(0, 0.3, items)
    log_time = 3 + pace[person] + length[item] + dice.normal(0, 0.5, len(item)) - 0.7 * knows
    seconds = np.exp(log_time) if timed else np.full(len(item), np.nan)
    sample = Responses(
        person=person,
        item=item,
        share=right.astype(float),
        worth=np.ones(len(item)),
        person_count=people,
        item_count=items,
    )
    guessed = ability + dice.normal(0, 0.3, people)
    return watch.watch(sample, guessed, seconds, np.argsort(item, kind="stable"))


@pytest.mark.parametrize("timed", [True, False])
def test_less_than_one_honest_question_of_a_thousand_is_suspected(timed):
    found = a_year(items=4000, uses=500, seed=11, timed=timed)

    assert found.uses.tolist() == [watch.USES] * 4000
    assert found.suspected.sum() <= 4
    assert found.drifted.sum() <= 4


def test_what_half_the_candidates_know_is_found():
    found = a_year(items=1000, uses=300, seed=12, leak=0.5)

    leaked = np.arange(1000) % 20 == 0
    assert found.suspected[leaked].mean() > 0.8
    assert found.suspected[~leaked].mean() < 0.003


def test_without_times_only_what_almost_all_know_is_found():
    few = a_year(items=1000, uses=300, seed=13, leak=0.2, timed=False)
    most = a_year(items=1000, uses=300, seed=13, leak=0.9, timed=False)

    leaked = np.arange(1000) % 20 == 0
    assert few.suspected[leaked].mean() < 0.2
    assert most.suspected[leaked].mean() > 0.8


def test_a_question_is_not_watched_before_it_is_known():
    found = a_year(items=100, uses=100, seed=14)

    assert np.isnan(found.highest).all()
    assert not found.suspected.any()
    assert not found.drifted.any()


def test_more_uses_need_more_to_alarm():
    assert a_year(items=100, uses=900, seed=15).threshold[0] > watch.THRESHOLD
