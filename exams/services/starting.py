"""Starting many attempts at once: nine o'clock (同时开考).

`exams.services.attempts.start` starts one attempt; this starts all that wait for the same commit,
by the same rules, in three statements: the places with their rooms, attempts that exist already,
and one insert. What an exam promises is fixed when it is published, so its hours are read once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select

from exams import timing
from exams.errors import AlreadyStarted, ExamNotPublished
from exams.lifecycle import State
from exams.models import Exam, ExamStandard
from exams.rooms import StartMode
from exams.services import beginnings, entrance, forms, packages
from exams.services.beginnings import Begun, Place
from exams.services.packages import Opened
from exams.services.shelves import Shelf
from exams.timing import Window
from server.errors import DomainError, IdTaken, NotFound


class Wish(NamedTuple):
    """A start that waits."""

    attempt_id: UUID
    enrolment_id: UUID
    candidate_id: UUID
    #: The number that the phone made for itself: it alone writes, until the attempt moves.
    device_id: UUID
    #: 16 bytes of secret chance for the candidate's order, used by the first start only.
    seed: bytes
    #: The moment of arrival.
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Start:
    """What the phone learns from a start; its order is computed outside the transaction."""

    attempt: Begun
    form: forms.Form
    #: None once the attempt is over.
    package: Opened | None


@dataclass(frozen=True, kw_only=True)
class _Promise:
    """What a published exam has promised; it never changes."""

    window: Window
    start_mode: StartMode
    allowed: timedelta
    grace_seconds: int


def store(connection: Connection, wishes: Sequence[Wish]) -> list[Start | DomainError]:
    """Start what may start; return what became of each wish, in their order."""
    enrolment_ids = {wish.enrolment_id for wish in wishes}
    places = beginnings.places(connection, enrolment_ids)
    known = beginnings.known(connection, {wish.attempt_id for wish in wishes}, enrolment_ids)
    by_id = {one.id: one for one in known}
    by_place = {one.enrolment_id: one for one in known}
    new: list[Begun] = []
    replies: list[Start | DomainError] = []
    for wish in wishes:
        try:
            begun = _again(wish, by_id.get(wish.attempt_id), by_place.get(wish.enrolment_id))
            if begun is None:
                begun = _begin(connection, wish, places.get(wish.enrolment_id))
                by_id[begun.id] = by_place[begun.enrolment_id] = begun
                new.append(begun)
            replies.append(_start(connection, begun, wish.at))
        except DomainError as refusal:
            replies.append(refusal)
    if new:
        beginnings.begin(connection, new)
    return replies


def _again(wish: Wish, same_id: Begun | None, same_place: Begun | None) -> Begun | None:
    """Return the attempt if the place was used by this candidate under this id before."""
    if same_id is not None:
        if same_id.candidate_id != wish.candidate_id:
            raise NotFound
        if same_id.enrolment_id != wish.enrolment_id:
            raise IdTaken
        entrance.check_device(same_id, wish.device_id, going_on=not same_id.is_over(wish.at))
        return same_id
    if same_place is not None:
        if same_place.candidate_id != wish.candidate_id:
            raise NotFound
        raise AlreadyStarted(attempt_id=str(same_place.id))
    return None


def _begin(connection: Connection, wish: Wish, place: Place | None) -> Begun:
    if place is None or place.candidate_id != wish.candidate_id:
        raise NotFound
    entrance.check_accepted(place.withdrawn_at, place.hindrances, place.awaits)
    promise = _PROMISES.take(connection, place.exam_id)
    window = entrance.window_in(promise.window, promise.start_mode, place.room)
    entrance.check_hours(window, allowed=promise.allowed, at=wish.at)
    return Begun(
        id=wish.attempt_id,
        enrolment_id=wish.enrolment_id,
        exam_id=place.exam_id,
        candidate_id=wish.candidate_id,
        paper_id=place.paper_id or forms.of_enrolment(connection, place.exam_id, wish.enrolment_id),
        epoch=1,
        seed=wish.seed.hex(),
        started_at=wish.at,
        deadline_at=timing.deadline(
            started_at=wish.at, allowed=promise.allowed, closes_at=window.closes_at
        ),
        grace_seconds=promise.grace_seconds,
        state=State.IN_PROGRESS,
        paused_at=None,
        device_id=wish.device_id,
    )


def _start(connection: Connection, begun: Begun, at: datetime) -> Start:
    opened = None if begun.is_over(at) else packages.for_start(connection, begun.paper_id)
    return Start(attempt=begun, form=forms.form(connection, begun.paper_id), package=opened)


def _read_promise(connection: Connection, exam_id: UUID) -> _Promise:
    columns = (
        Exam.opens_at,
        Exam.closes_at,
        Exam.latest_start_at,
        Exam.late_starts_lose_time,
        Exam.release_at,
        Exam.start_mode,
        ExamStandard.minutes,
        ExamStandard.grace_seconds,
    )
    row = connection.execute(
        select(*columns)
        .join(ExamStandard, ExamStandard.id == Exam.standard_id)
        .where(Exam.id == exam_id, Exam.published_at.is_not(None))
    ).one_or_none()
    if row is None:
        raise ExamNotPublished
    return _Promise(
        window=Window(
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            latest_start_at=row.latest_start_at,
            late_starts_lose_time=row.late_starts_lose_time,
            release_at=row.release_at,
        ),
        start_mode=row.start_mode,
        allowed=timedelta(minutes=row.minutes),
        grace_seconds=row.grace_seconds,
    )


_PROMISES = Shelf(_read_promise)
