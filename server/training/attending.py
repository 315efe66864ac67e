"""Pure: rotating codes by which learners sign in, and what is looked at twice (动态签到码).

The server signs the lesson and a step of the clock; the picture in class changes with every step.
A phone without network keeps what it read and sends it later: such a sign-in is kept, and counts
once somebody who was there has confirmed it. A code is never believed for a moment outside its
lesson, so that a picture sent to somebody at home is worth nothing a few seconds later.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from server.training.attending_errors import CodeRefused, SignInTooLate

#: How long a code is shown.
STEP: Final = timedelta(seconds=20)
#: How old a code may be when it arrives, to count without being looked at: two steps and the way.
FRESH: Final = timedelta(seconds=60)
#: How late a phone may hand in what it read without a network.
KEPT_FOR: Final = timedelta(days=3)

_DIGITS: Final = 20


class Flag(StrEnum):
    """Why somebody must look at a sign-in before it counts."""

    #: 断网补传：it came long after the code was shown.
    LATE = "late"
    #: 一机多人：the phone has signed somebody else in to the same lesson.
    SHARED_PHONE = "shared_phone"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a code says: which lesson, and when it was shown."""

    lesson_id: UUID
    shown_at: datetime


def code(lesson_id: UUID, *, key: bytes, at: datetime) -> str:
    """Return the code that is shown at a moment: `S1.<lesson>.<step>.<signature>`."""
    step = _step(at)
    return f"S1.{lesson_id.hex}.{step}.{_signature(lesson_id, step, key)}"


def read(text: str, *, keys: Sequence[bytes]) -> Shown:
    """Return what a code says.

    Args:
        text: the code.
        keys: the one in use, and earlier ones by which codes may have been shown.

    Raises:
        CodeRefused: the platform did not sign it.
    """
    try:
        kind, lesson, step_text, signature = text.split(".")
        lesson_id, step = UUID(hex=lesson), int(step_text)
        shown_at = datetime.fromtimestamp(step * STEP.total_seconds(), UTC)
    except (ValueError, OverflowError, OSError):
        raise CodeRefused from None
    signed = (_signature(lesson_id, step, key) for key in keys)
    if kind != "S1" or not any(
        hmac.compare_digest(signature.encode(), one.encode()) for one in signed
    ):
        raise CodeRefused
    return Shown(lesson_id=lesson_id, shown_at=shown_at)


def valid_until(at: datetime) -> datetime:
    """Return when the code shown at a moment gives way to the next."""
    return datetime.fromtimestamp((_step(at) + 1) * STEP.total_seconds(), UTC)


def lateness(shown_at: datetime, received_at: datetime) -> list[Flag]:
    """Return whether somebody must look at a sign-in because of when it came.

    Raises:
        CodeRefused: the code is of a moment that has not come.
        SignInTooLate: it came when nobody remembers any more.
    """
    if shown_at > received_at + STEP:
        raise CodeRefused
    late = received_at - shown_at
    if late > KEPT_FOR:
        raise SignInTooLate(days=KEPT_FOR.days)
    return [Flag.LATE] if late > FRESH else []


def _step(at: datetime) -> int:
    return int(at.timestamp() // STEP.total_seconds())


def _signature(lesson_id: UUID, step: int, key: bytes) -> str:
    words = b"sign-in code\x00" + lesson_id.bytes + step.to_bytes(8, "big")
    return hmac.new(key, words, hashlib.sha256).hexdigest()[:_DIGITS]
