"""Receipts: what the server holds of an attempt, to be shown and checked later (回执).

Made when asked for, from the entries alone: saving a response writes nothing for it, and asking
writes nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from exams import keys, receipting
from exams.models import Attempt, ResponseEntry
from exams.receipting import HeldEntry, Statement
from exams.services import attempts, forms, kept
from server.db import db


@dataclass(frozen=True, kw_only=True)
class HeldReceipt:
    """A receipt, with the code by which it is known again."""

    statement: Statement
    code: str


def of(attempt_id: UUID, *, candidate_id: UUID, at: datetime) -> HeldReceipt:
    """Return what the server holds of a candidate's own attempt, at a moment.

    Raises:
        NotFound: there is none, or it is somebody else's.
        ResponsesArchived: its responses are in an archive.
    """
    attempt = attempts.get(attempt_id, candidate_id=candidate_id)
    entries, counted = _held(attempt_id, at=at)
    _check_at_hand(attempt)
    form = forms.form(db.session.connection(), attempt.paper_id)
    statement = Statement(
        attempt_id=attempt_id,
        held_count=counted,
        question_count=len(form.places),
        at=at,
    )
    key = keys.current().receipt_keys[0]
    return HeldReceipt(statement=statement, code=receipting.code(statement, entries, key=key))


def is_genuine(statement: Statement, *, code: str) -> bool:
    """Say whether the server has made this receipt, and still holds all that it was made of.

    Nothing else is told: an attempt that does not exist is answered like a code that does not fit.

    Raises:
        ResponsesArchived: its responses are in an archive, so that nobody can say now.
    """
    entries, _ = _held(statement.attempt_id, at=statement.at)
    known = db.session.get(Attempt, statement.attempt_id)
    _check_at_hand(known)
    vault = keys.current()
    genuine = receipting.is_genuine(code, statement, entries, keys=vault.receipt_keys)
    return known is not None and genuine


def _check_at_hand(attempt: Attempt | None) -> None:
    if attempt is not None and attempt.archive_id is not None:
        kept.check_at_hand([attempt.id])


def _held(attempt_id: UUID, *, at: datetime) -> tuple[list[HeldEntry], int]:
    """Return what had arrived by a moment, and in how many slots something counts."""
    columns = (
        ResponseEntry.received_at,
        ResponseEntry.slot,
        ResponseEntry.epoch,
        ResponseEntry.sequence,
        ResponseEntry.chosen,
        ResponseEntry.late,
    )
    rows = db.session.execute(
        select(*columns).where(
            ResponseEntry.attempt_id == attempt_id, ResponseEntry.received_at <= at
        )
    ).all()
    entries = [
        HeldEntry(
            received_at=row.received_at,
            slot=row.slot,
            epoch=row.epoch,
            sequence=row.sequence,
            chosen=row.chosen,
        )
        for row in rows
    ]
    return entries, len({row.slot for row in rows if not row.late})
