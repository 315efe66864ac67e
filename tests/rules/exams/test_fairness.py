"""What fairness asks of a whole sitting, at the sizes of the requirement or just below."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from exams import trying
from exams.batch import evenness, exposure, making, neighbours
from exams.batch.stock import Chance, laid_out
from tests.factories.batches import checked

SEED = bytes(range(32))
ROOM = neighbours.Room(rows=10, columns=5)
PAPERS = 300


@pytest.fixture(scope="module")
def sitting():
    """Three hundred papers of a hundred out of four thousand questions, fifty to a room."""
    stock = trying.a_bank(4_000, topics=20, seed=5)
    specification = trying.a_specification(stock, papers=PAPERS)
    # One and a half times as often as questions come up on the average.
    specification = replace(specification, cap=15)
    beside = neighbours.pairs([ROOM] * (PAPERS // ROOM.seats), PAPERS)
    papers = making.make(stock, specification, PAPERS, seed=SEED, beside=beside).papers
    return stock, specification, beside, papers


def test_a_bank_of_four_thousand_keeps_neighbours_apart(sitting):
    stock, specification, beside, papers = sitting

    assert checked(stock, specification, papers).is_right
    found = neighbours.overlap(papers, beside)
    assert (found.pairs, found.most) == (len(beside), 0)


def test_expected_scores_of_weaker_and_stronger_candidates_hardly_depend_on_the_paper(sitting):
    stock, specification, _beside, papers = sitting

    even = evenness.of(stock, specification, papers, pass_mark=80)

    below, at, above = even.deviation
    assert (below <= 0.55, at <= 0.35, above <= 0.25) == (True, True, True), even.deviation
    assert even.borderline[1] - even.borderline[0] <= 0.12


@pytest.mark.parametrize("target", [78.0, 80.0])
def test_a_borderline_candidate_has_the_same_chance_at_each_target(target):
    stock = trying.a_bank(2_000, topics=20, seed=7)
    specification = replace(trying.a_specification(stock, papers=24), target=target)

    papers = making.make(stock, specification, 24, seed=SEED).papers
    even = evenness.of(stock, specification, papers, pass_mark=80)

    assert checked(stock, specification, papers).is_right
    assert even.borderline[1] - even.borderline[0] <= 0.12


def test_questions_that_rested_come_up_more_and_none_lies_idle(sitting):
    stock, specification, _beside, papers = sitting
    times = np.bincount(papers.ravel(), minlength=len(stock))
    live = np.flatnonzero(stock.section >= 0)

    assert times.max() <= 15
    assert (times[live] == 0).mean() <= 0.01
    # Over two sittings what came up often in the first comes up less in the second.
    again = replace(stock, used=stock.used + times * 40)
    shelf = laid_out(again, specification)
    then = exposure.planned(laid_out(stock, specification), wanted(shelf, times), PAPERS)
    now = exposure.planned(shelf, wanted(shelf, times), PAPERS)
    often = times[live] >= np.quantile(times[live], 0.8)
    change = now[live] - then[live]
    assert change[often].mean() < 0 < change[~often].mean()
    copies = exposure.copies(shelf, wanted(shelf, times), PAPERS, chance=Chance(seed=SEED))
    assert copies.max() <= 15


def wanted(shelf, times) -> list[int]:
    """Return how many each cell took in the first sitting."""
    return [int(times[cell.members].sum()) for cell in shelf.cells]
