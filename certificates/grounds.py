"""For what a certificate is revoked or cancelled, as dated data, and what follows (法定情形)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from certificates.validity import Turn, anniversary


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One ground, between two days."""

    code: str
    turn: Turn
    #: The role whose certificates it is for; None for all.
    role: str | None
    #: Years for which the holder may not apply again; None where nothing is barred.
    bar_years: int | None
    effective_from: date
    effective_until: date | None
    zh: str
    en: str
    source_zh: str

    def counts(self, turn: Turn, *, role: str, on: date) -> bool:
        """Say whether it can be the ground of this turn for such a certificate on that day."""
        return (
            self.turn is turn
            and self.role in (None, role)
            and self.effective_from <= on
            and (self.effective_until is None or on <= self.effective_until)
        )

    def barred_until(self, on: date) -> date | None:
        """Return the last day on which the holder may not apply again; None where they may."""
        if self.bar_years is None:
            return None
        return anniversary(on, self.bar_years) - timedelta(days=1)


@cache
def shipped() -> tuple[Ground, ...]:
    """Return the grounds that come with the platform."""
    text = files("certificates.data").joinpath("grounds.csv").read_text("utf-8")
    return tuple(
        Ground(
            code=row["code"],
            turn=Turn(row["turn"]),
            role=row["role"] or None,
            bar_years=int(row["bar_years"]) if row["bar_years"] else None,
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_until=_day(row["effective_until"]),
            zh=row["zh"],
            en=row["en"],
            source_zh=row["source_zh"],
        )
        for row in csv.DictReader(io.StringIO(text))
    )


def find(code: str, turn: Turn, *, role: str, on: date) -> Ground | None:
    """Return the ground with this code, if it counts for the turn on that day."""
    return next(
        (each for each in shipped() if each.code == code and each.counts(turn, role=role, on=on)),
        None,
    )


def named(code: str | None) -> Ground | None:
    """Return the ground with this code, whenever it counts or counted; None where there is none."""
    return next((each for each in shipped() if each.code == code), None)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
