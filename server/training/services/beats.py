"""The rows that heartbeats read and write, for any number of phones in four statements (心跳行)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from server.plain_sql import Digits, Statement, pairs_in, spelling
from server.training.crediting import Reason


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


#: A stretch to be kept: session, beginning, end, reason.
Stretch = tuple[Digits, datetime, datetime, Reason]

# Locked in the order of their ids, so that two groups never wait for each other crosswise. SQLite
# has one writer at a time and needs no lock.
_SITTINGS = Statement(
    sqlite="""
        SELECT json_group_array(json_array(asked.key,
            s.person_id, s.last_at, s.last_sequence, s.started_at, s.seen_ms, s.credited_ms,
            s.check_due_at, s.ended_at, s.stretch_from, s.stretch_reason,
            (SELECT max(o.last_at) FROM study_session o
                WHERE o.person_id = s.person_id AND o.last_at > s.last_at AND o.id <> s.id),
            (SELECT d.credited_ms FROM study_day d
                WHERE d.person_id = s.person_id AND d.day = ?)))
        FROM json_each(?) asked CROSS JOIN study_session s
        ON s.id = asked.value ->> 0 AND s.person_id = asked.value ->> 1
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
            FROM unnest(%s::uuid[], %s::uuid[])
                WITH ORDINALITY AS asked (id, person_id, place)
            JOIN study_session s ON s.id = asked.id AND s.person_id = asked.person_id
            ORDER BY s.id FOR UPDATE OF s) held
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
    connection: Connection, asked: Sequence[tuple[Digits, Digits]], *, on: date
) -> list[Sitting | None]:
    """Return sessions, locked until the transaction ends; None where it is another's, or none.

    Args:
        connection: of the open transaction.
        asked: sessions, each with the person whose it must be.
        on: the day of which it is asked how much counted.
    """
    spelt = spelling(connection)
    found: list[Sitting | None] = [None] * len(asked)
    for row in _SITTINGS.run(connection, on.isoformat(), *pairs_in(connection, asked)):
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
    stretches: Iterable[Stretch],
    days: Iterable[tuple[str, date, int]],
) -> None:
    """Write what a group of heartbeats changed.

    Args:
        connection: of the open transaction.
        moved: the sessions, as they are now.
        stretches: what was prolonged or begun, in any order.
        days: person, day, and the milliseconds that counted there.
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
    if not rows:
        return
    _MOVE.write(connection, sorted(rows))
    lines = {
        (of, moment(begun)): (of, moment(begun), moment(until), reason.value, _ms(begun, until))
        for of, begun, until, reason in stretches
    }
    _KEEP.write(connection, sorted(lines.values()))
    sums = [(person, day.isoformat(), ms) for person, day, ms in days]
    if sums:
        _ADD.write(connection, sorted(sums))


def _ms(begun: datetime, until: datetime) -> int:
    span = until - begun
    return span.days * 86_400_000 + span.seconds * 1000 + span.microseconds // 1000
