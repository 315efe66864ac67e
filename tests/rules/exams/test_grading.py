"""Score and verdict, on their edges."""

from fractions import Fraction

import pytest

from exams import grading
from exams.grading import MarkedSlot


def paper(*shares, points=1):
    """Return a paper whose slots earned these shares."""
    return [
        MarkedSlot(slot=slot, points=points, share=Fraction(share))
        for slot, share in enumerate(shares, start=1)
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "passed"), [(80, 20, True), (79, 21, False), (100, 0, True), (0, 100, False)]
)
def test_eighty_of_a_hundred_pass(right, wrong, passed):
    grade = grading.grade(paper(*[1] * right, *[0] * wrong), pass_percent=80)

    assert grade.score == right
    assert grade.max_score == 100
    assert grade.passed is passed


@pytest.mark.parametrize(
    ("score", "passed"), [("80", True), ("79.9999999999", False), ("239/3", False), ("241/3", True)]
)
def test_no_rounding_makes_a_pass(score, passed):
    assert grading.passes(Fraction(score), Fraction(100), pass_percent=80) is passed


def test_a_third_three_times_is_a_whole():
    grade = grading.grade(paper("1/3", "1/3", "1/3", points=2), pass_percent=33)

    assert grade.score == 2
    assert grade.marks == {1: Fraction(2, 3), 2: Fraction(2, 3), 3: Fraction(2, 3)}


def test_a_paper_worth_nothing_is_passed_by_nobody():
    assert grading.grade([], pass_percent=0).passed is False
