"""Subjects with a pair of examiners each: what each pair agrees on, and all of it together."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams import reconciling, scoring
from exams.scoring import Scores
from tests.rules.exams.test_scoring import DRAWN, FULL, SHEET, VETO, changed

PARTS = {one.code: reconciling.only(SHEET, one.code) for one in SHEET.subjects}


def of(subject: str, marks: dict[str, Fraction], *vetoes: str) -> Scores:
    """Return what is said of one subject."""
    within = scoring.scale(PARTS[subject], DRAWN)
    return Scores(
        marks={code: mark for code, mark in marks.items() if code in within},
        failed_vetoes=frozenset(vetoes),
    )


@pytest.mark.parametrize(
    ("subject", "marks", "open_to_third"),
    [
        # K1 weighs 20 of 100: its share of the five points is one.
        ("K1", changed(K11_1=25), frozenset()),
        ("K1", changed(K11_1=24), {"K11.1"}),
        # K2 weighs 40 and its item is worth 60: two points of the whole are three of its own.
        ("K2", changed(K21_3=27), frozenset()),
        ("K2", changed(K21_3=26, K21_1=9), {"K21.3", "K21.1"}),
    ],
)
def test_each_subject_may_differ_by_its_share_of_the_tolerance(
    subject: str, marks: dict[str, Fraction], open_to_third: frozenset[str]
) -> None:
    pair = of(subject, FULL), of(subject, marks)

    assert reconciling.disputed(SHEET, DRAWN, subject, *pair) == open_to_third


def test_a_veto_that_only_one_saw_is_decided_by_a_third_with_what_else_differs() -> None:
    pair = of("K2", FULL), of("K2", changed(K21_1=9), VETO)

    assert reconciling.disputed(SHEET, DRAWN, "K2", *pair) == {VETO, "K21.1"}


def test_together_all_subjects_are_what_the_whole_is() -> None:
    marks = changed(K11_1=12, K31_2=Fraction(1, 3))
    verdict = reconciling.together(
        SHEET, DRAWN, [of(subject, marks) for subject in PARTS], frozenset()
    )

    assert verdict == scoring.verdict(SHEET, DRAWN, Scores(marks=marks))


def test_a_missed_subject_is_worth_nothing_and_fails_the_whole_even_at_eighty() -> None:
    done = [of(subject, FULL) for subject in PARTS if subject != "K1"]

    verdict = reconciling.together(SHEET, DRAWN, done, frozenset({"K1"}))

    assert verdict.score == 80
    assert not verdict.passed
    assert verdict.missed == {"K1"}


PAIRS = st.fixed_dictionaries(
    {
        subject: st.tuples(*[
            st.fixed_dictionaries({
                code: st.integers(0, int(most)).map(Fraction)
                for code, most in scoring.scale(part, DRAWN).items()
                if most is not None
            }).map(lambda marks: Scores(marks=marks))
            for _ in range(2)
        ])
        for subject, part in PARTS.items()
    }
)  # fmt: skip


@given(pairs=PAIRS)
def test_no_verdict_rests_on_which_of_two_examiners_one_believes(
    pairs: dict[str, tuple[Scores, Scores]],
) -> None:
    verdicts = {
        reconciling.together(SHEET, DRAWN, choice, frozenset()).passed
        for choice in product(*pairs.values())
    }

    found = reconciling.undecided(SHEET, DRAWN, [], pairs)

    assert bool(found) is (len(verdicts) == 2)
    assert all(
        found[subject] == reconciling.differing(PARTS[subject], DRAWN, *pairs[subject])
        for subject in found
    )


def test_a_subject_that_a_third_decided_is_not_asked_again() -> None:
    pairs = {"K1": (of("K1", FULL), of("K1", changed(K11_1=25)))}
    fixed = [of("K2", FULL), of("K3", FULL), of("K4", changed(K41_1=0))]

    assert reconciling.undecided(SHEET, DRAWN, fixed, pairs) == {"K1": {"K11.1"}}
    assert reconciling.undecided(SHEET, DRAWN, [*fixed[:2], of("K4", FULL)], pairs) == {}
