"""A sitting out of a generated bank: no fault, evenly hard, quick for who comes late."""

from __future__ import annotations

from collections import Counter

from exams import permutation, trying


def test_a_sitting_out_of_a_generated_bank_has_no_fault_and_is_even():
    found = trying.tried(6_000, 300, topics=20, seed=3)

    assert (found["violations"], found["late_violations"]) == (0, 0)
    assert found["most_expected"] - found["least_expected"] <= 1.0
    assert found["borderline_most"] - found["borderline_least"] <= 0.12
    assert found["neighbour_overlap_most"] == 0
    assert found["late_p99_ms"] <= 250


def test_no_letter_is_right_more_often_than_the_others():
    """Whatever was written first, the form spreads it: a fifth to three tenths for each letter."""
    options, seed = ["甲", "乙", "丙", "丁"], bytes(32)
    orders = [
        permutation.form_order("single_choice", options, seed=seed, slot=slot)[0]
        for slot in range(1, 2001)
    ]

    right = Counter(order.index(0) for order in orders)

    assert all(0.2 <= right[place] / 2000 <= 0.3 for place in range(4))
