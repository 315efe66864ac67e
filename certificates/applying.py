"""The life of an application for a certificate: accepted, decided, in time (申请、受理、决定).

Order 30 art. 17 and 18, 《行政许可法》 art. 32: whether an application is accepted is said within
five working days, and who says nothing has accepted it on the day it was received; it is decided
within twenty working days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from server.working_days import working_days_after

#: Working days within which acceptance is said, and within which is decided.
DAYS_TO_ACCEPT = 5
DAYS_TO_DECIDE = 20


class Purpose(StrEnum):
    """What is applied for (申请事项)."""

    FIRST = "first"
    RENEWAL = "renewal"
    EXTENSION = "extension"
    REVIEW = "review"
    LOST = "lost"
    NAME_CHANGED = "name_changed"
    CANCELLATION = "cancellation"


class Step(StrEnum):
    """What can be done about an application."""

    #: 受理
    ACCEPT = "accept"
    #: 不予受理
    REFUSE = "refuse"
    #: 准予
    GRANT = "grant"
    #: 不予
    DENY = "deny"
    #: 撤回
    WITHDRAW = "withdraw"


class State(StrEnum):
    """Where an application stands on a day; computed from its steps and the silence between."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    GRANTED = "granted"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


MOVES: dict[tuple[State, Step], State] = {
    (State.SUBMITTED, Step.ACCEPT): State.ACCEPTED,
    (State.SUBMITTED, Step.REFUSE): State.REFUSED,
    (State.SUBMITTED, Step.WITHDRAW): State.WITHDRAWN,
    (State.ACCEPTED, Step.GRANT): State.GRANTED,
    (State.ACCEPTED, Step.DENY): State.DENIED,
    (State.ACCEPTED, Step.WITHDRAW): State.WITHDRAWN,
}

#: The states and steps as people read them.
STATE_ZH: dict[State, str] = {
    State.SUBMITTED: "已提交",
    State.ACCEPTED: "已受理",
    State.REFUSED: "不予受理",
    State.GRANTED: "已准予",
    State.DENIED: "不予许可",
    State.WITHDRAWN: "已撤回",
}
STEP_ZH: dict[Step, str] = {
    Step.ACCEPT: "受理",
    Step.REFUSE: "不予受理",
    Step.GRANT: "准予",
    Step.DENY: "不予许可",
    Step.WITHDRAW: "撤回",
}


@dataclass(frozen=True, kw_only=True)
class Done:
    """A step, and the day on which it was taken."""

    step: Step
    on: date


def accept_by(submitted_on: date) -> date:
    """Return the last day on which acceptance may be said or refused."""
    return working_days_after(submitted_on, DAYS_TO_ACCEPT)


def state(submitted_on: date, done: Sequence[Done], *, on: date) -> State:
    """Return where an application stands on a day; silence beyond the five days has accepted it."""
    found = State.SUBMITTED
    for each in done:
        if each.on > on:
            break
        found = MOVES.get((_by_silence(found, submitted_on, each.on), each.step), found)
    return _by_silence(found, submitted_on, on)


def silent_before(on: date) -> date:
    """Return the first day whose applications have not been accepted by silence on the day `on`.

    What was received before it counts as accepted where nobody said anything.
    """
    day = on
    while accept_by(day - timedelta(days=1)) >= on:
        day -= timedelta(days=1)
    return day


def accepted_on(submitted_on: date, done: Sequence[Done], *, on: date) -> date | None:
    """Return the day from which the application counts as accepted; None while it does not.

    Who kept silent has accepted it on the day it was received.
    """
    said = [each.on for each in done if each.step is Step.ACCEPT and each.on <= on]
    if said:
        return said[0]
    ended = [each for each in done if each.step in (Step.REFUSE, Step.WITHDRAW) and each.on <= on]
    silent = on > accept_by(submitted_on) and not any(
        each.on <= accept_by(submitted_on) for each in ended
    )
    return submitted_on if silent else None


def decide_by(submitted_on: date, done: Sequence[Done], *, on: date) -> date | None:
    """Return the last day for the decision; None while the application is not accepted."""
    begun = accepted_on(submitted_on, done, on=on)
    return None if begun is None else working_days_after(begun, DAYS_TO_DECIDE)


def _by_silence(found: State, submitted_on: date, on: date) -> State:
    silent = found is State.SUBMITTED and on > accept_by(submitted_on)
    return State.ACCEPTED if silent else found
