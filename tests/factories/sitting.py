"""What a candidate does in an attempt: start, answer from slot 1 on, hand in."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from exams.models import Attempt, Enrolment, Outcome
from exams.services import attempts, forms, intake
from exams.services.attempts import Started
from exams.services.intake import Batch
from server.db import db
from tests.factories.phones import PHONE
from tests.moments import NOON

HOUR = timedelta(hours=1)


def start(
    enrolment: Enrolment,
    *,
    attempt_id: UUID | None = None,
    candidate_id: UUID | None = None,
    seed: bytes = bytes(16),
    at: datetime = NOON,
) -> Started:
    """Start an attempt."""
    return attempts.start(
        attempt_id or uuid4(),
        enrolment_id=enrolment.id,
        candidate_id=candidate_id or enrolment.candidate_id,
        device_id=PHONE,
        seed=seed,
        at=at,
    )


def answer(
    attempt: Attempt, *, right: int, wrong: int = 0, at: datetime = NOON, sequence: int = 1
) -> None:
    """Store so many right and wrong responses, from slot 1 on."""
    sheet = forms.key_sheet(db.session.connection(), attempt.paper_id)
    entries = []
    for place in sheet[: right + wrong]:
        key = sorted("ABCDEFGHIJ".index(label) for label in place.key)
        chosen = key if place.slot <= right else [1 - key[0]] if key[0] < 2 else [0]
        entries.append({"slot": place.slot, "chosen": chosen, "sequence": sequence})
    batch = Batch(
        attempt_id=attempt.id,
        candidate_id=attempt.candidate_id,
        device_id=attempt.device_id or PHONE,
        epoch=1,
        entries=entries,
        at=at,
    )
    intake.store(db.session.connection(), [batch])


def submit(attempt: Attempt, *, at: datetime = NOON + HOUR) -> Attempt:
    """Hand an attempt in."""
    return attempts.submit(
        attempt.id,
        candidate_id=attempt.candidate_id,
        device_id=attempt.device_id or PHONE,
        at=at,
    )


def outcome(attempt: Attempt) -> Outcome:
    """Return the outcome that an attempt has by now."""
    assert attempt.outcome is not None
    return attempt.outcome
