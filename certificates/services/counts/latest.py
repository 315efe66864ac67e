"""What the last full check of the sums found (最近核对)."""

from __future__ import annotations

from sqlalchemy import select

from certificates.models import CoverageCheck
from server.db import db


def check() -> CoverageCheck | None:
    """Return the last check; None where there was none."""
    statement = select(CoverageCheck).order_by(CoverageCheck.checked_at.desc()).limit(1)
    return db.session.execute(statement).scalar_one_or_none()
