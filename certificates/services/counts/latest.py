"""What the last full check of the sums found, and when the last was booked (最近核对与入账)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from certificates.models import CoverageBatch, CoverageCheck
from server.db import db


def check() -> CoverageCheck | None:
    """Return the last check; None where there was none."""
    statement = select(CoverageCheck).order_by(CoverageCheck.checked_at.desc()).limit(1)
    return db.session.execute(statement).scalar_one_or_none()


def booked_at() -> datetime | None:
    """Return when the last batch became known; None where nothing was booked yet."""
    statement = select(CoverageBatch.recorded_at).order_by(CoverageBatch.seq.desc()).limit(1)
    return db.session.execute(statement).scalar_one_or_none()
