"""The addresses of the worst minute, answered in front of the framework (考试快速通道).

The same addresses stand in the ordinary views for the documents; a test sends the same words
through both doors and compares the replies byte by byte.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, NoReturn
from uuid import UUID

from sqlalchemy import Connection

from exams.services import intake
from exams.services.intake import Batch, Receipt
from exams.sync import MOST_ENTRIES
from exams.views import start_lane, submission_lane
from exams.views.guarding import of_the_present
from server import strict_json
from server.errors import DomainError, Invalid
from server.fast_lane import Call, Lane
from server.group_commit import Store
from server.tokens import Claims
from server.translations import in_both

#: The highest epoch that fits its column.
_HIGHEST_EPOCH = 32_767


class Words(NamedTuple):
    """What one phone sends at once, and the token it showed."""

    claims: Claims
    attempt_id: UUID
    epoch: int
    entries: Sequence[object]
    at: datetime


def store(connection: Connection, waiting: Sequence[Words]) -> list[Receipt | DomainError]:
    """Keep what phones sent, where their devices are signed in."""
    return of_the_present(connection, waiting, _batch, intake.store)


def _batch(words: Words, candidate_id: UUID) -> Batch:
    return Batch(
        attempt_id=words.attempt_id,
        candidate_id=candidate_id,
        epoch=words.epoch,
        entries=words.entries,
        at=words.at,
    )


STORE: Store[Words, Receipt] = Store("responses", store)


def respond(call: Call) -> bytes:
    """Keep what the phone sends, and acknowledge it entry by entry, after it is on the disk."""
    epoch, entries = _read(strict_json.read(call.body) if call.body else {})
    words = Words(call.claims, call.thing_id, epoch, entries, call.at)
    return json.dumps(shown(call.writer.submit(STORE, words))).encode()


def shown(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as the schema `ReceiptOut` shows it; its enumerations are texts."""
    return {
        "now": receipt.pulse.now.isoformat(),
        "deadline_at": receipt.pulse.deadline_at.isoformat(),
        "next_call_in": receipt.pulse.next_call_in,
        "attempt_id": str(receipt.attempt_id),
        "state": receipt.state,
        "epoch": receipt.epoch,
        "acknowledged_count": receipt.acknowledged_count,
        "entries": [
            {
                "slot": one.slot,
                "sequence": one.sequence,
                "verdict": one.verdict,
                "code": one.code,
                "late": one.late,
            }
            for one in receipt.entries
        ],
    }


#: For wsgi.py.
LANES = (
    Lane(method="PUT", prefix="/v1/attempts/", suffix="/responses", answer=respond),
    submission_lane.LANE,
    start_lane.LANE,
)


def _read(body: object) -> tuple[int, Sequence[object]]:
    """Read a body as the schema `ResponsesIn` does, with the same complaints."""
    if not isinstance(body, Mapping):
        _refuse("_", "Invalid input type.")
    for name in body:
        if name not in ("epoch", "entries"):
            _refuse(name[:100], "Unknown field.")
    return _epoch(body.get("epoch", 1)), _entries(body)


def _epoch(epoch: object) -> int:
    if epoch is None:
        _refuse("epoch", "Field may not be null.")
    if not isinstance(epoch, int) or isinstance(epoch, bool):
        _refuse("epoch", "Not a valid integer.")
    if not 1 <= epoch <= _HIGHEST_EPOCH:
        bounds = f"Must be greater than or equal to 1 and less than or equal to {_HIGHEST_EPOCH}."
        _refuse("epoch", bounds)
    return epoch


def _entries(body: Mapping[str, object]) -> Sequence[object]:
    if "entries" not in body:
        _refuse("entries", "Missing data for required field.")
    entries = body["entries"]
    if entries is None:
        _refuse("entries", "Field may not be null.")
    if not isinstance(entries, list):
        _refuse("entries", "Not a valid list.")
    if len(entries) > MOST_ENTRIES:
        _refuse("entries", f"Longer than maximum length {MOST_ENTRIES}.")
    return entries


def _refuse(field: str, sentence: str) -> NoReturn:
    raise Invalid({field: [in_both(sentence)]})
