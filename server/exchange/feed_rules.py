"""Pure: cursors of the feed, and the signatures of webhooks by Standard Webhooks (数据流规则)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from server.exchange.errors import (
    BadFeedCursor,
    ForeignCursor,
    WebhookTooOld,
    WebhookUnsigned,
)

#: How far the clocks of two systems may differ; older webhooks are refused unread.
TOLERANCE: Final = timedelta(minutes=5)

#: Waits between the tries of a webhook: some fourteen hours in all, then it is given up.
WAITS: Final = tuple(
    timedelta(seconds=each) for each in (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 21_600)
)

#: What a secret of webhooks begins with.
PREFIX: Final = "whsec_"

_SEQ_DIGITS: Final = 18


def cursor_behind(seq: int, agreement_id: UUID) -> str:
    """Return the cursor behind an entry, for one client only."""
    return base64.urlsafe_b64encode(f"{agreement_id.hex}.{seq}".encode()).decode().rstrip("=")


def seq_of(cursor: str | None, agreement_id: UUID, *, head: int) -> int:
    """Return the entry that a cursor stands behind; None stands before the first.

    Raises:
        ForeignCursor: it was given to another client.
        BadFeedCursor: it is none of this feed.
    """
    if cursor is None:
        return 0
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        owner, _, digits = text.decode("ascii").partition(".")
        owner_id = UUID(owner)
    except (ValueError, binascii.Error):
        raise BadFeedCursor from None
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _SEQ_DIGITS):
        raise BadFeedCursor
    if owner_id != agreement_id:
        raise ForeignCursor
    if int(digits) > head:
        raise BadFeedCursor
    return int(digits)


def secret_text(secret: bytes) -> str:
    """Return a secret of webhooks as it is told."""
    return PREFIX + base64.b64encode(secret).decode("ascii")


def signed(message_id: str, at: datetime, body: bytes, secrets: Iterable[bytes]) -> dict[str, str]:
    """Return the headers of a webhook, signed with each secret that stands.

    While a secret is being changed both sign, so that a receiver who knows either believes it.
    """
    stamp = str(int(at.timestamp()))
    marks = [f"v1,{_mark(message_id, stamp, body, one)}" for one in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(marks),
    }


def believed(
    headers: Mapping[str, str], body: bytes, secrets: Iterable[bytes], *, at: datetime
) -> str:
    """Return the id of a webhook that was signed with one of the secrets, just now.

    Raises:
        WebhookUnsigned: it bears no signature with any of them over what came.
        WebhookTooOld: it was signed too long ago, or in the future.
    """
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    marks = headers.get("webhook-signature", "").split()
    if not (message_id and len(message_id) <= 200 and stamp.isascii() and stamp.isdigit()):
        raise WebhookUnsigned
    good = [f"v1,{_mark(message_id, stamp, body, one)}".encode() for one in secrets]
    given = [each.encode("utf-8", "replace") for each in marks[:10]]
    if not any(hmac.compare_digest(mark, one) for mark in given for one in good):
        raise WebhookUnsigned
    if len(stamp) > _SEQ_DIGITS or abs(at.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise WebhookTooOld
    return message_id


def next_try(tries: int, at: datetime) -> datetime | None:
    """Return when a webhook is tried again after so many tries; None where it is given up."""
    return at + WAITS[tries - 1] if tries <= len(WAITS) else None


def _mark(message_id: str, stamp: str, body: bytes, secret: bytes) -> str:
    text = f"{message_id}.{stamp}.".encode() + body
    return base64.b64encode(hmac.new(secret, text, hashlib.sha256).digest()).decode("ascii")
