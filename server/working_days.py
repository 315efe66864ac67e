"""Working days as the law counts them in China (工作日).

The holidays of a year are announced by the State Council at the end of the year before. For years
that the calendar does not know yet, Monday to Friday are taken, until the announcement is entered
in working_days.csv beside it, whose days go before everything else.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import chinese_calendar

_DAY = timedelta(days=1)


def is_working_day(day: date, *, entered: Mapping[date, bool] | None = None) -> bool:
    """Say whether people work on a day.

    Args:
        day: which one.
        entered: days that were entered by hand; those that ship where left out.
    """
    known = shipped() if entered is None else entered
    if day in known:
        return known[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def working_days_after(day: date, count: int) -> date:
    """Return the last of so many working days; the day itself is not counted."""
    found = day
    while count > 0:
        found += _DAY
        count -= is_working_day(found)
    return found


@cache
def shipped() -> dict[date, bool]:
    """Return the days that were entered by hand."""
    text = files("server").joinpath("working_days.csv").read_text("utf-8")
    rows = csv.DictReader(io.StringIO(text))
    return {date.fromisoformat(row["day"]): row["works"] == "true" for row in rows}
