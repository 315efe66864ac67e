"""Pure: the hours that a registered safety engineer learns within a registration (继续教育学时).

The rows stand in `data/engineer_hours.json`, each with its law and the days for which it counts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Hours asked for within a registration that begins in a span of days."""

    hours: Decimal
    from_on: date
    #: The first day on which it no longer counts; None while no end is known.
    until_on: date | None
    law: str

    def counts(self, on: date) -> bool:
        """Say whether it is the law for a registration that begins on the day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


@cache
def rows() -> tuple[Asked, ...]:
    """Return everything that is asked for, as shipped."""
    text = files("server.training.data").joinpath("engineer_hours.json").read_text("utf-8")
    return tuple(
        Asked(
            hours=Decimal(row["hours"]),
            from_on=date.fromisoformat(row["from_on"]),
            until_on=date.fromisoformat(row["until_on"]) if row["until_on"] else None,
            law=row["law"],
        )
        for row in json.loads(text)
    )


def asked(valid_from: date) -> Asked | None:
    """Return what is asked of a registration that begins on a day; None before there was a law."""
    return next((row for row in rows() if row.counts(valid_from)), None)
