"""The only place that asks what time it is (时钟)."""

from __future__ import annotations

import platform
import time
from datetime import UTC, date, datetime
from pathlib import Path

from server.days import civil_day

#: Where Linux tells which start of the machine this is.
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds by a clock that only goes forward and that nobody can set."""
    return time.monotonic()


def boot() -> str:
    """Return what names this machine since it was switched on: `monotonic` counts within it."""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return platform.node()


def today() -> date:
    """Return today's day in Asia/Shanghai."""
    return civil_day(now())
