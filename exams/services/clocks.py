"""What processes of one machine tell each other of the time they believe (可信时间)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select, update

from exams import steadiness
from exams.models import ClockReading
from exams.steadiness import Reading
from server.db import db, upsert

#: After what time a machine that has told nothing is forgotten.
_FORGOTTEN = timedelta(days=400)


def first_believed(boot: str, reading: Reading) -> Reading:
    """Return what a process begins with: what another on this machine believed, else its own.

    A machine that was just switched on believes its own clock where it goes on from the time that
    was believed last, on any machine; else it begins with that time, and so doubts its own clock
    until it has gone steadily.

    Args:
        boot: names the machine since it was switched on.
        reading: what the clocks say now.
    """
    known = db.session.get(ClockReading, boot, populate_existing=True)
    # A clock that nobody sets goes back only where the machine was switched off.
    if known is not None and known.monotonic <= reading.monotonic:
        return Reading(wall=known.wall_at, monotonic=known.monotonic)
    last = db.session.execute(select(func.max(ClockReading.wall_at))).scalar_one()
    goes_on = last is None or steadiness.goes_on(reading.wall, last)
    first = reading if goes_on else Reading(wall=last, monotonic=reading.monotonic)
    values = {"wall_at": first.wall, "monotonic": first.monotonic}
    db.session.execute(
        upsert(ClockReading)
        .values(boot=boot, **values)
        .on_conflict_do_update(index_elements=["boot"], set_=values)
    )
    _forget(first)
    return first


def believe(boot: str, reading: Reading) -> None:
    """Keep what a process believes now, for those that start later."""
    db.session.execute(
        update(ClockReading)
        .where(ClockReading.boot == boot)
        .values(wall_at=reading.wall, monotonic=reading.monotonic)
    )


def _forget(reading: Reading) -> None:
    db.session.execute(delete(ClockReading).where(ClockReading.wall_at < reading.wall - _FORGOTTEN))
