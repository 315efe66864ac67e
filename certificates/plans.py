"""The plans themselves, as data: their names, regions and years (规划)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A regional work-safety plan (安全生产规划)."""

    key: str
    name_zh: str
    name_en: str
    division_code: str
    from_on: date
    #: Its last day: that of the final evaluation.
    until_on: date

    @property
    def mid_term_on(self) -> date:
        """The day of the mid-term evaluation: the end of its half, where no other is named."""
        return date.fromordinal((self.from_on.toordinal() + self.until_on.toordinal()) // 2)


@cache
def every() -> dict[str, Plan]:
    """Return the plans that come with the platform, by key."""
    text = files("certificates.data").joinpath("plans.csv").read_text("utf-8")
    return {
        row["key"]: Plan(
            key=row["key"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            division_code=row["division_code"],
            from_on=date.fromisoformat(row["from_on"]),
            until_on=date.fromisoformat(row["until_on"]),
        )
        for row in csv.DictReader(io.StringIO(text))
    }
