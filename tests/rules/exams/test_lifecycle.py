"""The table of moves of an attempt."""

from itertools import product

import pytest

from exams import lifecycle
from exams.lifecycle import Move, State

OPEN = {
    (State.IN_PROGRESS, Move.SUBMIT): State.SUBMITTED,
    (State.IN_PROGRESS, Move.CLOSE): State.SUBMITTED,
    (State.SUBMITTED, Move.GRADE): State.GRADED,
    (State.SUBMITTED, Move.REOPEN): State.IN_PROGRESS,
    (State.GRADED, Move.REOPEN): State.IN_PROGRESS,
    (State.IN_PROGRESS, Move.VOID): State.VOIDED,
    (State.SUBMITTED, Move.VOID): State.VOIDED,
    (State.GRADED, Move.VOID): State.VOIDED,
}


@pytest.mark.parametrize(("state", "move"), list(product(State, Move)))
def test_only_the_moves_of_the_table_are_open(state, move):
    assert lifecycle.after(state, move) == OPEN.get((state, move))


@pytest.mark.parametrize("move", list(Move))
def test_a_voided_attempt_moves_no_more(move):
    assert lifecycle.after(State.VOIDED, move) is None
