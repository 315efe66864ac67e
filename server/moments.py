"""The moment and the day of asking, in selects that are composed once (提问时刻)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Date, bindparam

from server import days
from server.db import UtcDateTime

#: The moment of asking, and its day in Shanghai.
MOMENT = bindparam("moment", type_=UtcDateTime())
DAY = bindparam("day", type_=Date())


def asked_at(at: datetime) -> dict[str, Any]:
    """Return what stands for `MOMENT` and `DAY` at a moment."""
    return {MOMENT.key: at, DAY.key: days.civil_day(at)}
