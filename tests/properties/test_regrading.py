"""Grading anew is exact, changes nothing with the same keys, and doing it twice is once."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from exams import regrading
from exams.regrading import Keyed, Remedy
from question_bank.kinds import Kind

LABELS = "ABCD"
KEYS = st.frozensets(st.sampled_from(LABELS), min_size=1)


@st.composite
def papers(draw):
    """Return the places of a paper and what was chosen in them."""
    count = draw(st.integers(1, 12))
    places, chosen = [], {}
    for slot in range(1, count + 1):
        kind = draw(st.sampled_from([Kind.SINGLE_CHOICE, Kind.MULTIPLE_CHOICE]))
        key = draw(KEYS)
        if kind is Kind.SINGLE_CHOICE:
            key = frozenset(sorted(key)[:1])
        places.append(Keyed(slot=slot, points=draw(st.integers(1, 5)), kind=kind, key=key))
        if draw(st.booleans()):
            chosen[slot] = draw(st.frozensets(st.sampled_from(LABELS)))
    return places, chosen


def graded(places, chosen, *, partial=False, percent=80):
    """Grade a paper."""
    return regrading.grade(places, chosen, pass_percent=percent, partial_credit=partial)


def remedied(places, slot, remedy, key=None):
    """Return the places with one of them put right."""
    return [
        replace(one, remedy=remedy, key=key or one.key) if one.slot == slot else one
        for one in places
    ]


@given(paper=papers(), partial=st.booleans())
def test_the_same_key_changes_nothing(paper, partial):
    places, chosen = paper
    again = remedied(places, 1, Remedy.KEY_CORRECTED)

    assert graded(again, chosen, partial=partial) == graded(places, chosen, partial=partial)


@given(paper=papers(), remedy=st.sampled_from(Remedy), key=KEYS, partial=st.booleans())
def test_twice_is_once_and_no_other_place_is_touched(paper, remedy, key, partial):
    places, chosen = paper
    once = remedied(places, 1, remedy, key)
    twice = remedied(once, 1, remedy, key)

    first, second = (graded(one, chosen, partial=partial) for one in (once, twice))

    assert first == second
    before = graded(places, chosen, partial=partial)
    others = {slot: mark for slot, mark in before.marks.items() if slot != 1}
    assert {slot: mark for slot, mark in first.marks.items() if slot != 1} == others


@given(paper=papers(), percent=st.integers(1, 100))
def test_full_marks_for_all_do_no_harm_to_anybody(paper, percent):
    places, chosen = paper
    before = graded(places, chosen, percent=percent)

    after = graded(remedied(places, 1, Remedy.FULL_MARKS), chosen, percent=percent)

    assert after.max_score == before.max_score
    assert after.score == before.score - before.marks[1] + places[0].points
    assert after.passed or not before.passed


@given(paper=papers())
def test_an_excluded_question_is_worth_nothing_to_anybody(paper):
    places, chosen = paper

    after = graded(remedied(places, 1, Remedy.EXCLUDED), chosen)

    assert after.marks[1] == 0
    assert after.max_score == sum(one.points for one in places[1:])
    assert not (after.max_score == 0 and after.passed)


@given(paper=papers(), partial=st.booleans())
def test_a_score_lies_between_nothing_and_all_and_partial_credit_only_adds(paper, partial):
    places, chosen = paper

    strict, lenient = graded(places, chosen), graded(places, chosen, partial=True)

    assert 0 <= strict.score <= lenient.score <= lenient.max_score
    assert sum(lenient.marks.values(), Fraction()) == lenient.score


def test_two_of_three_right_options_earn_two_thirds_exactly():
    place = Keyed(slot=1, points=2, kind=Kind.MULTIPLE_CHOICE, key=frozenset("ABC"))

    assert graded([place], {1: frozenset("AB")}, partial=True).score == Fraction(4, 3)
    assert graded([place], {1: frozenset("ABD")}, partial=True).score == 0
    assert graded([place], {1: frozenset("AB")}).score == 0
