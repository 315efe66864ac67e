"""The levels of an induction, as the gate and coverage count them."""

from __future__ import annotations

import pytest

from certificates import inductions
from certificates.definitions import Basis, measures

EVERY = {"induction.plant", "induction.workshop", "induction.team"}


@pytest.mark.parametrize(
    ("purpose", "level", "counted"),
    [
        ("induction", "team", "induction.team"),
        ("induction", None, "induction"),
        ("post_change", "team", "post_change"),
        (None, None, None),
    ],
)
def test_an_induction_is_counted_by_its_level_and_nothing_else_is(purpose, level, counted):
    assert inductions.counted_as(purpose, level) == counted


@pytest.mark.parametrize(
    ("asked", "good"),
    [
        ({"induction"}, {"induction", *EVERY}),
        ({"induction.team"}, {"induction.team", "induction"}),
        ({"rotation"}, {"rotation"}),
    ],
)
def test_a_level_is_had_by_its_own_entry_or_by_one_for_all(asked, good):
    assert inductions.counting_for(asked) == good


def test_coverage_asks_for_the_induction_that_the_gate_asks_for():
    [[part]] = measures()["passed_induction"].all_of

    assert part.basis is Basis.INDUCTION
