"""Addresses of receipts: what the server holds, and whether a receipt is genuine (回执接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from exams.schemas.receipts import HeldReceiptOut, ReceiptCheckIn, ReceiptCheckOut
from exams.services import receipts
from exams.services.receipts import HeldReceipt
from server import clock
from server.access import identity, open_to_all, requires
from server.http import Part
from server.policy import Permission

views = Part("receipts", "What the server holds of an attempt 回执")


@views.route("/attempts/<uuid:attempt_id>/receipt")
@requires(Permission.SIT_EXAMS)
@views.response(200, HeldReceiptOut)
def show_receipt(attempt_id: UUID) -> HeldReceipt:
    """Show what the server holds of one's own attempt now, with a code to keep."""
    return receipts.of(attempt_id, candidate_id=identity().person_id, at=clock.now())


@views.route("/receipt-checks", methods=["POST"])
@open_to_all
@views.arguments(ReceiptCheckIn)
@views.response(200, ReceiptCheckOut)
def check_receipt(body: dict[str, Any]) -> dict[str, bool]:
    """Say whether a receipt is genuine. Nothing else is told, and nothing is stored."""
    return {"genuine": receipts.is_genuine(**body)}
