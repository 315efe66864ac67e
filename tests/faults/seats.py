"""Candidates who sit in an exam, each with an attempt that goes on and a token of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from exams.models import Attempt
from exams.services import attempts
from server import secrets
from server.config import Config
from server.db import db, transaction
from server.policy import Role
from server.regions.models import Region
from tests.factories import exams as a
from tests.factories.accounts import sign_in
from tests.factories.certificates import an_issuer

Writing = Callable[[], AbstractContextManager[None]]

#: Slots that are true or false, where option 0 is right: the first of the factories' paper.
SLOTS = range(1, 61)


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One candidate in the midst of an attempt, or about to start it."""

    attempt_id: UUID
    candidate_id: UUID
    enrolment_id: UUID
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What the phone shows."""
        return {"Authorization": f"Bearer {self.token}"}


def taken(
    writing: Writing,
    config: Config,
    count: int,
    *,
    lasts: timedelta = timedelta(hours=2),
    at: datetime | None = None,
    begun: bool = True,
    **exam: Any,
) -> list[Seat]:
    """Store an exam that goes on, and so many candidates who have begun.

    Args:
        writing: opens a transaction.
        config: whose secrets sign the tokens, which outlive every test.
        count: how many candidates.
        lasts: from now to the deadline of every attempt.
        at: now, on the clock of the server that will be asked.
        begun: whether they have started; else the attempt's id is the one to start it under.
        exam: what else is special about the exam.
    """
    at = at or datetime.now(UTC)
    patient = config.replaced(access_token_lifetime=timedelta(hours=12))
    with writing():
        opens_at, closes_at = at - timedelta(hours=1), at + timedelta(hours=9)
        scene = a.an_exam(opens_at=opens_at, closes_at=closes_at, **exam)
        region = db.session.get_one(Region, scene.centre.region_id)
        an_issuer(region, code=f"{region.id.int % 1_000_000:06}")
        seats = [_take(scene, patient, at=at) for _ in range(count)]
        for seat in seats if begun else ():
            _begin(seat, at=at).deadline_at = at + lasts
        return seats


def _begin(seat: Seat, *, at: datetime) -> Attempt:
    return attempts.start(
        seat.attempt_id,
        enrolment_id=seat.enrolment_id,
        candidate_id=seat.candidate_id,
        device_id=a.PHONE,
        seed=bytes(16),
        at=at,
    ).attempt


def _take(scene: a.Scene, config: Config, *, at: datetime) -> Seat:
    candidate = a.an_electrician()
    enrolment = a.an_enrolment(scene, candidate)
    somebody = sign_in(
        Role.WORKER,
        person_id=candidate.id,
        organisation_id=None,
        region_id=None,
        config=config,
        at=at - timedelta(hours=2),
    )
    token = somebody.headers["Authorization"].removeprefix("Bearer ")
    return Seat(
        attempt_id=uuid4(), candidate_id=candidate.id, enrolment_id=enrolment.id, token=token
    )


def writing_to(app: Flask) -> Writing:
    """Return how transactions are opened in an application."""

    @contextmanager
    def write() -> Iterator[None]:
        with app.app_context(), transaction():
            yield

    return write


def settings_of(config: Config) -> Mapping[str, str]:
    """Return the environment under which a server process takes the tokens of these seats."""
    return {
        "TOKEN_SECRET": secrets.encode(config.token_secret),
        "ENCRYPTION_KEY": secrets.encode(config.encryption_key),
        "INDEX_KEY": secrets.encode(config.index_key),
        "DEMONSTRATION": "false",
        "THREADS": "16",
    }
