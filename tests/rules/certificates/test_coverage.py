"""How shares are shown, and gaps counted."""

from __future__ import annotations

from fractions import Fraction

import pytest

from certificates import coverage


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (None, 1, "—"),
        (Fraction(0), 1, "0.0%"),
        (Fraction(1), 1, "100.0%"),
        (Fraction(2999, 3000), 1, "99.9%"),
        (Fraction(999_999, 1_000_000), 2, "99.99%"),
        (Fraction(2, 3), 1, "66.6%"),
        (Fraction(1, 3000), 1, "0.0%"),
        (Fraction(61, 1000), 1, "6.1%"),
        (Fraction(199, 200), 0, "99%"),
    ],
)
def test_a_share_is_floored_when_shown(share, decimals, text):
    assert coverage.shown(share, decimals=decimals) == text


@pytest.mark.parametrize(
    ("covered", "required", "target", "more"),
    [
        (0, 0, 1, 0),
        (94, 100, Fraction(95, 100), 1),
        (95, 100, Fraction(95, 100), 0),
        (0, 3, 1, 3),
        (2, 99, Fraction(3, 100), 1),
        (9, 9, Fraction(1, 2), 0),
    ],
)
def test_the_gap_is_counted_in_whole_people(covered, required, target, more):
    assert coverage.gap(covered=covered, required=required, target=Fraction(target)) == more
