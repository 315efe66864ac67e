"""The work that reminds of what is due, once a day over all posts (到期提醒任务)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from certificates import watching
from certificates.services import dues, notices, rounds
from server import clock, days
from server.db import transaction
from server.lots import lots
from server.work import Work

#: How long one turn may take before others get theirs.
_A_TURN = timedelta(seconds=5)

#: Messages that are written at once: who waits to write meanwhile waits for so many.
_AT_ONCE = 100

T = TypeVar("T")


def remind(at: datetime) -> int:
    """Go on with the round of the day: some posts at a time; return how many messages were made.

    What is due is read without a lock, and told a few at a time. Killed in between, it looks at
    the same posts again and tells nothing twice.
    """
    on, told = days.civil_day(at), 0
    while True:
        cursor, is_over = rounds.place(on)
        if is_over:
            return told
        look = dues.look(cursor, on=on, at=at)
        for some in _with_breath(look.dues):
            with transaction():
                told += dues.tell(some, look.bureaus, at=at)
        with transaction():
            rounds.go_on(on, look.next_cursor)
        if look.next_cursor is None or clock.now() - at > _A_TURN:
            return told


def tell_ending(at: datetime) -> int:
    """Tell holders whose certificate is about to end or has ended; return how many."""
    letters = notices.ending(on=days.civil_day(at))
    for some in _with_breath(letters):
        with transaction():
            notices.send(some, at=at)
    return len(letters)


def _with_breath(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield things, some at a time; after each, others may write first who wait."""
    for some in lots(things, _AT_ONCE):
        yield some
        time.sleep(watching.BREATH)


#: Tells holders, whether or not they hold a post; what was told is not told again.
ENDINGS = Work(name="certificate_endings", every=timedelta(hours=2), run=tell_ending)

#: Reminds workers, employers and bureaus.
REMINDERS = Work(
    name="due_reminders",
    every=timedelta(seconds=30),
    run=remind,
    waiting=(rounds.GOES_ON,),
)
