"""The rows that heartbeats read and write, for any number of phones at once (心跳行)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from server import days
from server.plain_sql import Digits, Statement, rows_in, spelling
from server.training import crediting


@dataclass(slots=True)
class Sitting:
    """A session as heartbeats find it, and leave it."""

    id: Digits
    #: As the database writes it: only ever given back to it, and compared.
    person: str
    last_at: datetime
    last_sequence: int
    started_at: datetime
    seen_ms: int
    credited_ms: int
    check_due_at: datetime
    ended: bool
    stretch_from: datetime
    stretch_reason: str
    elsewhere_at: datetime | None
    #: Milliseconds that counted on this day before the group, all lessons together.
    today_ms: int


#: A stretch that is over: session, beginning, end, reason.
Stretch = tuple[Digits, datetime, datetime, str]

#: A session, and what the token of its phone names: the device signed in, and the account.
Asked = tuple[Digits, Digits, Digits]

# Whether the device is still signed in is asked together with the session: heartbeats are further
# apart than an answer of `server.auth.services.presence` is kept, so it would be asked each time.
# Sessions are locked in the order of their ids, so that two groups never wait for each other
# crosswise. SQLite has one writer at a time and needs no lock.
_SITTINGS = Statement(
    sqlite="""
        SELECT json_group_array(json_array(asked.key,
            s.person_id, s.last_at, s.last_sequence, s.started_at, s.seen_ms, s.credited_ms,
            s.check_due_at, s.ended_at, s.stretch_from, s.stretch_reason,
            (SELECT max(o.last_at) FROM study_session o
                WHERE o.person_id = s.person_id AND o.last_at > s.last_at AND o.id <> s.id),
            (SELECT d.credited_ms FROM study_day d
                WHERE d.person_id = s.person_id AND d.day = ?)))
        FROM json_each(?) asked
        CROSS JOIN signed_in_device i ON i.id = asked.value ->> 1
        CROSS JOIN account a ON a.id = i.account_id AND a.id = asked.value ->> 2
        CROSS JOIN study_session s ON s.id = asked.value ->> 0 AND s.person_id = a.person_id
        WHERE i.ended_at IS NULL AND i.expires_at > ? AND a.closed_at IS NULL
    """,
    postgresql="""
        SELECT json_agg(json_build_array(held.place,
            held.person_id, held.last_at, held.last_sequence, held.started_at, held.seen_ms,
            held.credited_ms, held.check_due_at, held.ended_at, held.stretch_from,
            held.stretch_reason,
            (SELECT max(o.last_at) FROM study_session o
                WHERE o.person_id = held.person_id AND o.last_at > held.last_at
                AND o.id <> held.id),
            (SELECT d.credited_ms FROM study_day d
                WHERE d.person_id = held.person_id AND d.day = %s::date)))::text
        FROM (
            SELECT asked.place - 1 AS place, s.*
            FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[])
                WITH ORDINALITY AS asked (id, device_id, account_id, place)
            JOIN signed_in_device i ON i.id = asked.device_id
            JOIN account a ON a.id = i.account_id AND a.id = asked.account_id
            JOIN study_session s ON s.id = asked.id AND s.person_id = a.person_id
            WHERE i.ended_at IS NULL AND i.expires_at > %s AND a.closed_at IS NULL
            ORDER BY s.id FOR NO KEY UPDATE OF s) held
    """,
)

_MOVE = Statement(
    sqlite="""
        UPDATE study_session SET last_at = v.value ->> 1, last_sequence = v.value ->> 2,
            seen_ms = v.value ->> 3, credited_ms = v.value ->> 4,
            stretch_from = v.value ->> 5, stretch_reason = v.value ->> 6
        FROM json_each(?) v WHERE study_session.id = v.value ->> 0
    """,
    postgresql="""
        UPDATE study_session s SET last_at = v.last_at, last_sequence = v.last_sequence,
            seen_ms = v.seen_ms, credited_ms = v.credited_ms,
            stretch_from = v.stretch_from, stretch_reason = v.stretch_reason
        FROM unnest(%s::uuid[], %s::timestamptz[], %s::integer[], %s::bigint[], %s::bigint[],
            %s::timestamptz[], %s::text[])
            AS v (id, last_at, last_sequence, seen_ms, credited_ms, stretch_from, stretch_reason)
        WHERE s.id = v.id
    """,
)

_KEEP = Statement(
    sqlite="""
        INSERT INTO study_stretch (session_id, from_at, until_at, reason, ms)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4
        FROM json_each(?) WHERE true
        ON CONFLICT (session_id, from_at)
        DO UPDATE SET until_at = excluded.until_at, ms = excluded.ms
    """,
    postgresql="""
        INSERT INTO study_stretch (session_id, from_at, until_at, reason, ms)
        SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::text[],
            %s::bigint[])
        ON CONFLICT (session_id, from_at)
        DO UPDATE SET until_at = excluded.until_at, ms = excluded.ms
    """,
)

_ADD = Statement(
    sqlite="""
        INSERT INTO study_day (person_id, day, credited_ms)
        SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true
        ON CONFLICT (person_id, day)
        DO UPDATE SET credited_ms = study_day.credited_ms + excluded.credited_ms
    """,
    postgresql="""
        INSERT INTO study_day (person_id, day, credited_ms)
        SELECT * FROM unnest(%s::uuid[], %s::date[], %s::bigint[])
        ON CONFLICT (person_id, day)
        DO UPDATE SET credited_ms = study_day.credited_ms + excluded.credited_ms
    """,
)


def sittings(
    connection: Connection, asked: Sequence[Asked], *, at: datetime
) -> list[Sitting | None]:
    """Return sessions, locked until the transaction ends.

    Args:
        connection: of the open transaction.
        asked: sessions, each with the device and the account that speak of it.
        at: the moment. None where the device is signed out by then, where the session is
            another's, and where there is none.
    """
    spelt, on = spelling(connection), days.civil_day(at)
    found: list[Sitting | None] = [None] * len(asked)
    values = (on.isoformat(), *rows_in(connection, asked), spelt.moment_in(at))
    for row in _SITTINGS.run(connection, *values):
        place, person, last, sequence, started, seen, credited, due, ended, begun, reason = row[:11]
        found[place] = Sitting(
            id=asked[place][0],
            person=person,
            last_at=spelt.moment_out(last),
            last_sequence=sequence,
            started_at=spelt.moment_out(started),
            seen_ms=seen,
            credited_ms=credited,
            check_due_at=spelt.moment_out(due),
            ended=ended is not None,
            stretch_from=spelt.moment_out(begun),
            stretch_reason=reason,
            elsewhere_at=spelt.maybe(row[11]),
            today_ms=row[12] or 0,
        )
    return found


def keep(
    connection: Connection,
    moved: Iterable[Sitting],
    over: Iterable[Stretch],
    sums: Iterable[tuple[str, date, int]],
) -> None:
    """Write what a group of heartbeats changed.

    Args:
        connection: of the open transaction.
        moved: the sessions, as they are now, each with the stretch that goes on.
        over: the stretches that ended, in any order; mostly none.
        sums: person, day, and the milliseconds that counted there.
    """
    moment = spelling(connection).moment_in
    rows = [
        (
            one.id,
            moment(one.last_at),
            one.last_sequence,
            one.seen_ms,
            one.credited_ms,
            moment(one.stretch_from),
            one.stretch_reason,
        )
        for one in moved
    ]
    if rows:
        _MOVE.write(connection, sorted(rows))
    lines = [
        (of, moment(begun), moment(until), reason, crediting.in_ms(until - begun))
        for of, begun, until, reason in over
    ]
    if lines:
        _KEEP.write(connection, sorted(lines))
    added = [(person, day.isoformat(), ms) for person, day, ms in sums]
    if added:
        _ADD.write(connection, sorted(added))
