"""Marking (判题): one response against one key gives the share of the points that is earned.

A share is an exact fraction from 0 to 1; what it is worth in points is the paper's business.
Whether part of a multiple choice earns part of the points is a matter of the exam's standard
(safety exams as a rule: all or nothing), so it is an argument.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Final

from question_bank.kinds import Kind

NOTHING: Final = Fraction(0)
EVERYTHING: Final = Fraction(1)


def mark(
    kind: Kind,
    chosen: Collection[str],
    key: Collection[str],
    *,
    partial_credit: bool = False,
) -> Fraction:
    """Return the share earned by choosing `chosen` where `key` is right.

    Labels are compared as sets: neither their order nor a repetition matters. Nothing chosen
    earns nothing. With `partial_credit`, a multiple choice that names only right options earns
    the share of the right options it names, and one wrong option still loses everything, so that
    ticking all boxes is never worth it.

    Args:
        kind: only a multiple choice can be right in part.
        chosen: labels of the options that the candidate chose.
        key: labels of the options that are right; never empty.
        partial_credit: whether a part of the key earns a part of the points.
    """
    given, right = frozenset(chosen), frozenset(key)
    if given == right:
        return EVERYTHING
    if not partial_credit or kind is not Kind.MULTIPLE_CHOICE or not given <= right:
        return NOTHING
    return Fraction(len(given), len(right))
