"""The rows that the crowded path reads and writes, for any number of phones (竞赛行).

Four statements a group, whatever its size: the entries, one insert, one update, one for the sums.
`server.plain_sql` says why they are written by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from exams.contests.judging import Standing
from server.plain_sql import Digits, Insertion, Statement, rows_in, spelling


class Entered(NamedTuple):
    """What the crowded path must know of an entry."""

    round_id: UUID
    shown_at: datetime
    standing: Standing
    #: Digits of the region and of the employer; the latter may be missing.
    region: Digits
    employer: Digits | None
    #: Whether it was taken out, or its participant left.
    is_out: bool


#: A row to be added: entry, slot, place, chosen, received, elapsed, correct, points.
New = tuple[Digits, int, int, int, str, int, bool, int]

#: An entry that changed: id, responded, open slot, shown since, points, correct, elapsed, shown
#: points, shown order, finished.
Changed = tuple[Digits, int, int, str, int, int, int, int | None, int | None, str | None]

#: What a sum grows by: round, kind, key, people, responses, correct, points.
Growth = tuple[Digits, str, str, int, int, int, int]

_COLUMNS = """
    e.round_id, e.shown_at, e.responded, e.open_slot, e.points, e.correct_count, e.elapsed_ms,
    p.region_id, p.employer_id
"""
_OUT = "e.disqualified_at IS NOT NULL OR p.withdrawn_at IS NOT NULL"

# An entry belongs to the participant of the token. Locked in the order of their ids, so that two
# groups never wait for each other crosswise.
_ENTRIES = Statement(
    sqlite=f"""
        SELECT json_group_array(json_array(asked.key, {_COLUMNS}, {_OUT}))
        FROM json_each(?) asked
        CROSS JOIN contest_entry e ON e.id = asked.value ->> 0
            AND e.participant_id = asked.value ->> 1
        CROSS JOIN contest_participant p ON p.id = e.participant_id
    """,  # noqa: S608  # fixed names
    postgresql=f"""
        SELECT json_agg(held.found)::text FROM (
            SELECT json_build_array(asked.place - 1, {_COLUMNS}, {_OUT}) AS found
            FROM unnest(%s::uuid[], %s::uuid[])
                WITH ORDINALITY AS asked (id, participant_id, place)
            JOIN contest_entry e ON e.id = asked.id AND e.participant_id = asked.participant_id
            JOIN contest_participant p ON p.id = e.participant_id
            ORDER BY e.id FOR UPDATE OF e) held
    """,  # noqa: S608  # fixed names
)

_KEEP = Insertion(
    "contest_response",
    {
        "entry_id": "uuid",
        "slot": "integer",
        "place": "integer",
        "chosen": "integer",
        "received_at": "timestamptz",
        "elapsed_ms": "integer",
        "correct": "boolean",
        "points": "integer",
    },
)

_CHANGE = Statement(
    sqlite="""
        UPDATE contest_entry SET responded = new.value ->> 1, open_slot = new.value ->> 2,
            shown_at = new.value ->> 3, points = new.value ->> 4,
            correct_count = new.value ->> 5, elapsed_ms = new.value ->> 6,
            shown_points = coalesce(new.value ->> 7, shown_points),
            shown_order = coalesce(new.value ->> 8, shown_order),
            finished_at = new.value ->> 9
        FROM json_each(?) new WHERE contest_entry.id = new.value ->> 0
    """,
    postgresql="""
        UPDATE contest_entry SET responded = new.responded, open_slot = new.open_slot,
            shown_at = new.shown_at, points = new.points, correct_count = new.correct_count,
            elapsed_ms = new.elapsed_ms,
            shown_points = coalesce(new.shown_points, contest_entry.shown_points),
            shown_order = coalesce(new.shown_order, contest_entry.shown_order),
            finished_at = new.finished_at
        FROM unnest(%s::uuid[], %s::bigint[], %s::integer[], %s::timestamptz[], %s::integer[],
            %s::integer[], %s::bigint[], %s::integer[], %s::bigint[], %s::timestamptz[])
            AS new (id, responded, open_slot, shown_at, points, correct_count, elapsed_ms,
                shown_points, shown_order, finished_at)
        WHERE contest_entry.id = new.id
    """,
)

_GROW = Insertion(
    "contest_sum",
    {
        "round_id": "uuid",
        "kind": "text",
        "key": "text",
        "people": "integer",
        "responses": "integer",
        "correct": "integer",
        "points": "bigint",
    },
    ending="""
        ON CONFLICT (round_id, kind, key) DO UPDATE SET
            people = contest_sum.people + excluded.people,
            responses = contest_sum.responses + excluded.responses,
            correct = contest_sum.correct + excluded.correct,
            points = contest_sum.points + excluded.points
    """,
)


def entries(connection: Connection, asked: Sequence[tuple[Digits, Digits]]) -> list[Entered | None]:
    """Return entries in the order asked; None where there is none, or it is another's.

    Args:
        connection: of the open transaction, until whose end they are locked.
        asked: entries, each with the participant whose it must be.
    """
    spelt = spelling(connection)
    found: list[Entered | None] = [None] * len(asked)
    for row in _ENTRIES.run(connection, *rows_in(connection, asked)):
        found[row[0]] = Entered(
            round_id=spelt.id_out(row[1]),
            shown_at=spelt.moment_out(row[2]),
            standing=Standing(*row[3:8]),
            region=spelt.id_out(row[8]).hex,
            employer=None if row[9] is None else spelt.id_out(row[9]).hex,
            is_out=bool(row[10]),
        )
    return found


def keep(
    connection: Connection,
    responses: list[New],
    changed: Mapping[Digits, Changed],
    growth: Mapping[tuple[Digits, str, str], Sequence[int]],
) -> None:
    """Add responses, and write what follows from them.

    Sums are grown last and in the order of their keys: all writers want the same few rows.
    """
    responses.sort()
    _KEEP.write(connection, responses)
    _CHANGE.write(connection, [changed[digits] for digits in sorted(changed)])
    grown: list[Growth] = [
        (*key, by[0], by[1], by[2], by[3]) for key, by in sorted(growth.items()) if any(by)
    ]
    if grown:
        _GROW.write(connection, grown)
