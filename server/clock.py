"""The only place that asks what time it is (时钟)."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

from server.days import civil_day


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds by a clock that only goes forward and that nobody can set."""
    return time.monotonic()


def today() -> date:
    """Return today's day in Asia/Shanghai."""
    return civil_day(now())
