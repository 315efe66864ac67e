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
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select

from exams import dice, sync, timing
from exams.errors import AnotherDevice, UnknownEpoch
from exams.lifecycle import State
from exams.models import ResponseEntry
from exams.services import entries, forms
from exams.services.entries import New, Ranks, Sitting
from exams.sync import REFUSED, Entry, Judged, Reason
from exams.timing import Pulse
from server.errors import DomainError, NotFound
from server.group_commit import Store
from server.plain_sql import Digits, spelling

# Looked up once: that costs as much as the comparison.
_VOIDED, _IN_PROGRESS = State.VOIDED, State.IN_PROGRESS


class Batch(NamedTuple):
    """What one phone sends at once."""

    attempt_id: UUID
    candidate_id: UUID
    #: The number that the phone made for itself.
    device_id: UUID
    epoch: int
    #: As they came: each is read by itself.
    entries: Sequence[object]
    #: The moment of arrival at the server.
    at: datetime


class Receipt(NamedTuple):
    """What became of a batch. It may be shown only after the commit."""

    attempt_id: UUID
    state: State
    epoch: int
    pulse: Pulse
    #: Since when the room stands still.
    paused_at: datetime | None
    entries: Sequence[Judged]

    @property
    def acknowledged_count(self) -> int:
        """How many entries the phone may forget: all but the refused."""
        return len([one for one in self.entries if one.verdict is not REFUSED])


class _Read(NamedTuple):
    """A batch that may be kept, with what was read of it."""

    batch: Batch
    sitting: Sitting
    of: Digits
    entries: list[Entry | Judged]


def store(connection: Connection, batches: Sequence[Batch]) -> list[Receipt | DomainError]:
    """Judge and keep what phones sent; return what became of each batch, in their order.

    Every readable entry is kept, whatever its verdict; a bad entry spoils no good one, and a bad
    batch no other. The attempts are locked against handing in until the transaction ends, so that
    nothing is acknowledged which grading does not see.
    """
    asked = [(batch.attempt_id.hex, batch.candidate_id.hex) for batch in batches]
    sittings = entries.sittings(connection, asked)
    read = [
        _read(connection, batch, sitting, of)
        for batch, sitting, (of, _) in zip(batches, sittings, asked, strict=True)
    ]
    held = _held(connection, read)
    moment_in = spelling(connection).moment_in
    new: list[New] = []
    replies = [
        _judge(one, held, new, moment_in(one.batch.at)) if isinstance(one, _Read) else one
        for one in read
    ]
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
    connection: Connection, batch: Batch, sitting: Sitting | None, of: str
) -> _Read | DomainError:
    if sitting is None:
        return NotFound()
    if not 1 <= batch.epoch <= sitting.epoch:
        return UnknownEpoch(epoch=sitting.epoch)
    if batch.epoch == sitting.epoch and _is_a_strangers(batch, sitting):
        return AnotherDevice(epoch=sitting.epoch)
    slots = forms.form(connection, sitting.paper_id).slots
    found = [sync.read(raw, slots, epoch=batch.epoch) for raw in batch.entries]
    return _Read(batch, sitting, of, found)


def _held(connection: Connection, read: Sequence[_Read | DomainError]) -> Ranks:
    """Return what counts so far, in all places that anybody speaks of."""
    places = {
        (batch.of, one.slot)
        for batch in read
        if isinstance(batch, _Read)
        for one in batch.entries
        if isinstance(one, Entry)
    }
    return entries.held(connection, list(places)) if places else {}


def _judge(read: _Read, held: Ranks, new: list[New], received_at: str) -> Receipt:
    """Judge the entries of one batch in their order, and add what is kept to the new rows."""
    batch, sitting, of, found = read
    late = _lateness(sitting, batch)
    judged = []
    for one in found:
        if isinstance(one, Judged):
            judged.append(one)
            continue
        place = (of, one.slot)
        verdict = sync.judge(one, held.get(place), late=late)
        judged.append(verdict)
        if late is None and verdict.code is None:
            held[place] = one[1:]
        new.append((of, *one, received_at, late is not None))
    pulse = timing.pulse(
        sitting.deadline_at, at=batch.at, share=dice.share(batch.attempt_id, batch.at)
    )
    return Receipt(batch.attempt_id, sitting.state, sitting.epoch, pulse, sitting.paused_at, judged)


def _is_a_strangers(batch: Batch, sitting: Sitting) -> bool:
    """Say whether a phone speaks that the attempt must move to first.

    After the end nothing moves any more: what comes then is kept from any phone, as late.
    """
    anothers = sitting.device is not None and sitting.device != batch.device_id.hex
    return anothers and _ending(sitting, batch.at) is None


def _lateness(sitting: Sitting, batch: Batch) -> Reason | None:
    """Say why what a phone sends does not count by itself; None where it does."""
    ended = _ending(sitting, batch.at)
    if ended is None and batch.epoch < sitting.epoch:
        return Reason.MOVED
    return ended


def _ending(sitting: Sitting, at: datetime) -> Reason | None:
    """Say why an attempt does not go on at a moment; None where it does."""
    if sitting.state is _VOIDED:
        return Reason.VOIDED
    # Nearly everything comes before the deadline: the grace is asked for after it only.
    if at > sitting.deadline_at:
        grace = timedelta(seconds=sitting.grace_seconds)
        if timing.is_up(sitting.deadline_at, at=at, grace=grace):
            return Reason.TIME_IS_UP
    return None if sitting.state is _IN_PROGRESS else Reason.ALREADY_SUBMITTED
