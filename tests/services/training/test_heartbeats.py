"""Heartbeats: what the server saw, for a crowd in three statements, on either database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from server.auth.models import SignedInDevice
from server.config import Config
from server.db import db
from server.errors import NotFound, NotSignedIn
from server.training import crediting
from server.training.crediting import Presence, Reason
from server.training.kinds import Mode
from server.training.models import StudyDay, StudySession, StudyStretch
from server.training.services import heartbeats, hours
from server.training.services.heartbeats import Beat, Standing
from server.training.study_errors import HoursNotSeen, SessionOver
from tests.databases import Statements
from tests.factories.accounts import sign_in
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


class Crowd:
    """Sessions of twenty learners at one lesson, each with a phone that is signed in."""

    def __init__(self, config: Config) -> None:
        centre = a_centre()
        programme = a_programme(centre)
        of, lesson = a_class(centre, programme, mode=Mode.ONLINE), an_online_lesson(programme)
        self.sessions = [
            a_session(a_learner(of, a_person(centre.provider)), lesson) for _ in range(20)
        ]
        self.phones = {
            one.person_id: sign_in(
                person_id=one.person_id,
                organisation_id=None,
                region_id=None,
                config=config,
                at=NOON,
            )
            for one in self.sessions
        }

    def beat(
        self,
        session: StudySession,
        sequence: int,
        *,
        at: datetime | None = None,
        presence: Presence = Presence.ACTIVE,
        seconds: int | None = None,
        by: StudySession | None = None,
    ) -> Beat:
        """Return the heartbeat of a session's own phone, or of another's."""
        phone = self.phones[(by or session).person_id]
        at = at or NOON + HALF_A_MINUTE * sequence
        return Beat(session.id, phone.device_id, phone.account_id, sequence, presence, seconds, at)


@pytest.fixture
def crowd(inside: Flask, config: Config) -> Crowd:
    return Crowd(config)


def send(*beats: Beat) -> list[Standing]:
    replies = heartbeats.store(db.session.connection(), beats)
    db.session.expire_all()
    return [one for one in replies if isinstance(one, Standing)]


def stretches(session: StudySession) -> list[tuple[str, int]]:
    """Return the stretches that are over, and the one that stands in the session."""
    statement = select(StudyStretch.reason, StudyStretch.ms).where(
        StudyStretch.session_id == session.id
    )
    rows = db.session.execute(statement.order_by(StudyStretch.from_at))
    last = crediting.in_ms(session.last_at - session.stretch_from)
    return [*((reason, ms) for reason, ms in rows), (session.stretch_reason, last)]


def test_any_number_of_heartbeats_costs_three_statements(
    crowd: Crowd,
    count_statements: Callable[[], AbstractContextManager[Statements]],
) -> None:
    beats = [crowd.beat(session, 1) for session in crowd.sessions]
    connection = db.session.connection()

    with count_statements() as sent:
        replies = heartbeats.store(connection, beats)

    assert len(sent) == 3
    assert all(isinstance(one, Standing) and one.credited_ms == 30_000 for one in replies)


def test_a_stretch_for_one_reason_is_one_row(crowd: Crowd) -> None:
    session = crowd.sessions[0]
    for sequence in range(1, 7):
        presence = Presence.HIDDEN if sequence in (3, 4) else Presence.ACTIVE
        send(crowd.beat(session, sequence, presence=presence))

    seen = [("credited", 60_000), ("page_hidden", 60_000), ("credited", 60_000)]
    assert stretches(session) == seen
    [studied] = hours.of([session.learner_id])[session.learner_id]
    assert studied.hours.by_reason == {Reason.CREDITED: 120_000, Reason.PAGE_HIDDEN: 60_000}
    assert (session.seen_ms, session.credited_ms, session.last_sequence) == (180_000, 120_000, 6)
    day = db.session.get_one(StudyDay, (session.person_id, NOON.date()))
    assert day.credited_ms == 120_000


def test_again_or_too_late_a_heartbeat_changes_nothing(crowd: Crowd) -> None:
    session = crowd.sessions[0]
    send(crowd.beat(session, 1), crowd.beat(session, 2))

    [again] = send(crowd.beat(session, 1, at=NOON + timedelta(minutes=2)))

    assert (again.credited_ms, again.sequence) == (60_000, 2)
    assert stretches(session) == [("credited", 60_000)]


def test_two_sessions_of_one_person_count_in_neither(crowd: Crowd) -> None:
    first, other = crowd.sessions[:2]
    other.person_id = first.person_id
    db.session.flush()
    shift = timedelta(seconds=15)

    for sequence in range(1, 4):
        at = NOON + HALF_A_MINUTE * sequence
        send(crowd.beat(first, sequence, at=at), crowd.beat(other, sequence, at=at + shift))

    assert first.credited_ms <= 30_000
    assert stretches(first)[-1][0] == Reason.TWO_DEVICES
    assert stretches(other)[-1][0] == Reason.TWO_DEVICES


def test_silence_counts_nothing(crowd: Crowd) -> None:
    [told] = send(crowd.beat(crowd.sessions[0], 1, at=NOON + timedelta(minutes=10)))

    assert (told.reason, told.credited_ms, told.seen_ms) == (Reason.NETWORK_LOST, 0, 600_000)


def test_what_is_not_ones_own_is_over_or_was_not_seen_is_refused(crowd: Crowd) -> None:
    alien, ended, long, good, signed_out = crowd.sessions[:5]
    ended.ended_at = NOON
    device = crowd.phones[signed_out.person_id].device_id
    db.session.get_one(SignedInDevice, device).ended_at = NOON
    db.session.flush()

    replies = heartbeats.store(
        db.session.connection(),
        [
            crowd.beat(alien, 1, by=good),
            crowd.beat(ended, 1),
            crowd.beat(long, 1, seconds=3600),
            crowd.beat(good, 1, seconds=30),
            crowd.beat(signed_out, 1),
        ],
    )

    kinds = [type(one) for one in replies]
    assert kinds == [NotFound, SessionOver, HoursNotSeen, Standing, NotSignedIn]
