"""The code by which an attempt moves to another phone, and for how long it is good (换机码)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

#: How long a code is good: the walk from the desk to the seat, and some patience.
GOOD_FOR = timedelta(minutes=10)

#: The highest epoch that fits its column: more moves than any exam has minutes.
HIGHEST_EPOCH = 32_767

#: Bytes of the keyed hash that the code shows: 40 bits, eight letters.
_CODE_BYTES = 5


def code(move_id: UUID, *, key: bytes) -> str:
    """Return the code of a move: `7KQ2-M5XD`. Whoever repeats the request sees the same."""
    keyed = hmac.new(key, move_id.bytes, hashlib.sha256).digest()
    letters = base64.b32encode(keyed[:_CODE_BYTES]).decode("ascii")
    return f"{letters[:4]}-{letters[4:]}"


def fits(typed: str, move_id: UUID, *, keys: Iterable[bytes]) -> bool:
    """Say whether a code is the one of a move, by any of some keys, however people type it."""
    return any(hmac.compare_digest(_plain(typed), _plain(code(move_id, key=key))) for key in keys)


def is_good(expires_at: datetime, *, at: datetime) -> bool:
    """Say whether a code is still taken."""
    return at <= expires_at


def is_anothers(writer: UUID | None, device_id: UUID) -> bool:
    """Say whether another phone has the attempt, so that this one must wait for a move.

    Args:
        writer: the phone that may write; None where the attempt began before that was kept.
        device_id: the number that the phone made for itself.
    """
    return writer is not None and writer != device_id


def _plain(text: str) -> bytes:
    return text.replace("-", "").replace(" ", "").upper().encode()
