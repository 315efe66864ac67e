"""Whether an attempt was graded, once, as the ledger of its phone says."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import func, select

from exams.lifecycle import State
from exams.models import Attempt, Outcome
from exams.services import receipts
from server.audit.models import AuditEntry
from server.db import db
from tests.faults.ledger import Ledger
from tests.faults.seats import Seat


def graded_once_as_the_ledger_says(app: Flask, seat: Seat, ledger: Ledger) -> None:
    """Compare the outcome, the receipt and the audit of an attempt with what its phone knows."""
    counting = ledger.counting(seat.attempt_id)
    right = sum(word.chosen == 1 for word in counting.values())
    graded = select(func.count()).where(
        AuditEntry.action == "attempt_graded", AuditEntry.subject_id == seat.attempt_id
    )
    with app.app_context():
        outcome = db.session.get_one(Outcome, seat.attempt_id)
        receipt = receipts.of(seat.attempt_id, candidate_id=seat.candidate_id, at=datetime.now(UTC))
        assert outcome.score == str(right)
        assert db.session.get_one(Attempt, seat.attempt_id).state is State.GRADED
        assert receipt.statement.held_count == len(counting)
        assert db.session.execute(graded).scalar_one() == 1
