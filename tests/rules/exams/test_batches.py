"""Papers of one sitting meet every rule, are equally hard, and share nothing with neighbours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from exams.assembly import SectionRule
from exams.batch import dealing, evenness, exposure, making, neighbours
from exams.batch.blueprints import plans
from exams.batch.checking import Asked, Verdict, Wanted, check
from exams.batch.deck import Drawer, OffTarget
from exams.batch.stock import Chance, laid_out
from tests.factories.batches import a_bank, a_specification, checked

SEED = bytes(range(32))
ROOM = neighbours.Room(rows=6, columns=5)


@pytest.fixture(scope="module")
def sitting():
    """Six hundred papers out of three thousand questions, thirty to a room."""
    stock = a_bank()
    specification = a_specification(stock, cap=30)
    beside = neighbours.pairs([ROOM] * 20, 600)
    batch = making.make(stock, specification, 600, seed=SEED, beside=beside)
    return stock, specification, beside, batch.papers


def test_every_paper_of_a_sitting_meets_every_rule(sitting):
    stock, specification, _beside, papers = sitting

    assert papers.shape == (600, 50)
    assert checked(stock, specification, papers) == Verdict()


def test_papers_are_equally_hard_and_a_borderline_candidate_has_the_same_chance(sitting):
    stock, specification, _beside, papers = sitting

    even = evenness.of(stock, specification, papers, pass_mark=80)

    least, most = even.spread
    assert 75.5 <= least <= most <= 76.5
    assert even.borderline[1] - even.borderline[0] <= 0.12
    # Papers of half as many questions differ twice as much as the hundred of an exam.
    assert np.all(np.array(even.deviation) <= np.array([1.1, 0.35, 0.5]))
    assert 0.5 < (even.truly_within_a_point or 0) < 1


def test_neighbours_share_nothing(sitting):
    _stock, _specification, beside, papers = sitting

    found = neighbours.overlap(papers, beside)

    assert (found.pairs, found.most) == (len(beside), 0)


def test_nothing_is_over_the_cap_and_hardly_a_question_lies_idle(sitting):
    stock, specification, _beside, papers = sitting

    times = np.bincount(papers.ravel(), minlength=len(stock))

    live = stock.section >= 0
    assert times.max() <= specification.cap
    assert (times[live] == 0).mean() <= 0.02


def test_the_same_seed_makes_the_same_papers_and_another_seed_others():
    stock = a_bank(1_200)
    specification = a_specification(stock)

    first, again, other = (
        making.make(stock, specification, 30, seed=seed).papers for seed in (SEED, SEED, SEED[::-1])
    )

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("papers", [1, 3, 19, 20, 21, 260])
def test_any_number_of_papers_meets_every_rule(papers):
    stock = a_bank(2_000, seed=papers)
    specification = a_specification(stock)

    batch = making.make(stock, specification, papers, seed=SEED)

    assert len(batch.papers) == papers
    assert checked(stock, specification, batch.papers) == Verdict()


def test_a_small_bank_makes_papers_too_and_neighbours_share_little():
    stock = a_bank(500, topics=5, twins=20)
    specification = a_specification(stock)
    beside = neighbours.pairs([ROOM] * 2, 60)

    batch = making.make(stock, specification, 60, seed=SEED, beside=beside)

    apart = np.array([(one, (one + 31) % 60) for one in range(60)])
    near, far = neighbours.overlap(batch.papers, beside), neighbours.overlap(batch.papers, apart)
    assert checked(stock, specification, batch.papers) == Verdict()
    assert near.mean < far.mean / 3


def test_required_questions_are_on_every_paper_and_excluded_ones_on_none():
    stock = a_bank(1_500)
    required = frozenset(np.flatnonzero(stock.section == 0)[:3].tolist())
    excluded = frozenset(np.flatnonzero(stock.section == 1)[:200].tolist())
    specification = replace(a_specification(stock), required=required, excluded=excluded)

    for papers in (5, 240):
        batch = making.make(stock, specification, papers, seed=SEED)
        assert checked(stock, specification, batch.papers) == Verdict()


def test_who_sits_again_sees_nothing_of_the_papers_before():
    stock = a_bank(1_500)
    specification = a_specification(stock)
    before = making.make(stock, specification, 4, seed=SEED).papers
    barred = [frozenset(row.tolist()) for row in before]

    again = making.make(stock, specification, 4, seed=SEED[::-1], barred=barred).papers

    assert all(not barred[i].intersection(again[i].tolist()) for i in range(4))


def test_who_comes_late_gets_a_paper_that_meets_every_rule():
    stock = a_bank()
    specification = a_specification(stock, cap=30)
    shelf = laid_out(stock, specification)
    found = plans(shelf, 600, count=4)
    wanted = dealing.wanted(found, 600)
    copies = exposure.copies(shelf, wanted, 600, chance=Chance(seed=SEED))
    rates = exposure.planned(shelf, wanted, 600)
    drawer = Drawer(shelf, found, rates=rates, copies=copies - copies // 2, seed=SEED)

    papers = np.array([drawer.draw() for _ in range(20)])

    assert checked(stock, specification, papers) == Verdict()
    assert drawer.copies.max() <= 30


def test_a_target_out_of_reach_makes_no_paper():
    stock = a_bank(800)

    for papers in (3, 300):
        with pytest.raises(making.CannotBeCarried):
            making.make(stock, a_specification(stock, target=99.0), papers, seed=SEED)
    assert issubclass(OffTarget, Exception)


def test_a_kind_in_two_sections_is_refused():
    section = SectionRule(kind="true_false", count=1, points=1)

    with pytest.raises(ValueError, match="kind of its own"):
        laid_out(a_bank(10), replace(a_specification(a_bank(10)), sections=[section, section]))


BANK = {
    1: Asked(kind="true_false", topic="a", facility=0.5, group=1),
    2: Asked(kind="true_false", topic="b", facility=0.5, group=2),
    3: Asked(kind="true_false", topic="b", facility=0.5, group=2),
    4: Asked(kind="true_false", topic="b", facility=0.5, group=4, is_live=False),
    5: Asked(kind="single_choice", topic="a", facility=0.5, group=5),
    6: Asked(kind="true_false", topic="b", facility=0.9, group=6),
    7: Asked(kind="true_false", topic="a", facility=0.5, group=7),
}
SECTION = Wanted(kind="true_false", count=2, points=1, topics={"a": (1, 1), "b": (0, None)})


@pytest.mark.parametrize(
    ("paper", "fault"),
    [
        ([1, 2], {}),
        ([1], {"wrong_size": 1, "wrong_kind": 1, "off_target": 1}),
        ([1, 1], {"repeated": 1, "enemies": 1, "wrong_topic": 1}),
        ([1, 4], {"not_allowed": 1}),
        ([1, 99], {"not_allowed": 1, "wrong_kind": 1, "off_target": 1}),
        ([1, 5], {"wrong_kind": 1, "off_target": 1}),
        ([2, 3], {"enemies": 1, "wrong_topic": 1}),
        ([2, 6], {"wrong_topic": 1, "off_target": 0}),
        ([1, 6], {"off_target": 1}),
        ([1, 7], {"wrong_topic": 1}),
    ],
)
def test_the_checker_finds_every_fault(paper, fault):
    tolerance = 0.45 if 2 in paper and 6 in paper else 0.3

    found = check([paper], BANK, [SECTION], target=1.0, tolerance=tolerance)

    assert found == Verdict(**fault)


def test_the_checker_finds_what_the_sitting_breaks():
    found = check([[1, 2], [1, 2]], BANK, [SECTION], cap=1, required=frozenset({7}))

    assert found == Verdict(over_cap=2, required_missing=2)
    assert not found.is_right


def test_no_two_papers_are_alike_where_every_question_comes_up_as_often():
    """Four hundred questions on five papers each: forty papers take them all once."""
    stock = a_bank(400, topics=1, twins=0)
    section = SectionRule(kind="true_false", count=10, points=1)
    plain = replace(stock, section=np.zeros(400, dtype=np.int64))
    shelf = laid_out(plain, replace(a_specification(stock, target=None), sections=[section]))
    copies, chance = np.full(400, 5), Chance(seed=SEED)

    papers, _columns = dealing.dealt(shelf, [np.array([10])], copies, 200, chance=chance)

    assert np.array_equal(np.bincount(papers.ravel()), copies)
    found = neighbours.overlap_of_all(papers)
    every = np.array([(one, other) for one in range(200) for other in range(one)])
    assert found == neighbours.overlap(papers, every)
    assert found.most <= 5
    # Half of the way between two copies is kept, at least.
    where = [np.flatnonzero((papers == one).any(axis=1)) for one in range(400)]
    assert min(np.diff(one).min() for one in where) >= 19


def test_a_thousand_papers_out_of_two_wide_topics_are_all_as_hard():
    """Of seventy questions that could take a place most lie on a paper nearby already."""
    number = np.arange(20_000)
    stock = replace(
        a_bank(20_000, topics=1, twins=0),
        section=(number >= 14_000).astype(np.int64),
        facility=0.5 + (number * 7 % 46) / 100,
        group=number,
        used=np.zeros(20_000, dtype=np.int64),
    )
    sections = [
        SectionRule(kind=kind, count=count, points=1)
        for kind, count in (("true_false", 70), ("single_choice", 30))
    ]
    plain = replace(a_specification(stock), sections=sections, target=72.5, tolerance=0.25)

    papers = making.make(stock, replace(plain, cap=None), 1_000, seed=b"1" * 32).papers

    expected = stock.facility[papers].sum(axis=1)
    assert np.abs(expected - 72.5).max() <= 0.25
