"""The rows that handing in reads and writes, for any number of attempts at once (交卷行)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from exams.lifecycle import State
from server.plain_sql import Insertion, Spelling, Statement, spelling


class Ended(NamedTuple):
    """What handing in must know of an attempt, and what its candidate is shown of it."""

    id: UUID
    enrolment_id: UUID
    exam_id: UUID
    candidate_id: UUID
    paper_id: UUID
    epoch: int
    state: State
    started_at: datetime
    deadline_at: datetime
    submitted_at: datetime | None
    paused_at: datetime | None
    #: The phone that may write; None where the attempt began before that was kept.
    device_id: UUID | None


class Verdict(NamedTuple):
    """An outcome: exact fractions as text."""

    attempt_id: UUID
    score: str
    max_score: str
    passed: bool
    graded_at: datetime
    released_at: datetime


class Looked(NamedTuple):
    """An attempt that somebody looks at."""

    attempt: Ended
    #: None where nothing was graded yet.
    verdict: Verdict | None
    #: In how many slots its words say something that counts.
    held_count: int
    #: Whether its words are in an archive, and its sheet says what counted.
    is_archived: bool


_FIELDS = (
    "a.id, a.enrolment_id, a.exam_id, a.candidate_id, a.paper_id, a.epoch, a.state, "
    "a.started_at, a.deadline_at, a.submitted_at, a.paused_at, a.device_id"
)

# Locked in the order of their ids, until the transaction ends.
_ATTEMPTS = Statement(
    sqlite=f"""
        SELECT json_group_array(json_array({_FIELDS}))
        FROM json_each(?) asked CROSS JOIN attempt a ON a.id = asked.value
    """,  # noqa: S608  # fixed names of columns
    postgresql=f"""
        SELECT json_agg(json_build_array({_FIELDS}))::text FROM (
            SELECT * FROM attempt WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE) a
    """,  # noqa: S608  # fixed names of columns
)

_HELD = (
    "(SELECT count(DISTINCT e.slot) FROM response_entry e WHERE e.attempt_id = a.id AND NOT e.late)"
)
_OUTCOME = "o.score, o.max_score, o.passed, o.graded_at, o.released_at"

_LOOKED_AT = Statement(
    sqlite=f"""
        SELECT json_group_array(json_array(
            {_HELD}, a.archive_id IS NOT NULL, {_OUTCOME}, {_FIELDS}))
        FROM json_each(?) asked CROSS JOIN attempt a ON a.id = asked.value
        LEFT JOIN outcome o ON o.attempt_id = a.id
    """,  # noqa: S608  # fixed names of columns
    postgresql=f"""
        SELECT json_agg(json_build_array(
            {_HELD}, a.archive_id IS NOT NULL, {_OUTCOME}, {_FIELDS}))::text
        FROM attempt a LEFT JOIN outcome o ON o.attempt_id = a.id
        WHERE a.id = ANY(%s::uuid[])
    """,  # noqa: S608  # fixed names of columns
)

_VERDICTS = Statement(
    sqlite="""
        SELECT json_group_array(json_array(
            o.attempt_id, o.score, o.max_score, o.passed, o.graded_at, o.released_at))
        FROM json_each(?) asked CROSS JOIN outcome o ON o.attempt_id = asked.value
    """,
    postgresql="""
        SELECT json_agg(json_build_array(
            attempt_id, score, max_score, passed, graded_at, released_at))::text
        FROM outcome WHERE attempt_id = ANY(%s::uuid[])
    """,
)

# The order of the key is the order of the rank: of two words for a slot, the later one counts.
_CHOSEN = Statement(
    sqlite="""
        SELECT json_group_array(json_array(asked.value, json((
            SELECT json_group_array(e.slot) FROM (
                SELECT slot FROM response_entry
                WHERE attempt_id = asked.value AND NOT late
                ORDER BY slot, epoch, sequence, chosen) e)), json((
            SELECT json_group_array(e.chosen) FROM (
                SELECT chosen FROM response_entry
                WHERE attempt_id = asked.value AND NOT late
                ORDER BY slot, epoch, sequence, chosen) e))))
        FROM json_each(?) asked
    """,
    postgresql="""
        SELECT json_agg(json_build_array(attempt_id, slots, words))::text FROM (
            SELECT attempt_id, array_agg(slot ORDER BY slot, epoch, sequence, chosen) AS slots,
            array_agg(chosen ORDER BY slot, epoch, sequence, chosen) AS words
            FROM response_entry WHERE attempt_id = ANY(%s::uuid[]) AND NOT late
            GROUP BY attempt_id) held
    """,
)

_OUTCOMES = Insertion(
    "outcome",
    {
        "attempt_id": "uuid",
        "score": "text",
        "max_score": "text",
        "passed": "boolean",
        "graded_at": "timestamptz",
        "released_at": "timestamptz",
    },
)

_STATES = Statement(
    sqlite="""
        UPDATE attempt SET state = 'graded', submitted_at = asked.value ->> 1
        FROM json_each(?) asked WHERE attempt.id = asked.value ->> 0
    """,
    postgresql="""
        UPDATE attempt SET state = 'graded', submitted_at = asked.at
        FROM unnest(%s::uuid[], %s::timestamptz[]) AS asked (id, at) WHERE attempt.id = asked.id
    """,
)


def attempts(connection: Connection, ids: Collection[UUID]) -> dict[UUID, Ended]:
    """Return the attempts that exist, locked until the transaction ends."""
    spelt = spelling(connection)
    found = [_ended(spelt, *row) for row in _ATTEMPTS.run(connection, spelt.ids_in(ids))]
    return {one.id: one for one in found}


def verdicts(connection: Connection, ids: Collection[UUID]) -> dict[UUID, Verdict]:
    """Return the outcomes that there are."""
    spelt = spelling(connection)
    rows = _VERDICTS.run(connection, spelt.ids_in(ids))
    found = [_verdict(spelt, UUID(attempt_id), *row) for attempt_id, *row in rows]
    return {one.attempt_id: one for one in found}


def looked_at(connection: Connection, ids: Collection[UUID]) -> dict[UUID, Looked]:
    """Return the attempts that exist with their outcomes, and lock nothing."""
    spelt = spelling(connection)
    found = [_looked(spelt, *row) for row in _LOOKED_AT.run(connection, spelt.ids_in(ids))]
    return {one.attempt.id: one for one in found}


def chosen(connection: Connection, ids: Collection[UUID]) -> dict[UUID, dict[int, int]]:
    """Return the chosen bits that count by slot, of each attempt that holds any."""
    spelt = spelling(connection)
    return {
        UUID(attempt_id): dict(zip(slots, masks, strict=True))
        for attempt_id, slots, masks in _CHOSEN.run(connection, spelt.ids_in(ids))
    }


def write(connection: Connection, new: Sequence[Verdict]) -> None:
    """Add outcomes, and mark their attempts as handed in and graded."""
    spelt = spelling(connection)
    rows = [
        (
            one.attempt_id.hex,
            one.score,
            one.max_score,
            one.passed,
            spelt.moment_in(one.graded_at),
            spelt.moment_in(one.released_at),
        )
        for one in new
    ]
    _OUTCOMES.write(connection, rows)
    _STATES.write(connection, [(row[0], row[4]) for row in rows])


def _ended(spelt: Spelling, *row: Any) -> Ended:
    attempt_id, enrolment_id, exam_id, candidate_id, paper_id, epoch, state, *moments = row
    started_at, deadline_at, submitted_at, paused_at, device_id = moments
    return Ended(
        UUID(attempt_id),
        UUID(enrolment_id),
        spelt.id_out(exam_id),
        UUID(candidate_id),
        spelt.id_out(paper_id),
        epoch,
        State(state),
        spelt.moment_out(started_at),
        spelt.moment_out(deadline_at),
        spelt.maybe(submitted_at),
        spelt.maybe(paused_at),
        None if device_id is None else UUID(device_id),
    )


def _verdict(
    spelt: Spelling,
    attempt_id: UUID,
    score: str,
    max_score: str,
    passed: bool | int,
    graded_at: str,
    released_at: str,
) -> Verdict:
    moments = spelt.moment_out(graded_at), spelt.moment_out(released_at)
    return Verdict(attempt_id, score, max_score, bool(passed), *moments)


def _looked(spelt: Spelling, held_count: int, is_archived: bool | int, *row: Any) -> Looked:
    outcome, fields = row[:5], row[5:]
    attempt = _ended(spelt, *fields)
    verdict = None if outcome[0] is None else _verdict(spelt, attempt.id, *outcome)
    return Looked(attempt, verdict, held_count, bool(is_archived))
