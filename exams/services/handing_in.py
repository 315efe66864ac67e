"""Handing in many attempts at once: eleven o'clock (同时交卷).

`exams.services.attempts.submit` hands in one attempt; this hands in all that wait for the same
commit, by the same rules, in seven statements for any number: the attempts, what counts, and five
that write outcomes, states and the audit; one more where somebody repeats. Other parts are told by
the background work within a second or two, so that the worst minute does not pay for certificates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from exams import moving
from exams.errors import AlreadyVoided, AnotherDevice
from exams.lifecycle import State
from exams.services import endings, forms, marks
from exams.services.endings import Ended, Verdict
from server.audit import services as audit
from server.audit.chain import Content
from server.errors import DomainError, NotFound


class Wish(NamedTuple):
    """An attempt to hand in."""

    attempt_id: UUID
    candidate_id: UUID
    #: The number that the phone made for itself.
    device_id: UUID
    #: The moment of arrival.
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where the attempt stands now, as its candidate sees it."""

    attempt: Ended
    held_count: int
    question_count: int
    #: None until it is released.
    outcome: Verdict | None


def store(connection: Connection, wishes: Sequence[Wish]) -> list[Standing | DomainError]:
    """Hand in and grade what waits; return what became of each wish, in their order.

    Repeating it changes nothing and shows the same outcome.
    """
    ids = {wish.attempt_id for wish in wishes}
    attempts = endings.attempts(connection, ids)
    over = [one.id for one in attempts.values() if one.state is not State.IN_PROGRESS]
    verdicts = endings.verdicts(connection, over) if over else {}
    chosen = endings.chosen(connection, list(attempts)) if attempts else {}
    new: list[Verdict] = []
    replies: list[Standing | DomainError] = []
    for wish in wishes:
        attempt = attempts.get(wish.attempt_id)
        refusal = _refusal(wish, attempt)
        if attempt is None or refusal is not None:
            replies.append(refusal or NotFound())
            continue
        counting = chosen.get(attempt.id, {})
        if attempt.state is State.IN_PROGRESS:
            verdict = _verdict(connection, attempt, counting, wish.at)
            attempt = attempt._replace(state=State.GRADED, submitted_at=wish.at)
            attempts[attempt.id], verdicts[attempt.id] = attempt, verdict
            new.append(verdict)
        replies.append(_standing(connection, attempt, counting, verdicts.get(attempt.id), wish.at))
    if new:
        endings.write(connection, new)
        audit.chain_onto(connection, [_told(one) for one in new])
    return replies


def _refusal(wish: Wish, attempt: Ended | None) -> DomainError | None:
    if attempt is None or attempt.candidate_id != wish.candidate_id:
        return NotFound()
    if attempt.state is State.VOIDED:
        return AlreadyVoided()
    going_on = attempt.state is State.IN_PROGRESS and wish.at <= attempt.deadline_at
    if going_on and moving.is_anothers(attempt.device_id, wish.device_id):
        return AnotherDevice(epoch=attempt.epoch)
    return None


def _verdict(
    connection: Connection, attempt: Ended, counting: dict[int, int], at: datetime
) -> Verdict:
    sheet = marks.sheet(connection, attempt.paper_id)
    total = sheet.grade(counting)
    return Verdict(
        attempt_id=attempt.id,
        score=str(total.score),
        max_score=str(total.max_score),
        passed=total.passed,
        graded_at=at,
        released_at=max(at, sheet.release_at or at),
    )


def _standing(
    connection: Connection,
    attempt: Ended,
    counting: dict[int, int],
    verdict: Verdict | None,
    at: datetime,
) -> Standing:
    return Standing(
        attempt=attempt,
        held_count=len(counting),
        question_count=len(forms.form(connection, attempt.paper_id).places),
        outcome=None if verdict is None or verdict.released_at > at else verdict,
    )


def _told(verdict: Verdict) -> Content:
    return Content(
        at=verdict.graded_at,
        action="attempt_graded",
        account_id=None,
        person_id=None,
        address=None,
        subject_kind="attempt",
        subject_id=verdict.attempt_id,
        organisation_path=None,
        region_path=None,
        before=None,
        after={
            "score": verdict.score,
            "max_score": verdict.max_score,
            "passed": verdict.passed,
            "closed": False,
        },
        reason=None,
    )
