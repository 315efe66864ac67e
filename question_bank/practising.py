"""Practising (练习): where a learner stands with a question; the wrong-question book (错题本)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

#: Right responses in a row after which a question leaves the wrong-question book: one alone may
#: be luck, as every second response to a true-false question is.
RIGHT_TO_LEAVE: Final = 2


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a learner stands with one question."""

    answered_count: int = 0
    wrong_count: int = 0
    #: Right responses since the last wrong one.
    right_in_a_row: int = 0
    in_wrong_book: bool = False


def after(standing: Standing, *, correct: bool) -> Standing:
    """Return where the learner stands after one more response."""
    answered = standing.answered_count + 1
    if not correct:
        return Standing(
            answered_count=answered,
            wrong_count=standing.wrong_count + 1,
            right_in_a_row=0,
            in_wrong_book=True,
        )
    in_a_row = standing.right_in_a_row + 1
    return replace(
        standing,
        answered_count=answered,
        right_in_a_row=in_a_row,
        in_wrong_book=standing.in_wrong_book and in_a_row < RIGHT_TO_LEAVE,
    )
