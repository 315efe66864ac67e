"""The rows that the intake reads and adds, for any number of phones in three statements (作答行).

Each statement takes all that is asked for in one or two parameters; `server.plain_sql` says why.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from exams.lifecycle import State
from exams.sync import Entry, Rank
from server.plain_sql import Spelling, Statement, spelling

#: A slot of an attempt.
Place = tuple[UUID, int]

#: An entry to be kept: whose attempt it is of, the entry, when it came, whether it was late.
New = tuple[UUID, Entry, datetime, bool]


class Sitting(NamedTuple):
    """What the intake must know of an attempt."""

    candidate_id: UUID
    paper_id: UUID
    epoch: int
    state: State
    deadline_at: datetime
    grace_seconds: int


# In the order of their ids, so that two groups never wait for each other crosswise. SQLite has one
# writer at a time and needs no lock.
_SITTINGS = Statement(
    sqlite="""
        SELECT json_group_array(json_array(
            a.id, a.candidate_id, a.paper_id, a.epoch, a.state, a.deadline_at, a.grace_seconds))
        FROM json_each(?) asked CROSS JOIN attempt a ON a.id = asked.value
    """,
    postgresql="""
        SELECT id, candidate_id, paper_id, epoch, state, deadline_at, grace_seconds
        FROM attempt WHERE id = ANY(%s::uuid[]) ORDER BY id FOR SHARE
    """,
)

# The key of the table is in the order of the rank, so the entry that counts is the last of its
# slot: one step in the index, however many words came before it.
_HELD = Statement(
    sqlite="""
        SELECT json_group_array(json_array(asked.key, e.epoch, e.sequence, e.chosen))
        FROM json_each(?) asked CROSS JOIN response_entry e
        ON e.attempt_id = asked.value ->> 0 AND e.slot = asked.value ->> 1
        AND (e.epoch, e.sequence, e.chosen) = (
            SELECT x.epoch, x.sequence, x.chosen FROM response_entry x
            WHERE x.attempt_id = asked.value ->> 0 AND x.slot = asked.value ->> 1 AND NOT x.late
            ORDER BY x.epoch DESC, x.sequence DESC, x.chosen DESC LIMIT 1)
    """,
    postgresql="""
        SELECT asked.at - 1, e.epoch, e.sequence, e.chosen
        FROM unnest(%s::uuid[], %s::smallint[]) WITH ORDINALITY AS asked (attempt_id, slot, at)
        CROSS JOIN LATERAL (
            SELECT x.epoch, x.sequence, x.chosen FROM response_entry x
            WHERE x.attempt_id = asked.attempt_id AND x.slot = asked.slot AND NOT x.late
            ORDER BY x.epoch DESC, x.sequence DESC, x.chosen DESC LIMIT 1) e
    """,
)

# What came before, word for word, is the same row.
_KEEP = Statement(
    sqlite="""
        INSERT INTO response_entry
        (attempt_id, slot, epoch, sequence, chosen, received_at, late)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
        value ->> 6 FROM json_each(?) WHERE true ON CONFLICT DO NOTHING
    """,
    postgresql="""
        INSERT INTO response_entry
        (attempt_id, slot, epoch, sequence, chosen, received_at, late)
        SELECT * FROM unnest(%s::uuid[], %s::smallint[], %s::smallint[], %s::integer[],
        %s::bigint[], %s::timestamptz[], %s::boolean[]) ON CONFLICT DO NOTHING
    """,
)

_STATES = {state.value: state for state in State}


def sittings(connection: Connection, ids: Collection[UUID]) -> dict[UUID, Sitting]:
    """Return the attempts that exist, locked against handing in until the transaction ends."""
    spelt = spelling(connection)
    rows = _SITTINGS.run(connection, spelt.ids_in(ids))
    return {
        spelt.id_out(attempt_id): Sitting(
            spelt.id_out(candidate_id),
            spelt.id_out(paper_id),
            epoch,
            _STATES[state],
            spelt.moment_out(deadline_at),
            grace_seconds,
        )
        for attempt_id, candidate_id, paper_id, epoch, state, deadline_at, grace_seconds in rows
    }


def held(connection: Connection, places: Iterable[Place]) -> dict[Place, Rank]:
    """Return the rank of what counts in each place; places that hold nothing are left out."""
    asked = list(places)
    if connection.dialect.name == "sqlite":
        rows = _HELD.run(connection, json.dumps([(of.hex, slot) for of, slot in asked]))
    else:
        rows = _HELD.run(connection, [of for of, _ in asked], [slot for _, slot in asked])
    return {asked[number]: Rank(*rank) for number, *rank in rows}


def keep(connection: Connection, new: Sequence[New]) -> None:
    """Add entries; one that is there already changes nothing."""
    spelt = spelling(connection)
    # In the order of the key: neighbours go to the same page of the table.
    rows = sorted(_row(spelt, *one) for one in new)
    _KEEP.write(connection, rows)


def _row(
    spelt: Spelling, attempt_id: UUID, entry: Entry, received_at: datetime, late: bool
) -> tuple[object, ...]:
    return (
        spelt.id_in(attempt_id),
        entry.slot,
        entry.epoch,
        entry.sequence,
        entry.chosen,
        spelt.moment_in(received_at),
        late,
    )
