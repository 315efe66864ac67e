"""The rows that starting reads and adds, for any number of phones in three statements (开考行)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from exams import timing
from exams.lifecycle import State
from exams.rooms import Delay
from server.plain_sql import Insertion, Spelling, Statement, spelling


class Begun(NamedTuple):
    """An attempt that was started, now or before."""

    id: UUID
    enrolment_id: UUID
    exam_id: UUID
    candidate_id: UUID
    paper_id: UUID
    epoch: int
    #: As hexadecimal digits.
    seed: str
    started_at: datetime
    deadline_at: datetime
    grace_seconds: int
    state: State
    paused_at: datetime | None
    #: The phone that may write; None where the attempt began before that was kept.
    device_id: UUID | None

    def is_over(self, at: datetime) -> bool:
        """Say whether it was handed in, was voided, or has no time left."""
        grace = timedelta(seconds=self.grace_seconds)
        up = timing.is_up(self.deadline_at, at=at, grace=grace)
        return self.state is not State.IN_PROGRESS or up


class Room(NamedTuple):
    """Where the room of a place stands."""

    signal_at: datetime | None
    paused_at: datetime | None
    shift_seconds: int

    @property
    def delay(self) -> Delay:
        """What puts off the hours of the exam here."""
        return Delay(signal_at=self.signal_at, shift_seconds=self.shift_seconds)


class Place(NamedTuple):
    """A candidate's place in an exam, as a start needs it."""

    exam_id: UUID
    candidate_id: UUID
    paper_id: UUID | None
    withdrawn_at: datetime | None
    hindrances: list[str]
    room: Room | None
    #: What the place still waits for; None for nothing.
    awaits: str | None


# Locked in the order of their ids, until the attempts are written.
_PLACES = Statement(
    sqlite="""
        SELECT json_group_array(json_array(
            e.id, e.exam_id, e.candidate_id, e.paper_id, e.withdrawn_at, json(e.hindrances),
            r.exam_id IS NULL, r.signal_at, r.paused_at, r.shift_seconds, e.awaits))
        FROM json_each(?) asked CROSS JOIN enrolment e ON e.id = asked.value
        LEFT JOIN exam_room r ON r.exam_id = e.exam_id AND r.room = e.room
    """,
    postgresql="""
        SELECT json_agg(json_build_array(
            p.id, p.exam_id, p.candidate_id, p.paper_id, p.withdrawn_at, p.hindrances,
            p.roomless, p.signal_at, p.paused_at, p.shift_seconds, p.awaits))::text
        FROM (
            SELECT e.*, r.exam_id IS NULL AS roomless, r.signal_at, r.paused_at, r.shift_seconds
            FROM enrolment e LEFT JOIN exam_room r ON r.exam_id = e.exam_id AND r.room = e.room
            WHERE e.id = ANY(%s::uuid[]) ORDER BY e.id FOR UPDATE OF e) p
    """,
)

_FIELDS = "id, enrolment_id, exam_id, candidate_id, paper_id, epoch, seed, started_at, deadline_at"

_KNOWN = Statement(
    sqlite=f"""
        SELECT json_group_array(json_array({_FIELDS}, grace_seconds, state, paused_at, device_id))
        FROM attempt WHERE id IN (SELECT value FROM json_each(?))
        OR enrolment_id IN (SELECT value FROM json_each(?))
    """,  # noqa: S608  # fixed names of columns
    postgresql=f"""
        SELECT json_agg(json_build_array(
            {_FIELDS}, grace_seconds, state, paused_at, device_id))::text
        FROM attempt WHERE id = ANY(%s::uuid[]) OR enrolment_id = ANY(%s::uuid[])
    """,  # noqa: S608  # fixed names of columns
)

_BEGIN = Insertion(
    "attempt",
    {
        "id": "uuid",
        "enrolment_id": "uuid",
        "exam_id": "uuid",
        "candidate_id": "uuid",
        "paper_id": "uuid",
        "epoch": "integer",
        "seed": "text",
        "started_at": "timestamptz",
        "deadline_at": "timestamptz",
        "grace_seconds": "integer",
        "state": "text",
        "device_id": "uuid",
        "extra_seconds": "integer",
        "room_seconds": "integer",
        "closed": "boolean",
        "counts": "boolean",
    },
)

#: How every attempt begins: nothing granted, not closed by the platform, counting.
_FRESH = (0, 0, False, True)


def places(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, Place]:
    """Return the places that exist, locked until the transaction ends."""
    spelt = spelling(connection)
    rows = _PLACES.run(connection, spelt.ids_in(ids))
    return {
        UUID(enrolment_id): Place(
            spelt.id_out(exam_id),
            UUID(candidate_id),
            None if paper_id is None else spelt.id_out(paper_id),
            spelt.maybe(withdrawn_at),
            hindrances,
            None if roomless else Room(spelt.maybe(signal), spelt.maybe(pause), shift),
            awaits,
        )
        for (
            enrolment_id,
            exam_id,
            candidate_id,
            paper_id,
            withdrawn_at,
            hindrances,
            roomless,
            signal,
            pause,
            shift,
            awaits,
        ) in rows
    }


def known(
    connection: Connection, attempt_ids: Iterable[UUID], enrolment_ids: Iterable[UUID]
) -> list[Begun]:
    """Return the attempts that have one of these ids, or are of one of these places."""
    spelt = spelling(connection)
    rows = _KNOWN.run(connection, spelt.ids_in(attempt_ids), spelt.ids_in(enrolment_ids))
    return [_begun(spelt, *row) for row in rows]


def begin(connection: Connection, new: Sequence[Begun]) -> None:
    """Add attempts."""
    spelt = spelling(connection)
    _BEGIN.write(connection, [_row(spelt, one) for one in new])


def _begun(spelt: Spelling, *row: Any) -> Begun:
    attempt_id, enrolment_id, exam_id, candidate_id, paper_id, *rest = row
    epoch, seed, started_at, deadline_at, grace_seconds, state, paused_at, device_id = rest
    return Begun(
        UUID(attempt_id),
        UUID(enrolment_id),
        spelt.id_out(exam_id),
        UUID(candidate_id),
        spelt.id_out(paper_id),
        epoch,
        seed,
        spelt.moment_out(started_at),
        spelt.moment_out(deadline_at),
        grace_seconds,
        State(state),
        spelt.maybe(paused_at),
        None if device_id is None else UUID(device_id),
    )


def _row(spelt: Spelling, begun: Begun) -> tuple[Any, ...]:
    return (
        *[thing.hex for thing in begun[:5]],
        begun.epoch,
        begun.seed,
        spelt.moment_in(begun.started_at),
        spelt.moment_in(begun.deadline_at),
        begun.grace_seconds,
        begun.state.value,
        None if begun.device_id is None else begun.device_id.hex,
        *_FRESH,
    )
