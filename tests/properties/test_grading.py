"""What holds of every grade."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from exams import grading
from exams.grading import MarkedSlot

shares = st.fractions(0, 1, max_denominator=12)
papers = st.lists(st.tuples(st.integers(1, 5), shares), min_size=1, max_size=30)


def slots(paper):
    """Return the paper as marked slots."""
    return [
        MarkedSlot(slot=number, points=points, share=share)
        for number, (points, share) in enumerate(paper, start=1)
    ]


@given(papers, st.integers(0, 100))
def test_the_score_lies_between_nothing_and_the_maximum_and_is_the_sum_of_the_marks(paper, line):
    grade = grading.grade(slots(paper), pass_percent=line)

    assert 0 <= grade.score <= grade.max_score
    assert grade.score == sum(grade.marks.values())


@given(papers, st.integers(0, 100), st.data())
def test_a_better_share_never_fails_who_passed(paper, line, data):
    before = grading.grade(slots(paper), pass_percent=line)

    place = data.draw(st.integers(0, len(paper) - 1))
    points, share = paper[place]
    paper[place] = (points, data.draw(st.fractions(share, 1, max_denominator=12)))
    after = grading.grade(slots(paper), pass_percent=line)

    assert after.passed or not before.passed


@given(papers, st.integers(0, 100), st.randoms(use_true_random=False))
def test_the_order_of_the_slots_changes_nothing(paper, line, dice):
    marked = slots(paper)
    shuffled = list(marked)
    dice.shuffle(shuffled)

    assert grading.grade(marked, pass_percent=line) == grading.grade(shuffled, pass_percent=line)


@given(st.integers(0, 200), st.integers(1, 200), st.integers(0, 100))
def test_passing_agrees_with_exact_division(score, most, line):
    passed = grading.passes(Fraction(score), Fraction(most), pass_percent=line)

    assert passed == (Fraction(score, most) >= Fraction(line, 100))
