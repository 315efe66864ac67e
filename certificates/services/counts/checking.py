"""Checking the sums against a full count of everybody, from the facts (核对)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from certificates.models import CoverageCheck, CoverageDay, CoverageIndicator, CoverageNumber
from certificates.services.counts import rebuilding
from certificates.sums import SUMS
from server.db import db

#: Cells that are named; where more differ, the first of them say enough.
NAMED = 100


def check(*, at: datetime) -> CoverageCheck:
    """Count everybody from the facts, compare every cell of every day, and keep what was found.

    Nothing is repaired: a difference is an alarm. The cells that differ are named by region,
    indicator and day, with what the sums say and what was counted.
    """
    counted = rebuilding.recount()
    rows = db.session.execute(select(*CoverageDay.__table__.columns))
    kept = {tuple(row[:3]): list(row[3:]) for row in rows if any(row[3:])}
    cells = sorted(kept.keys() | counted.keys())
    wrong = [cell for cell in cells if kept.get(cell) != counted.get(cell)]
    found = CoverageCheck(
        id=uuid4(),
        checked_at=at,
        cell_count=len(cells),
        differences=[_named(cell, kept.get(cell), counted.get(cell)) for cell in wrong[:NAMED]],
        seconds=0,
    )
    db.session.add(found)
    db.session.flush()
    return found


def _named(
    cell: tuple[int, int, int], kept: list[int] | None, counted: list[int] | None
) -> dict[str, Any]:
    region, indicator, day = cell
    thing = db.session.get(CoverageNumber, region)
    key = db.session.get(CoverageIndicator, indicator)
    return {
        "region_id": str(thing.thing_id) if thing else None,
        "indicator": key.key if key else None,
        "on": date.fromordinal(day).isoformat(),
        "kept": dict(zip(SUMS, kept or [0] * len(SUMS), strict=True)),
        "counted": dict(zip(SUMS, counted or [0] * len(SUMS), strict=True)),
    }
