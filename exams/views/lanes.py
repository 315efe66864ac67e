"""The addresses of the worst minute, answered in front of the framework (考试快速通道).

The same addresses stand in the ordinary views for the documents; a test sends the same words
through both doors and compares the replies byte by byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, NoReturn
from uuid import UUID

from sqlalchemy import Connection

from exams.services import intake
from exams.services.intake import Batch, Receipt
from exams.sync import MOST_ENTRIES, Judged
from exams.views import standing_lane, start_lane, submission_lane
from exams.views.guarding import of_the_present
from server import strict_json
from server.auth.services.presence import Present
from server.errors import DomainError, Invalid
from server.group_commit import Store
from server.lanes import Call, Lane
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


def _batch(sent: Words, present: Present) -> Batch:
    return Batch(sent.attempt_id, *present, sent.epoch, sent.entries, sent.at)


STORE: Store[Words, Receipt] = Store("responses", store)


def words(call: Call) -> Words:
    """Return what the phone sends."""
    epoch, entries = _read(strict_json.read(call.body) if call.body else {})
    return Words(call.claims, call.thing_id, epoch, entries, call.at)


def written(receipt: Receipt) -> str:
    """Return a receipt in the words of the schema `ReceiptOut`.

    Written by hand, for every phone reads it every few seconds: its texts are ids, moments and
    enumerations, in which nothing needs escaping.
    """
    pulse = receipt.pulse
    paused = "null" if receipt.paused_at is None else f'"{receipt.paused_at.isoformat()}"'
    entries = ", ".join([_entry(one) for one in receipt.entries])
    return (
        f'{{"now": "{pulse.now.isoformat()}", "deadline_at": "{pulse.deadline_at.isoformat()}", '
        f'"next_call_in": {pulse.next_call_in}, "attempt_id": "{receipt.attempt_id}", '
        f'"state": "{receipt.state}", "epoch": {receipt.epoch}, "paused_at": {paused}, '
        f'"acknowledged_count": {receipt.acknowledged_count}, "entries": [{entries}]}}'
    )


def _entry(one: Judged) -> str:
    slot, sequence, verdict, code, late = one
    if code is None:  # accepted: nearly all of them
        return (
            f'{{"slot": {slot}, "sequence": {sequence}, "verdict": "{verdict}", '
            '"code": null, "late": false}'
        )
    return (
        f'{{"slot": {_number(slot)}, "sequence": {_number(sequence)}, "verdict": "{verdict}", '
        f'"code": "{code}", "late": {"true" if late else "false"}}}'
    )


def _number(number: int | None) -> str:
    return "null" if number is None else str(number)


#: For wsgi.py.
LANES = (
    Lane(
        method="PUT",
        prefix="/v1/attempts/",
        suffix="/responses",
        wish=words,
        store=STORE,
        reply=lambda receipt, _call: written(receipt).encode("ascii"),
    ),
    submission_lane.LANE,
    start_lane.LANE,
    standing_lane.LANE,
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
