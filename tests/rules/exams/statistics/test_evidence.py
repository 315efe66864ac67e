"""How often honest candidates are shown, and how often those who copy: measured, not believed."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from exams.statistics import pace, similarity, synchrony

PLACES, OPTIONS = 100, 4


def an_exam(dice, candidates=150):
    """Return chosen bits and rightness of candidates who know nothing of each other."""
    ability, difficulty = dice.normal(1.4, 1, candidates), dice.normal(0, 1, PLACES)
    knows = dice.random((candidates, PLACES)) < 1 / (1 + np.exp(difficulty - ability[:, None]))
    wrong = np.empty((candidates, PLACES), dtype=np.int64)
    for place in range(PLACES):
        wrong[:, place] = dice.choice([2, 4, 8], size=candidates, p=dice.dirichlet([3, 2, 1]))
    return np.where(knows, 1, wrong), knows


def copied(dice, chosen, right, *, share, pairs):
    """Let the second of each pair copy a share of the responses of the first."""
    for one in range(0, 2 * pairs, 2):
        taken = dice.permutation(PLACES)[: int(share * PLACES)]
        chosen[one + 1, taken], right[one + 1, taken] = chosen[one, taken], right[one, taken]


def test_the_tail_is_that_of_every_way_to_come_about():
    chances = np.array([0.2, 0.5, 0.9, 0.05])
    for least in range(5):
        exact = sum(
            np.prod([p if hit else 1 - p for p, hit in zip(chances, hits, strict=True)])
            for hits in product([0, 1], repeat=4)
            if sum(hits) >= least
        )
        assert similarity.tail(chances, least) == pytest.approx(exact)


def test_honest_candidates_are_shown_no_more_often_than_the_report_says():
    dice = np.random.default_rng(11)
    exams = [an_exam(dice) for _ in range(8)]

    usual = [similarity.compare(*exam) for exam in exams]
    lenient = [similarity.compare(*exam, level=1e-4) for exam in exams]

    assert sum(len(found.pairs) for found in usual) == 0
    assert sum(found.expected_false for found in usual) <= 8 * similarity.FAMILY_LEVEL
    pairs = sum(found.pair_count for found in lenient)
    assert sum(len(found.pairs) for found in lenient) / pairs <= 2e-4


def test_of_those_who_copy_most_of_a_paper_half_are_shown_and_nobody_else():
    dice = np.random.default_rng(12)
    chosen, right = an_exam(dice, 200)
    copied(dice, chosen, right, share=0.7, pairs=20)

    found = similarity.compare(chosen, right)

    shown = {(pair.one, pair.other) for pair in found.pairs}
    real = {(one, one + 1) for one in range(0, 40, 2)}
    assert len(shown & real) >= 10
    assert shown <= real
    assert all(pair.matches > pair.expected for pair in found.pairs)


def test_blank_sheets_are_not_alike_and_few_candidates_are_not_compared():
    dice = np.random.default_rng(13)
    chosen, right = an_exam(dice)
    chosen[:5], right[:5] = similarity.MISSING, False

    assert similarity.compare(chosen, right).pairs == ()
    assert similarity.compare(chosen[:50], right[:50]).pair_count == 0


def moments(dice, candidates, *, after=None):
    """Return when each responds, in an order of their own; or a second after others, in theirs."""
    steps = np.cumsum(dice.lognormal(3.2, 0.6, (candidates, PLACES)), axis=1)
    order = np.argsort(dice.random((candidates, PLACES)), axis=1)
    came = np.take_along_axis(steps, np.argsort(order, axis=1), axis=1)
    for one, share in after or ():
        taken = dice.permutation(PLACES)[: int(share * PLACES)]
        came[one + 1, taken] = came[one, taken] + dice.uniform(0, 2, len(taken))
    return came


def test_honest_candidates_respond_together_no_more_often_than_the_report_says():
    dice = np.random.default_rng(14)
    sections = np.repeat([0, 1], [70, 30])

    usual = [synchrony.compare(moments(dice, 150), sections) for _ in range(6)]
    lenient = synchrony.compare(moments(dice, 300), sections, level=1e-3)

    assert sum(len(found.pairs) for found in usual) == 0
    assert len(lenient.pairs) / lenient.pair_count <= 2e-3


def test_who_is_told_answers_responds_together_and_is_shown():
    dice = np.random.default_rng(15)
    came = moments(dice, 120, after=[(0, 0.4), (2, 0.3)])

    found = synchrony.compare(came, np.zeros(PLACES, dtype=np.int64))

    assert {(pair.one, pair.other) for pair in found.pairs} == {(0, 1), (2, 3)}


def test_what_arrives_all_at_once_after_an_outage_shows_nothing():
    dice = np.random.default_rng(16)
    came = moments(dice, 60)
    came[:6] = 5_000.0

    assert synchrony.compare(came, np.zeros(PLACES, dtype=np.int64)).pairs == ()
    assert synchrony.compare(np.full((3, 4), np.nan), np.zeros(4, dtype=np.int64)).pairs == ()


def test_paces_of_honest_candidates_are_rarely_shown_and_an_impossible_one_is():
    dice = np.random.default_rng(17)
    false = 0
    for _ in range(40):
        speed = dice.normal(0, 0.35, (200, 1))
        seconds = np.exp(dice.normal(3, 0.4, PLACES) + speed + dice.normal(0, 0.5, (200, PLACES)))
        false += len(pace.compare(seconds).fast)
    seconds[7] = 0.9
    found = pace.compare(seconds)

    assert false <= 4
    assert [one.one for one in found.fast][:1] == [7]
    assert found.fast[0].ratio < 0.2
    assert pace.compare(seconds[:50]).candidate_count == 0
