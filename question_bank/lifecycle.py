"""The life of a question (试题状态): draft, in review, published, retired, and the moves between.

The state speaks of the newest version. A question whose newest version is a draft can still be
asked in its published one: that is what `question_bank.models.QuestionVersion.published_at` says.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where the newest version of a question stands (状态)."""

    DRAFT = "draft"  # 草稿
    IN_REVIEW = "in_review"  # 待审
    PUBLISHED = "published"  # 启用
    RETIRED = "retired"  # 停用


class Move(StrEnum):
    """What a person can do with a question."""

    #: The author hands it to a reviewer (送审).
    SUBMIT = "submit"
    #: The reviewer gives it back (退回).
    SEND_BACK = "send_back"
    #: The reviewer puts it to use (启用).
    PUBLISH = "publish"
    #: It is used no more (停用); what was asked stays readable for ever.
    RETIRE = "retire"
    #: A new version is written (修订); the published one stays in use until the new one is.
    REVISE = "revise"


MOVES: Final[dict[tuple[State, Move], State]] = {
    (State.DRAFT, Move.SUBMIT): State.IN_REVIEW,
    (State.IN_REVIEW, Move.SEND_BACK): State.DRAFT,
    (State.IN_REVIEW, Move.PUBLISH): State.PUBLISHED,
    (State.DRAFT, Move.RETIRE): State.RETIRED,
    (State.IN_REVIEW, Move.RETIRE): State.RETIRED,
    (State.PUBLISHED, Move.RETIRE): State.RETIRED,
    (State.DRAFT, Move.REVISE): State.DRAFT,
    (State.IN_REVIEW, Move.REVISE): State.DRAFT,
    (State.PUBLISHED, Move.REVISE): State.DRAFT,
    (State.RETIRED, Move.REVISE): State.DRAFT,
}

#: The state in which a move has already been made: asking again changes nothing.
DONE: Final[dict[Move, State]] = {
    Move.SUBMIT: State.IN_REVIEW,
    Move.SEND_BACK: State.DRAFT,
    Move.PUBLISH: State.PUBLISHED,
    Move.RETIRE: State.RETIRED,
}


def after(state: State, move: Move) -> State | None:
    """Return the state after the move; None where the move is not open."""
    return MOVES.get((state, move))


def is_done(state: State, move: Move) -> bool:
    """Say whether the move was made before, so that making it again is harmless."""
    return DONE.get(move) is state
