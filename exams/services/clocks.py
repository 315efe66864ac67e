"""What processes of one machine tell each other of the time they believe (可信时间)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, update

from exams.models import ClockReading
from exams.steadiness import Reading
from server.db import db, upsert

#: After what time a machine that has told nothing is forgotten.
_FORGOTTEN = timedelta(days=400)


def first_believed(boot: str, reading: Reading) -> Reading:
    """Return what a process begins with: what another on this machine believed, else its own.

    Args:
        boot: names the machine since it was switched on.
        reading: what the clocks say now.
    """
    added = db.session.execute(
        upsert(ClockReading)
        .values(boot=boot, wall_at=reading.wall, monotonic=reading.monotonic)
        .on_conflict_do_nothing(index_elements=["boot"])
        .returning(ClockReading.boot)
    ).first()
    if added is not None:
        _forget(reading)
        return reading
    known = db.session.get_one(ClockReading, boot, populate_existing=True)
    # A clock that nobody sets goes back only where the machine was switched off.
    if known.monotonic > reading.monotonic:
        believe(boot, reading)
        return reading
    return Reading(wall=known.wall_at, monotonic=known.monotonic)


def believe(boot: str, reading: Reading) -> None:
    """Keep what a process believes now, for those that start later."""
    db.session.execute(
        update(ClockReading)
        .where(ClockReading.boot == boot)
        .values(wall_at=reading.wall, monotonic=reading.monotonic)
    )


def _forget(reading: Reading) -> None:
    db.session.execute(delete(ClockReading).where(ClockReading.wall_at < reading.wall - _FORGOTTEN))
