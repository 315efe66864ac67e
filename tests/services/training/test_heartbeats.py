"""Heartbeats: what the server saw, for a crowd in four statements, on either database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from server.db import db
from server.errors import NotFound
from server.training.crediting import Presence, Reason
from server.training.kinds import Mode
from server.training.models import StudyDay, StudySession, StudyStretch
from server.training.services import heartbeats
from server.training.services.heartbeats import Beat, Standing
from server.training.study_errors import HoursNotSeen, SessionOver
from tests.databases import Statements
from tests.factories.people import a_person
from tests.factories.training import (
    a_centre,
    a_class,
    a_learner,
    a_programme,
    a_session,
    an_online_lesson,
)
from tests.moments import NOON

HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
def sessions(inside: Flask) -> list[StudySession]:
    """Return sessions of twenty learners at one lesson."""
    centre = a_centre()
    programme = a_programme(centre)
    of, lesson = a_class(centre, programme, mode=Mode.ONLINE), an_online_lesson(programme)
    return [a_session(a_learner(of, a_person(centre.provider)), lesson) for _ in range(20)]


def a_beat(
    session: StudySession,
    sequence: int,
    *,
    at: datetime | None = None,
    presence: Presence = Presence.ACTIVE,
    seconds: int | None = None,
    person_id: UUID | None = None,
) -> Beat:
    at = at or NOON + HALF_A_MINUTE * sequence
    return Beat(session.id, person_id or session.person_id, sequence, presence, seconds, at)


def send(*beats: Beat) -> list[Standing]:
    replies = heartbeats.store(db.session.connection(), beats)
    db.session.expire_all()
    return [one for one in replies if isinstance(one, Standing)]


def stretches(session: StudySession) -> list[tuple[str, int]]:
    statement = select(StudyStretch.reason, StudyStretch.ms).where(
        StudyStretch.session_id == session.id
    )
    rows = db.session.execute(statement.order_by(StudyStretch.from_at))
    return [(reason, ms) for reason, ms in rows]


def test_any_number_of_heartbeats_costs_four_statements(
    sessions: list[StudySession],
    count_statements: Callable[[], AbstractContextManager[Statements]],
) -> None:
    beats = [a_beat(session, 1) for session in sessions]
    connection = db.session.connection()

    with count_statements() as sent:
        replies = heartbeats.store(connection, beats)

    assert len(sent) == 4
    assert all(isinstance(one, Standing) and one.credited_ms == 30_000 for one in replies)


def test_a_stretch_for_one_reason_is_one_row(sessions: list[StudySession]) -> None:
    session = sessions[0]
    for sequence in range(1, 7):
        presence = Presence.HIDDEN if sequence in (3, 4) else Presence.ACTIVE
        send(a_beat(session, sequence, presence=presence))

    assert stretches(session) == [
        ("credited", 60_000),
        ("page_hidden", 60_000),
        ("credited", 60_000),
    ]
    assert (session.seen_ms, session.credited_ms, session.last_sequence) == (180_000, 120_000, 6)
    day = db.session.get_one(StudyDay, (session.person_id, NOON.date()))
    assert day.credited_ms == 120_000


def test_again_or_too_late_a_heartbeat_changes_nothing(sessions: list[StudySession]) -> None:
    session = sessions[0]
    send(a_beat(session, 1), a_beat(session, 2))

    [again] = send(a_beat(session, 1, at=NOON + timedelta(minutes=2)))

    assert (again.credited_ms, again.sequence) == (60_000, 2)
    assert stretches(session) == [("credited", 60_000)]


def test_two_sessions_of_one_person_count_in_neither(sessions: list[StudySession]) -> None:
    first, other = sessions[:2]
    other.person_id = first.person_id
    db.session.flush()
    shift = timedelta(seconds=15)

    for sequence in range(1, 4):
        at = NOON + HALF_A_MINUTE * sequence
        send(a_beat(first, sequence, at=at), a_beat(other, sequence, at=at + shift))

    assert first.credited_ms <= 30_000
    assert stretches(first)[-1][0] == Reason.TWO_DEVICES
    assert stretches(other)[-1][0] == Reason.TWO_DEVICES


def test_silence_counts_nothing(sessions: list[StudySession]) -> None:
    [told] = send(a_beat(sessions[0], 1, at=NOON + timedelta(minutes=10)))

    assert (told.reason, told.credited_ms, told.seen_ms) == (Reason.NETWORK_LOST, 0, 600_000)


def test_what_is_not_ones_own_is_over_or_was_not_seen_is_refused(
    sessions: list[StudySession],
) -> None:
    ended = sessions[1]
    ended.ended_at = NOON
    db.session.flush()

    replies = heartbeats.store(
        db.session.connection(),
        [
            a_beat(sessions[0], 1, person_id=uuid4()),
            a_beat(ended, 1),
            a_beat(sessions[2], 1, seconds=3600),
            a_beat(sessions[3], 1, seconds=30),
        ],
    )

    kinds = [type(one) for one in replies]
    assert kinds == [NotFound, SessionOver, HoursNotSeen, Standing]
