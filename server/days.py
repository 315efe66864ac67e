"""Days of the law: validity, coverage and working days are counted in Shanghai's (法定日)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

CIVIL_ZONE = ZoneInfo("Asia/Shanghai")


def civil_day(at: datetime) -> date:
    """Return the day in Asia/Shanghai to which a moment belongs."""
    return at.astimezone(CIVIL_ZONE).date()


def beginning_of(day: date) -> datetime:
    """Return the first moment of a day in Asia/Shanghai, in UTC."""
    return datetime.combine(day, time(), CIVIL_ZONE).astimezone(UTC)
