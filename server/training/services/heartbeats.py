"""Heartbeats: time at a lesson as the server saw it, many phones at a time (学习心跳).

A crowd that studies sends one every half minute, so this composes no SQL, makes no ORM object and
sends three statements for any number of waiting heartbeats: the sessions with whose they are, the
sessions as they are now, the sums of the day; a fourth where the time begins or ceases to count.
Heartbeats themselves are not kept. A stretch of time that goes on for one reason stands in its
session (`stretch_from`, `stretch_reason`, `last_at`), and becomes a row of its own when it is over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from server import days
from server.auth.services import presence
from server.errors import DomainError, NotFound, NotSignedIn
from server.training import crediting, study_rules
from server.training.crediting import Presence, Reason, Seen
from server.training.services import beats
from server.training.services.beats import Sitting, Stretch
from server.training.study_errors import HoursNotSeen, SessionOver
from server.training.study_rules import StudyRules


class Beat(NamedTuple):
    """One heartbeat."""

    session_id: UUID
    #: The device that is signed in, and its account, as its token says.
    sid: UUID
    account_id: UUID
    #: Counted by the phone; what came before, or again, changes nothing.
    sequence: int
    presence: Presence
    #: Seconds that the phone thinks it has studied in this session; None says nothing.
    seconds: int | None
    #: The moment of arrival at the server.
    at: datetime


class Standing(NamedTuple):
    """Where a session stands after a heartbeat. It may be shown only after the commit."""

    session_id: UUID
    sequence: int
    reason: Reason
    seen_ms: int
    credited_ms: int
    today_ms: int
    check_due_at: datetime
    at: datetime
    beat_seconds: int


class _Group:
    """What one group of heartbeats changes."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.rules: StudyRules = study_rules.of(on)
        self.moved: dict[str, Sitting] = {}
        self.over: list[Stretch] = []
        self.today: defaultdict[str, int] = defaultdict(int)
        self.by_person: defaultdict[str, list[Sitting]] = defaultdict(list)


def store(connection: Connection, waiting: Sequence[Beat]) -> list[Standing | DomainError]:
    """Judge and keep heartbeats; return where each session stands, in their order.

    Refused one by one: `NotSignedIn` where the device is signed out, `NotFound` where the session
    is another's, `SessionOver`, `HoursNotSeen`.
    """
    at = max([beat.at for beat in waiting])
    group = _Group(days.civil_day(at))
    asked = [(beat.session_id.hex, beat.sid.hex, beat.account_id.hex) for beat in waiting]
    found = beats.sittings(connection, asked, at=at)
    # Two heartbeats of one session speak of the same thing.
    known: dict[str, Sitting] = {}
    for sitting in found:
        if sitting is not None and known.setdefault(sitting.id, sitting) is sitting:
            group.by_person[sitting.person].append(sitting)
    replies = [
        _missing(connection, beat, at) if sitting is None else _beat(beat, known[sitting.id], group)
        for beat, sitting in zip(waiting, found, strict=True)
    ]
    sums = [(person, group.on, ms) for person, ms in group.today.items() if ms]
    beats.keep(connection, group.moved.values(), group.over, sums)
    return replies


def _missing(connection: Connection, beat: Beat, at: datetime) -> DomainError:
    """Say why a session was not found: nobody is signed in there, or it is not theirs."""
    [who] = presence.people(connection, [beat], at=at)
    return NotSignedIn() if who is None else NotFound()


def _beat(beat: Beat, sitting: Sitting, group: _Group) -> Standing | DomainError:
    if sitting.ended:
        return SessionOver()
    today = sitting.today_ms + group.today[sitting.person]
    seen = Seen(
        sitting.last_at, sitting.started_at, sitting.elsewhere_at, sitting.check_due_at, today
    )
    if beat.seconds is not None and not crediting.is_believable(
        beat.seconds, seen=seen, at=beat.at, rules=group.rules
    ):
        return HoursNotSeen()
    if beat.sequence > sitting.last_sequence and beat.at > sitting.last_at:
        reason = crediting.judge(seen, beat.presence, at=beat.at, rules=group.rules)
        _move(beat, sitting, reason, group)
    return _standing(beat, sitting, group)


def _move(beat: Beat, sitting: Sitting, reason: Reason, group: _Group) -> None:
    span: timedelta = beat.at - sitting.last_at
    ms = crediting.in_ms(span)
    if sitting.stretch_reason != reason.value:
        if sitting.last_at > sitting.stretch_from:
            over = (sitting.id, sitting.stretch_from, sitting.last_at, sitting.stretch_reason)
            group.over.append(over)
        sitting.stretch_from, sitting.stretch_reason = sitting.last_at, reason.value
    sitting.seen_ms += ms
    if reason is Reason.CREDITED:
        sitting.credited_ms += ms
        group.today[sitting.person] += ms
    sitting.last_at, sitting.last_sequence = beat.at, beat.sequence
    group.moved[sitting.id] = sitting
    for other in group.by_person[sitting.person]:
        if other is not sitting:
            other.elsewhere_at = beat.at


def _standing(beat: Beat, sitting: Sitting, group: _Group) -> Standing:
    return Standing(
        beat.session_id,
        sitting.last_sequence,
        Reason(sitting.stretch_reason),
        sitting.seen_ms,
        sitting.credited_ms,
        sitting.today_ms + group.today[sitting.person],
        sitting.check_due_at,
        beat.at,
        group.rules.beat_seconds,
    )
