"""Rounds of reminders: one each day, gone on with after a crash (提醒轮次)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import literal, select, true

from certificates.models import ReminderRound
from server.db import db
from server.moments import DAY

#: Finds a row unless the round of the day is over; for the work that goes on with it.
GOES_ON = select(literal(1)).where(
    ~select(ReminderRound.day)
    .where(ReminderRound.day == DAY, ReminderRound.is_over == true())
    .exists()
)


def begin(day: date) -> ReminderRound:
    """Return the round of a day, begun if nobody has."""
    found = db.session.get(ReminderRound, day)
    if found is None:
        found = ReminderRound(day=day, is_over=False)
        db.session.add(found)
        db.session.flush()
    return found


def place(day: date) -> tuple[str | None, bool]:
    """Return behind which post the round of a day goes on, and whether it is over; a read."""
    found = db.session.get(ReminderRound, day)
    cursor, is_over = (None, False) if found is None else (found.cursor, found.is_over)
    db.session.rollback()
    return cursor, is_over


def go_on(day: date, cursor: str | None) -> None:
    """Note behind which post the round goes on; None where it is over."""
    found = begin(day)
    found.cursor, found.is_over = cursor, cursor is None
    db.session.flush()
