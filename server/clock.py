"""The only place that asks what time it is (时钟)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Days of the law are days of this zone: validity, coverage and working days are counted in it.
CIVIL_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def civil_day(at: datetime) -> date:
    """Return the day in Asia/Shanghai to which the moment `at` belongs."""
    return at.astimezone(CIVIL_ZONE).date()


def today() -> date:
    """Return today's day in Asia/Shanghai."""
    return civil_day(now())
