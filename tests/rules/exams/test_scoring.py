"""Score sheets: exact totals, vetoes that fail everything, and what two examiners make of them."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams import scoring
from exams.scoring import Item, Scores, Sheet, Step, Subject, Veto
from exams.services import score_sheets

SEED = bytes(range(32))


def an_item(code, *points, vetoes=1):
    """Return an item with a step for each number of points."""
    return Item(
        code=code,
        name=code,
        steps=tuple(
            Step(code=f"{code}.{number}", text="步骤", points=Fraction(worth))
            for number, worth in enumerate(points, start=1)
        ),
        vetoes=tuple(Veto(code=f"{code}.V{number}", text="否决") for number in range(vetoes)),
    )


SUBJECTS = tuple(
    Subject(code=f"K{number}", name="科目", weight=Fraction(weight), items=(item,))
    for number, weight, item in (
        (1, 20, an_item("K11", 30, 70)),
        (2, 40, an_item("K21", 10, 20, 30)),
        (3, 20, an_item("K31", 50, 50)),
        (4, 20, an_item("K41", 100)),
    )
)
SHEET = Sheet(subjects=SUBJECTS, pass_percent=80, tolerance=Fraction(5))
DRAWN = ("K11", "K21", "K31", "K41")
FULL = {code: most for code, most in scoring.scale(SHEET, DRAWN).items() if most is not None}
VETO = "K21.V0"


def changed(**marks):
    """Return full marks with some changed: `K11_1=15` is step K11.1."""
    return FULL | {name.replace("_", "."): Fraction(value) for name, value in marks.items()}


def test_full_marks_are_a_hundred_and_weights_are_kept():
    assert scoring.total(SHEET, DRAWN, FULL) == 100
    assert scoring.total(SHEET, DRAWN, changed(K21_1=0, K21_2=0, K21_3=0)) == 60
    assert scoring.total(SHEET, DRAWN, changed(K21_1=0)) == 100 - Fraction(20, 3)


def test_eighty_passes_and_a_third_of_a_point_less_does_not():
    assert scoring.verdict(SHEET, DRAWN, Scores(marks=changed(K41_1=0))).passed
    less = changed(K41_1=0, K11_1=Fraction(85, 3))
    assert scoring.total(SHEET, DRAWN, less) == 80 - Fraction(1, 3)
    assert not scoring.verdict(SHEET, DRAWN, Scores(marks=less)).passed


def test_a_failed_veto_fails_the_whole_whatever_the_score():
    verdict = scoring.verdict(SHEET, DRAWN, Scores(marks=FULL, failed_vetoes=frozenset({VETO})))

    assert verdict.score == 100
    assert not verdict.passed


@pytest.mark.parametrize(
    ("subjects", "fault"),
    [
        ((), "no_subject"),
        (SUBJECTS[:3], "weights_do_not_add_up"),
        ((*SUBJECTS, Subject(code="K5", name="", weight=Fraction(1, 3), items=SUBJECTS[0].items)),
         "weights_do_not_add_up"),
        ((Subject(code="K1", name="", weight=Fraction(100), items=()),), "subject_without_item"),
        ((Subject(code="K1", name="", weight=Fraction(100), items=(an_item("K11"),)),),
         "item_without_step"),
        ((Subject(code="K1", name="", weight=Fraction(100), items=(an_item("K11", 0),)),),
         "points_not_positive"),
        ((Subject(code="K11", name="", weight=Fraction(100), items=(an_item("K11", 1),)),),
         "code_twice"),
        ((Subject(code="K1", name="", weight=Fraction(120), items=(an_item("K11", 1),)),
          Subject(code="K2", name="", weight=Fraction(-20), items=(an_item("K21", 1),))),
         "weight_not_positive"),
    ],
)  # fmt: skip
def test_a_sheet_that_nobody_could_be_scored_by_is_named(subjects, fault):
    assert fault in list(scoring.faults(subjects))


def test_a_sound_sheet_has_no_fault_and_so_has_every_shipped_one():
    assert list(scoring.faults(SUBJECTS)) == []
    shipped = json.loads(files("exams").joinpath("score_sheets.json").read_text("utf-8"))
    assert len(shipped) >= 3
    for one in shipped:
        assert list(scoring.faults(score_sheets.subjects(one["subjects"]))) == []
        assert one["source"]


def test_one_item_of_each_subject_is_drawn_and_the_seed_alone_decides():
    many = tuple(
        Subject(code=f"K{one}", name="", weight=Fraction(50),
                items=tuple(an_item(f"K{one}{item}", 1) for item in range(5)))
        for one in (1, 2)
    )  # fmt: skip

    first, again = (scoring.draw(many, seed=SEED) for _ in range(2))

    assert first == again
    assert [code[:2] for code in first] == ["K1", "K2"]
    assert len({scoring.draw(many, seed=bytes([seed]) * 32) for seed in range(60)}) > 10


def test_a_small_difference_is_decided_by_the_rule_with_the_exact_mean():
    one, other = Scores(marks=FULL), Scores(marks=changed(K21_1=5))

    assert scoring.disputed(SHEET, DRAWN, one, other) == frozenset()
    agreed = scoring.mean(one, other)
    assert agreed.marks["K21.1"] == Fraction(15, 2)
    assert scoring.total(SHEET, DRAWN, agreed.marks) == 100 - Fraction(5, 3)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (Scores(marks=changed(K21_1=0)), {"K21.1"}),
        (Scores(marks=FULL, failed_vetoes=frozenset({VETO})), {VETO}),
        (Scores(marks=changed(K11_1=29), failed_vetoes=frozenset({VETO})), {"K11.1", VETO}),
    ],
)
def test_what_differs_by_more_is_for_a_third_examiner(other, found):
    assert scoring.disputed(SHEET, DRAWN, Scores(marks=FULL), other) == found


def test_a_pass_beside_a_failure_is_disputed_however_near_they_are():
    passes = Scores(marks=changed(K41_1=0))
    fails = Scores(marks=changed(K41_1=0, K31_1=49))

    assert scoring.disputed(SHEET, DRAWN, passes, fails) == {"K31.1"}


def test_a_ruling_decides_what_was_disputed_and_nothing_else():
    one, other = Scores(marks=changed(K11_1=20)), Scores(marks=changed(K11_1=20, K21_1=0))
    ruling = Scores(marks={"K21.1": Fraction(4), "K11.1": Fraction(0)})

    ruled = scoring.ruled(one, other, ruling, frozenset({"K21.1"}))

    assert ruled.marks["K21.1"] == 4
    assert ruled.marks["K11.1"] == 20


MARKS = st.fixed_dictionaries(
    {code: st.fractions(min_value=0, max_value=most, max_denominator=4)
     for code, most in FULL.items()}
)  # fmt: skip
VETOES = st.frozensets(st.sampled_from([item.vetoes[0].code for _, item in
                                        scoring.drawn(SHEET, DRAWN)]))  # fmt: skip
SCORES = st.builds(Scores, marks=MARKS, failed_vetoes=VETOES)


@given(one=SCORES, other=SCORES)
def test_neither_examiner_weighs_more(one, other):
    assert scoring.disputed(SHEET, DRAWN, one, other) == scoring.disputed(SHEET, DRAWN, other, one)
    assert scoring.mean(one, other) == scoring.mean(other, one)


@given(one=SCORES, other=SCORES)
def test_the_mean_lies_between_and_agreement_changes_nothing(one, other):
    totals = sorted(scoring.total(SHEET, DRAWN, each.marks) for each in (one, other))

    between = scoring.total(SHEET, DRAWN, scoring.mean(one, other).marks)

    assert totals[0] <= between == sum(totals) / 2 <= totals[1]
    assert 0 <= between <= 100
    assert scoring.mean(one, one) == one
    assert scoring.disputed(SHEET, DRAWN, one, one) == frozenset()


@given(scores=SCORES, step=st.sampled_from(sorted(FULL)))
def test_more_points_never_take_a_pass_away(scores, step):
    better = Scores(marks={**scores.marks, step: FULL[step]}, failed_vetoes=scores.failed_vetoes)

    before, after = (scoring.verdict(SHEET, DRAWN, each) for each in (scores, better))

    assert after.score >= before.score
    assert after.passed or not before.passed
