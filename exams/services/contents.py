"""What an attempt that goes on is made of: its paper, and the responses held (答卷内容)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from exams import sync
from exams.errors import AttemptOver
from exams.models import Attempt
from exams.services import attempts, entrance, intake, papers
from exams.services.papers import ShownPaper
from server.db import db


@dataclass(frozen=True, kw_only=True)
class HeldResponse:
    """What counts in one slot."""

    slot: int
    #: Options of the form.
    chosen: list[int]
    sequence: int
    epoch: int


@dataclass(frozen=True, kw_only=True)
class HeldResponses:
    """What the server holds of an attempt that goes on."""

    #: Of the phone that may write.
    epoch: int
    entries: tuple[HeldResponse, ...]


def paper(attempt_id: UUID, *, candidate_id: UUID, device_id: UUID, at: datetime) -> ShownPaper:
    """Return the paper of an attempt while it is begun and not over.

    Raises:
        NotFound: there is none, or it is somebody else's.
        AttemptOver: it was handed in or its time is up; questions are asked again elsewhere.
        AnotherDevice: it goes on with another phone.
    """
    attempt = _going_on(attempt_id, candidate_id, device_id, at)
    return papers.shown(attempt.paper_id)


def held(attempt_id: UUID, *, candidate_id: UUID, device_id: UUID, at: datetime) -> HeldResponses:
    """Return what counts in each slot while the attempt goes on, for a phone that has nothing.

    Raises:
        NotFound: there is none, or it is somebody else's.
        AttemptOver: it was handed in or its time is up.
        AnotherDevice: it goes on with another phone.
    """
    attempt = _going_on(attempt_id, candidate_id, device_id, at)
    counting = intake.counting(db.session.connection(), attempt_id)
    shown = tuple(
        HeldResponse(
            slot=one.slot,
            chosen=sync.options(one.chosen),
            sequence=one.sequence,
            epoch=one.epoch,
        )
        for _, one in sorted(counting.items())
    )
    return HeldResponses(epoch=attempt.epoch, entries=shown)


def _going_on(attempt_id: UUID, candidate_id: UUID, device_id: UUID, at: datetime) -> Attempt:
    attempt = attempts.get(attempt_id, candidate_id=candidate_id)
    if attempts.is_over(attempt, at):
        raise AttemptOver
    entrance.check_device(attempt, device_id, going_on=True)
    return attempt
