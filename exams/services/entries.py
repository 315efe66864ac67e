"""The rows that the intake reads and adds, for any number of phones in three statements (作答行).

Each statement takes all that is asked for in one or two parameters; `server.plain_sql` says why.
Attempts are named by their digits here, for the same reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from exams.lifecycle import State
from exams.sync import Entry
from server.plain_sql import Digits, Insertion, Statement, digits, rows_in, spelling

#: A slot of an attempt.
Place = tuple[Digits, int]

#: Epoch, sequence and chosen bits of what counts in a place.
Ranks = dict[Place, tuple[int, int, int]]

#: A row to be added: of which attempt, slot, epoch, sequence, chosen bits, when it came, late.
New = tuple[Digits, int, int, int, int, str, bool]


class Sitting(NamedTuple):
    """What the intake must know of an attempt."""

    paper_id: UUID
    epoch: int
    state: State
    deadline_at: datetime
    grace_seconds: int
    paused_at: datetime | None
    #: The phone that may write; None where the attempt began before that was kept.
    device: Digits | None


# Locked in the order of their ids, so that two groups never wait for each other crosswise. SQLite
# has one writer at a time and needs no lock.
_SITTINGS = Statement(
    sqlite="""
        SELECT json_group_array(json_array(asked.key,
            a.paper_id, a.epoch, a.state, a.deadline_at, a.grace_seconds, a.paused_at,
            a.device_id))
        FROM json_each(?) asked CROSS JOIN attempt a
        ON a.id = asked.value ->> 0 AND a.candidate_id = asked.value ->> 1
    """,
    postgresql="""
        SELECT json_agg(json_build_array(held.place,
            paper_id, epoch, state, deadline_at, grace_seconds, paused_at, device_id))::text
        FROM (
            SELECT asked.place - 1 AS place, a.*
            FROM unnest(%s::uuid[], %s::uuid[])
                WITH ORDINALITY AS asked (id, candidate_id, place)
            JOIN attempt a ON a.id = asked.id AND a.candidate_id = asked.candidate_id
            ORDER BY a.id FOR SHARE OF a) held
    """,
)

# The key of the table is in the order of the rank, so the entry that counts is the last of its
# slot: one step in the index, however many words came before it.
_HELD = Statement(
    sqlite="""
        SELECT json_group_array(json((
            SELECT json_array(e.epoch, e.sequence, e.chosen) FROM response_entry e
            WHERE e.attempt_id = asked.value ->> 0 AND e.slot = asked.value ->> 1 AND NOT e.late
            ORDER BY e.epoch DESC, e.sequence DESC, e.chosen DESC LIMIT 1)))
        FROM json_each(?) asked
    """,
    postgresql="""
        SELECT json_agg(held.rank ORDER BY asked.place)::text
        FROM unnest(%s::uuid[], %s::smallint[]) WITH ORDINALITY AS asked (attempt_id, slot, place)
        LEFT JOIN LATERAL (
            SELECT json_build_array(e.epoch, e.sequence, e.chosen) AS rank FROM response_entry e
            WHERE e.attempt_id = asked.attempt_id AND e.slot = asked.slot AND NOT e.late
            ORDER BY e.epoch DESC, e.sequence DESC, e.chosen DESC LIMIT 1) held ON true
    """,
)

# What came before, word for word, is the same row.
_KEEP = Insertion(
    "response_entry",
    {
        "attempt_id": "uuid",
        "slot": "smallint",
        "epoch": "smallint",
        "sequence": "integer",
        "chosen": "bigint",
        "received_at": "timestamptz",
        "late": "boolean",
    },
    ending="ON CONFLICT DO NOTHING",
)

_STATES = {state.value: state for state in State}


def sittings(
    connection: Connection, asked: Sequence[tuple[Digits, Digits]]
) -> list[Sitting | None]:
    """Return what is asked for, locked against handing in until the transaction ends.

    Args:
        connection: of the open transaction.
        asked: attempts, each with the candidate whose it must be.

    Returns:
        The attempts in the order asked; None where there is none, or it is another's.
    """
    spelt = spelling(connection)
    id_out, moment_out = spelt.id_out, spelt.moment_out
    found: list[Sitting | None] = [None] * len(asked)
    for row in _SITTINGS.run(connection, *rows_in(connection, asked)):
        place, paper_id, epoch, state, deadline_at, grace, paused_at, device_id = row
        found[place] = Sitting(
            id_out(paper_id),
            epoch,
            _STATES[state],
            moment_out(deadline_at),
            grace,
            None if paused_at is None else moment_out(paused_at),
            None if device_id is None else digits(device_id),
        )
    return found


def held(connection: Connection, places: Sequence[Place]) -> Ranks:
    """Return the rank of what counts in each place; places that hold nothing are left out."""
    ranks = _HELD.run(connection, *rows_in(connection, places))
    return {
        place: tuple(rank) for place, rank in zip(places, ranks, strict=True) if rank is not None
    }


def new(of: Digits, word: Entry, received_at: str, *, late: bool) -> New:
    """Return the row of a word; its moment as the database spells it."""
    return (of, *word, received_at, late)


def keep(connection: Connection, rows: list[New]) -> None:
    """Add entries; one that is there already changes nothing."""
    # In the order of the key: neighbours go to the same page of the table.
    rows.sort()
    _KEEP.write(connection, rows)
