"""The work that reminds of what is due, once a day over all posts (到期提醒任务)."""

from __future__ import annotations

from datetime import datetime, timedelta

from certificates.services import dues, notices, rounds
from server import clock, days
from server.db import transaction
from server.work import Work

#: How long one turn may take before others get theirs.
_A_TURN = timedelta(seconds=5)


def remind(at: datetime) -> int:
    """Go on with the round of the day: some posts at a time; return how many messages were made."""
    on, told = days.civil_day(at), 0
    while True:
        with transaction():
            step = rounds.begin(on)
            if step.is_over:
                return told
            count, cursor = dues.remind(step.cursor, on=on, at=at)
            rounds.go_on(on, cursor)
        told += count
        if cursor is None or clock.now() - at > _A_TURN:
            return told


def tell_ending(at: datetime) -> int:
    """Tell holders whose certificate is about to end or has ended; return how many."""
    with transaction():
        return notices.tell_ending(on=days.civil_day(at), at=at)


#: Tells holders, whether or not they hold a post; what was told is not told again.
ENDINGS = Work(name="certificate_endings", every=timedelta(hours=2), run=tell_ending)

#: Reminds workers, employers and bureaus.
REMINDERS = Work(
    name="due_reminders",
    every=timedelta(seconds=30),
    run=remind,
    needed=lambda at: rounds.goes_on(days.civil_day(at)),
)
