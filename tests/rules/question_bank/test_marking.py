"""One response against one key."""

from __future__ import annotations

from fractions import Fraction

import pytest

from question_bank.kinds import Kind
from question_bank.marking import mark

TF, ONE, MANY = Kind.TRUE_FALSE, Kind.SINGLE_CHOICE, Kind.MULTIPLE_CHOICE


@pytest.mark.parametrize(
    ("kind", "chosen", "key", "share"),
    [
        (TF, "A", "A", 1),
        (TF, "B", "A", 0),
        (TF, "", "A", 0),
        (ONE, "C", "C", 1),
        (ONE, "AC", "C", 0),
        (MANY, "CA", "AC", 1),
        (MANY, "AAC", "AC", 1),
        (MANY, "A", "AC", 0),
        (MANY, "ABC", "AC", 0),
        (MANY, "", "AC", 0),
    ],
)
def test_a_response_earns_all_or_nothing(kind: Kind, chosen: str, key: str, share: int) -> None:
    assert mark(kind, chosen, key) == share


@pytest.mark.parametrize(
    ("chosen", "share"),
    [
        ("", Fraction(0)),
        ("A", Fraction(1, 3)),
        ("AB", Fraction(2, 3)),
        ("ABC", Fraction(1)),
        ("AD", Fraction(0)),
        ("ABCD", Fraction(0)),
    ],
)
def test_part_of_a_key_earns_part_where_the_standard_says_so(chosen: str, share: Fraction) -> None:
    assert mark(MANY, chosen, "ABC", partial_credit=True) == share


@pytest.mark.parametrize("kind", [TF, ONE])
def test_only_a_multiple_choice_is_right_in_part(kind: Kind) -> None:
    assert mark(kind, "A", "AB", partial_credit=True) == 0
