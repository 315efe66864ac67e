"""Intake: the way responses take to the disk, many phones at a time (作答接收).

This is what the platform exists for at its worst minute, so it makes no ORM object and sends three
statements for any number of waiting batches: the attempts, what is held in the slots concerned, and
one insert. Nothing is updated: an entry is a row that is only ever added, so writers of different
phones never wait for one another, and what counts is decided by the rows alone.

`STORE` is what the group commit takes; `store` also runs alone inside any open transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Row, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from exams import dice, sync, timing
from exams.errors import UnknownEpoch
from exams.lifecycle import State
from exams.models import Attempt, ResponseEntry
from exams.services import forms
from exams.sync import Entry, Judged, Rank, Reason
from exams.timing import Pulse
from server.errors import DomainError, NotFound
from server.group_commit import Store

#: Slots asked for in one statement: less than any database allows.
_CHUNK = 5_000


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What one phone sends at once."""

    attempt_id: UUID
    candidate_id: UUID
    epoch: int
    #: As they came: each is read by itself.
    entries: Sequence[object]
    #: The moment of arrival at the server.
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of a batch. It may be shown only after the commit."""

    attempt_id: UUID
    state: State
    epoch: int
    pulse: Pulse
    entries: tuple[Judged, ...]

    @property
    def acknowledged_count(self) -> int:
        """How many entries the phone may forget: all but the refused."""
        return sum(one.verdict is not sync.Verdict.REFUSED for one in self.entries)


#: An attempt's slot, and the rank of what counts in it.
_Held = dict[tuple[UUID, int], Rank]

#: The columns of an attempt that the intake reads.
_Attempt = Row[UUID, UUID, UUID, int, State, datetime, int]
_COLUMNS = (
    Attempt.id,
    Attempt.candidate_id,
    Attempt.paper_id,
    Attempt.epoch,
    Attempt.state,
    Attempt.deadline_at,
    Attempt.grace_seconds,
)


def store(connection: Connection, batches: Sequence[Batch]) -> list[Receipt | DomainError]:
    """Judge and keep what phones sent; return what became of each batch, in their order.

    Every readable entry is kept, whatever its verdict; a bad entry spoils no good one, and a bad
    batch no other. The attempts are locked against handing in until the transaction ends, so that
    nothing is acknowledged which grading does not see.
    """
    attempts = _attempts(connection, {batch.attempt_id for batch in batches})
    read = [_read(connection, batch, attempts.get(batch.attempt_id)) for batch in batches]
    entries = [
        (batch.attempt_id, one.slot)
        for batch, found in zip(batches, read, strict=True)
        if not isinstance(found, DomainError)
        for one in found
        if isinstance(one, Entry)
    ]
    held = _held(connection, entries)
    rows: list[dict[str, object]] = []
    replies: list[Receipt | DomainError] = []
    for batch, found in zip(batches, read, strict=True):
        if isinstance(found, DomainError):
            replies.append(found)
        else:
            replies.append(_judge(batch, attempts[batch.attempt_id], found, held, rows))
    _keep(connection, rows)
    return replies


#: How the group commit stores batches.
STORE: Store[Batch, Receipt] = Store("responses", store)


def counting(connection: Connection, attempt_id: UUID) -> dict[int, Entry]:
    """Return the entry that counts in each slot of an attempt, late ones left aside."""
    columns = (
        ResponseEntry.slot,
        ResponseEntry.chosen,
        ResponseEntry.sequence,
        ResponseEntry.epoch,
    )
    rows = connection.execute(
        select(*columns).where(ResponseEntry.attempt_id == attempt_id, ~ResponseEntry.late)
    )
    return sync.counting(
        Entry(slot=slot, chosen=chosen, sequence=sequence, epoch=epoch)
        for slot, chosen, sequence, epoch in rows
    )


def _attempts(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, _Attempt]:
    # In the order of their ids, so that two groups never wait for each other crosswise.
    statement = select(*_COLUMNS).where(Attempt.id.in_(ids)).order_by(Attempt.id)
    rows = connection.execute(statement.with_for_update(read=True))
    return {row.id: row for row in rows}


def _read(
    connection: Connection, batch: Batch, attempt: _Attempt | None
) -> list[Entry | Judged] | DomainError:
    if attempt is None or attempt.candidate_id != batch.candidate_id:
        return NotFound()
    if not 1 <= batch.epoch <= attempt.epoch:
        return UnknownEpoch(epoch=attempt.epoch)
    slots = forms.form(connection, attempt.paper_id).slots
    return [sync.read(raw, slots, epoch=batch.epoch) for raw in batch.entries]


def _held(connection: Connection, places: Sequence[tuple[UUID, int]]) -> _Held:
    wanted = sorted(set(places))
    held: _Held = {}
    for start in range(0, len(wanted), _CHUNK):
        rows = connection.execute(
            select(
                ResponseEntry.attempt_id,
                ResponseEntry.slot,
                ResponseEntry.epoch,
                ResponseEntry.sequence,
                ResponseEntry.chosen,
            ).where(
                tuple_(ResponseEntry.attempt_id, ResponseEntry.slot).in_(
                    wanted[start : start + _CHUNK]
                ),
                ~ResponseEntry.late,
            )
        )
        for attempt_id, slot, *parts in rows:
            rank = Rank(*parts)
            held[attempt_id, slot] = max(rank, held.get((attempt_id, slot), rank))
    return held


def _judge(
    batch: Batch,
    attempt: _Attempt,
    found: Sequence[Entry | Judged],
    held: _Held,
    rows: list[dict[str, object]],
) -> Receipt:
    """Judge the entries of one batch in their order, and add what is kept to the rows."""
    late = _lateness(attempt, batch.at)
    judged = []
    for one in found:
        if isinstance(one, Judged):
            judged.append(one)
            continue
        place = (batch.attempt_id, one.slot)
        verdict = sync.judge(one, held.get(place), late=late)
        judged.append(verdict)
        if verdict.verdict is sync.Verdict.ACCEPTED and late is None:
            held[place] = one.rank
        rows.append(_row(batch, one, late=late is not None))
    return Receipt(
        attempt_id=batch.attempt_id,
        state=attempt.state,
        epoch=attempt.epoch,
        pulse=timing.pulse(
            attempt.deadline_at, at=batch.at, share=dice.share(batch.attempt_id, batch.at)
        ),
        entries=tuple(judged),
    )


def _lateness(attempt: _Attempt, at: datetime) -> Reason | None:
    """Say why what arrives at `at` no longer counts by itself; None where it does."""
    if attempt.state is State.VOIDED:
        return Reason.VOIDED
    grace = timedelta(seconds=attempt.grace_seconds)
    if timing.is_up(attempt.deadline_at, at=at, grace=grace):
        return Reason.TIME_IS_UP
    return None if attempt.state is State.IN_PROGRESS else Reason.ALREADY_SUBMITTED


def _row(batch: Batch, entry: Entry, *, late: bool) -> dict[str, object]:
    return {
        "attempt_id": batch.attempt_id,
        "slot": entry.slot,
        "epoch": entry.epoch,
        "sequence": entry.sequence,
        "chosen": entry.chosen,
        "received_at": batch.at,
        "late": late,
    }


def _keep(connection: Connection, rows: list[dict[str, object]]) -> None:
    if not rows:
        return
    upsert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(upsert(ResponseEntry).on_conflict_do_nothing(), rows)
