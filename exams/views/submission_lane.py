"""Eleven o'clock, in front of the framework: hand-ins that share a commit (交卷快速通道)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from exams import dice, timing
from exams.services import handing_in
from exams.services.handing_in import Standing, Wish
from exams.views.guarding import of_the_present
from server.auth.services.presence import Present
from server.errors import DomainError
from server.group_commit import Store
from server.lanes import Lane
from server.tokens import Claims


class Words(NamedTuple):
    """Whose attempt is meant, where there is no more to say, and the token that was shown."""

    claims: Claims
    attempt_id: UUID
    at: datetime


def store(connection: Connection, waiting: Sequence[Words]) -> list[Standing | DomainError]:
    """Hand in and grade, where devices are signed in."""
    return of_the_present(connection, waiting, _wish, handing_in.store)


#: Last in its transaction: it locks the end of the audit's chain, for as short as can be.
STORE: Store[Words, Standing] = Store("submissions", store, last=True)


def shown(standing: Standing, *, at: datetime) -> dict[str, Any]:
    """Return where an attempt stands as the schema `StandingOut` shows it."""
    attempt, outcome = standing.attempt, standing.outcome
    pulse = timing.pulse(attempt.deadline_at, at=at, share=dice.share(attempt.id, at))
    return {
        "now": pulse.now.isoformat(),
        "deadline_at": pulse.deadline_at.isoformat(),
        "next_call_in": pulse.next_call_in,
        "id": str(attempt.id),
        "enrolment_id": str(attempt.enrolment_id),
        "exam_id": str(attempt.exam_id),
        "paper_id": str(attempt.paper_id),
        "epoch": attempt.epoch,
        "state": attempt.state,
        "started_at": attempt.started_at.isoformat(),
        "paused_at": attempt.paused_at and attempt.paused_at.isoformat(),
        "submitted_at": attempt.submitted_at and attempt.submitted_at.isoformat(),
        "held_count": standing.held_count,
        "question_count": standing.question_count,
        "outcome": outcome
        and {
            "score": outcome.score,
            "max_score": outcome.max_score,
            "passed": outcome.passed,
            "graded_at": outcome.graded_at.isoformat(),
            "released_at": outcome.released_at.isoformat(),
        },
    }


def _wish(words: Words, present: Present) -> Wish:
    return Wish(words.attempt_id, present.person_id, present.device_id, words.at)


#: The address.
LANE = Lane(
    method="PUT",
    prefix="/v1/attempts/",
    suffix="/submission",
    wish=lambda call: Words(call.claims, call.thing_id, call.at),
    store=STORE,
    reply=lambda standing, call: json.dumps(shown(standing, at=call.at)).encode(),
)
