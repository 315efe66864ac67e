"""The life of a question."""

from __future__ import annotations

import pytest

from question_bank.lifecycle import DONE, Move, State, after, is_done

D, R, P, X = State.DRAFT, State.IN_REVIEW, State.PUBLISHED, State.RETIRED


@pytest.mark.parametrize(
    ("move", "open_from"),
    [
        (Move.SUBMIT, {D: R}),
        (Move.SEND_BACK, {R: D}),
        (Move.PUBLISH, {R: P}),
        (Move.RETIRE, {D: X, R: X, P: X}),
        (Move.REVISE, {D: D, R: D, P: D, X: D}),
    ],
)
def test_each_move_is_open_from_these_states_only(
    move: Move, open_from: dict[State, State]
) -> None:
    assert {state: after(state, move) for state in State if after(state, move)} == open_from


def test_nothing_is_published_without_a_review() -> None:
    assert after(State.DRAFT, Move.PUBLISH) is None


def test_a_move_made_before_is_done() -> None:
    assert all(is_done(state, move) for move, state in DONE.items())
    assert not is_done(State.DRAFT, Move.SUBMIT)
    assert not is_done(State.DRAFT, Move.REVISE)
