"""The states of an attempt and of an exam, and the moves between them (状态)."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an attempt stands."""

    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    GRADED = "graded"
    VOIDED = "voided"


class Move(StrEnum):
    """What can be done to an attempt."""

    #: The candidate hands in.
    SUBMIT = "submit"
    #: The background job hands in what was never handed in, after its deadline.
    CLOSE = "close"
    GRADE = "grade"
    #: Time was granted after the platform had closed it, and nobody was told of an outcome yet.
    REOPEN = "reopen"
    #: The invigilator makes it not count (作废).
    VOID = "void"


#: Every move there is. What is not here is refused; a voided attempt moves no more.
MOVES: dict[tuple[State, Move], State] = {
    (State.IN_PROGRESS, Move.SUBMIT): State.SUBMITTED,
    (State.IN_PROGRESS, Move.CLOSE): State.SUBMITTED,
    (State.SUBMITTED, Move.GRADE): State.GRADED,
    (State.SUBMITTED, Move.REOPEN): State.IN_PROGRESS,
    (State.GRADED, Move.REOPEN): State.IN_PROGRESS,
    (State.IN_PROGRESS, Move.VOID): State.VOIDED,
    (State.SUBMITTED, Move.VOID): State.VOIDED,
    (State.GRADED, Move.VOID): State.VOIDED,
}


def after(state: State, move: Move) -> State | None:
    """Return the state that the move leads to, None where the table does not know it."""
    return MOVES.get((state, move))


class ExamState(StrEnum):
    """Where an exam stands: planned by its planner, or open to candidates and then fixed."""

    DRAFT = "draft"
    PUBLISHED = "published"
