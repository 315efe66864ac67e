"""Intake: the way responses take to the disk, many phones at a time (作答接收).

This is what the platform exists for at its worst minute, so it makes no ORM object, composes no
SQL, and sends three statements for any number of waiting batches: the attempts, what is held in
the slots concerned, and one insert. Nothing is updated: an entry is a row that is only ever added,
so writers of different phones never wait for one another, and what counts is decided by the rows
alone.

`STORE` is what the group commit takes; `store` also runs alone inside any open transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, select

from exams import dice, sync, timing
from exams.errors import UnknownEpoch
from exams.lifecycle import State
from exams.models import ResponseEntry
from exams.services import entries, forms
from exams.services.entries import Place, Sitting
from exams.sync import Entry, Judged, Rank, Reason
from exams.timing import Pulse
from server.errors import DomainError, NotFound
from server.group_commit import Store


@dataclass(kw_only=True, slots=True)
class Batch:
    """What one phone sends at once."""

    attempt_id: UUID
    candidate_id: UUID
    epoch: int
    #: As they came: each is read by itself.
    entries: Sequence[object]
    #: The moment of arrival at the server.
    at: datetime


@dataclass(kw_only=True, slots=True)
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


def store(connection: Connection, batches: Sequence[Batch]) -> list[Receipt | DomainError]:
    """Judge and keep what phones sent; return what became of each batch, in their order.

    Every readable entry is kept, whatever its verdict; a bad entry spoils no good one, and a bad
    batch no other. The attempts are locked against handing in until the transaction ends, so that
    nothing is acknowledged which grading does not see.
    """
    sittings = entries.sittings(connection, {batch.attempt_id for batch in batches})
    read = [_read(connection, batch, sittings.get(batch.attempt_id)) for batch in batches]
    places = {
        (batch.attempt_id, one.slot)
        for batch, found in zip(batches, read, strict=True)
        if isinstance(found, list)
        for one in found
        if isinstance(one, Entry)
    }
    held = entries.held(connection, places) if places else {}
    new: list[entries.New] = []
    replies: list[Receipt | DomainError] = []
    for batch, found in zip(batches, read, strict=True):
        if isinstance(found, list):
            replies.append(_judge(batch, sittings[batch.attempt_id], found, held, new))
        else:
            replies.append(found)
    if new:
        entries.keep(connection, new)
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


def _read(
    connection: Connection, batch: Batch, sitting: Sitting | None
) -> list[Entry | Judged] | DomainError:
    if sitting is None or sitting.candidate_id != batch.candidate_id:
        return NotFound()
    if not 1 <= batch.epoch <= sitting.epoch:
        return UnknownEpoch(epoch=sitting.epoch)
    slots = forms.form(connection, sitting.paper_id).slots
    return [sync.read(raw, slots, epoch=batch.epoch) for raw in batch.entries]


def _judge(
    batch: Batch,
    sitting: Sitting,
    found: list[Entry | Judged],
    held: dict[Place, Rank],
    new: list[entries.New],
) -> Receipt:
    """Judge the entries of one batch in their order, and add what is kept to the new rows."""
    late = _lateness(sitting, batch.at)
    judged = []
    for one in found:
        if isinstance(one, Judged):
            judged.append(one)
            continue
        place = (batch.attempt_id, one.slot)
        verdict = sync.judge(one, held.get(place), late=late)
        judged.append(verdict)
        if late is None and verdict.verdict is sync.Verdict.ACCEPTED:
            held[place] = one.rank
        new.append((batch.attempt_id, one, batch.at, late is not None))
    return Receipt(
        attempt_id=batch.attempt_id,
        state=sitting.state,
        epoch=sitting.epoch,
        pulse=timing.pulse(
            sitting.deadline_at, at=batch.at, share=dice.share(batch.attempt_id, batch.at)
        ),
        entries=tuple(judged),
    )


def _lateness(sitting: Sitting, at: datetime) -> Reason | None:
    """Say why what arrives at `at` no longer counts by itself; None where it does."""
    if sitting.state is State.VOIDED:
        return Reason.VOIDED
    grace = timedelta(seconds=sitting.grace_seconds)
    if timing.is_up(sitting.deadline_at, at=at, grace=grace):
        return Reason.TIME_IS_UP
    return None if sitting.state is State.IN_PROGRESS else Reason.ALREADY_SUBMITTED
