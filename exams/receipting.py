"""What a receipt says, and the code by which it is known again (回执).

The code is a keyed hash over what the receipt says and over a chain of every entry that the server
held then, in the order of their arrival. Entries are never changed or deleted, so the chain can be
made again years later: if one entry were missing, added or changed, the code would not fit.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, groupby
from uuid import UUID

#: Bytes of the keyed hash that the code shows: 80 bits, sixteen letters.
_CODE_BYTES = 10

#: Letters of the code that stand together.
_GROUP = 4

#: Requests that were on their way at once, at most, when a receipt was made.
_MOST_UNDER_WAY = 2

#: Of how many requests those may be: the last ones before the receipt.
_MOST_RECENT = 8

#: How long a request may be on its way between arrival and commit.
UNDER_WAY = timedelta(seconds=20)


@dataclass(frozen=True, order=True, kw_only=True)
class HeldEntry:
    """An entry as it lies in the database, late ones too; ordered by arrival."""

    received_at: datetime
    slot: int
    epoch: int
    sequence: int
    chosen: int


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What a receipt says: so many of so many responses, at this moment."""

    attempt_id: UUID
    held_count: int
    question_count: int
    at: datetime


def chained(entries: Iterable[HeldEntry]) -> bytes:
    """Return the end of the chain over entries, in the order of their arrival."""
    link = bytes(32)
    for one in sorted(entries):
        words = (one.received_at.timestamp(), one.slot, one.epoch, one.sequence, one.chosen)
        link = hashlib.sha256(link + repr(words).encode()).digest()
    return link


def code(statement: Statement, entries: Iterable[HeldEntry], *, key: bytes) -> str:
    """Return the code of a receipt: `4F2K-…`, four groups of four."""
    said = (
        f"{statement.attempt_id} {statement.held_count} {statement.question_count} "
        f"{statement.at.timestamp()!r} "
    )
    keyed = hmac.new(key, said.encode() + chained(entries), hashlib.sha256).digest()
    letters = base64.b32encode(keyed[:_CODE_BYTES]).decode("ascii")
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def is_genuine(
    shown: str, statement: Statement, entries: Sequence[HeldEntry], *, keys: Iterable[bytes]
) -> bool:
    """Say whether the code fits what the receipt says and what is held today.

    A request that had arrived when the receipt was made, and was committed after it, is not in
    the receipt and is in the database. So up to two such requests may be left out.

    Args:
        shown: the code, in capitals or not, with or without dashes.
        statement: what the receipt says.
        entries: all that was received up to its moment.
        keys: keys of receipts, retired ones too.
    """
    wanted = _plain(shown)
    return any(
        hmac.compare_digest(_plain(code(statement, subset, key=key)), wanted)
        for key in keys
        for subset in _possible(entries, statement.at)
    )


def _plain(text: str) -> bytes:
    return text.replace("-", "").replace(" ", "").upper().encode()


def _possible(entries: Sequence[HeldEntry], at: datetime) -> Iterator[list[HeldEntry]]:
    """Yield what may have been held at a moment, of what had arrived by then."""
    by_arrival = groupby(sorted(entries), key=lambda one: one.received_at)
    batches = [list(batch) for _, batch in by_arrival]
    recent = [
        number for number, batch in enumerate(batches) if at - batch[0].received_at <= UNDER_WAY
    ]
    for count in range(_MOST_UNDER_WAY + 1):
        for left_out in combinations(recent[-_MOST_RECENT:], count):
            yield [
                one
                for number, batch in enumerate(batches)
                if number not in left_out
                for one in batch
            ]
