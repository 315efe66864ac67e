"""What the last full check of the sums found, and when the last was booked (最近核对与入账)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from certificates.models import CoverageBatch, CoverageCheck, CoverageWaiting
from server.db import db

_CHECKED = select(CoverageCheck).order_by(CoverageCheck.checked_at.desc()).limit(1)
_BOOKED = select(CoverageBatch.recorded_at).order_by(CoverageBatch.seq.desc()).limit(1)

#: Beside every figure, and so composed once.
_STATE = select(
    func.count().label("waiting_count"),
    func.min(CoverageWaiting.since).label("waiting_since"),
    _BOOKED.scalar_subquery().label("booked_at"),
    _CHECKED.with_only_columns(CoverageCheck.checked_at).scalar_subquery().label("checked_at"),
    _CHECKED.with_only_columns(CoverageCheck.differences).scalar_subquery().label("differences"),
).select_from(CoverageWaiting)


class State(NamedTuple):
    """How far the sums have come."""

    #: People and organisations that wait to be booked, and since when the first does.
    waiting_count: int
    waiting_since: datetime | None
    #: When the last batch became known; None where nothing was booked yet.
    booked_at: datetime | None
    #: When everybody was last counted in full, and the cells that differed; None where never.
    checked_at: datetime | None
    differences: list[Any] | None


def state() -> State:
    """Return how far the sums have come, by one statement."""
    return State(*db.session.execute(_STATE).one())


def check() -> CoverageCheck | None:
    """Return the last check; None where there was none."""
    return db.session.execute(_CHECKED).scalar_one_or_none()
