"""Counting tries to sign in, in a table that all processes share (登录计数)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from server.auth import limits
from server.auth.limits import Tally
from server.auth.models import SignInTally
from server.db import db, upsert

#: Tallies that nobody touched for this long say nothing any more.
_KEPT = timedelta(days=1)


def locked(key: str, *, at: datetime) -> Tally | None:
    """Return what was counted under `key`, and keep others from counting until the commit.

    Two guesses at the same moment are counted one after the other, so that a burst of requests
    never slips through before the first of them was counted.
    """
    row = {"key": key, "tries": 0, "began_at": at, "last_at": at}
    db.session.execute(upsert(SignInTally).values(row).on_conflict_do_nothing())
    columns = (SignInTally.tries, SignInTally.began_at, SignInTally.last_at)
    found = db.session.execute(
        select(*columns).where(SignInTally.key == key).with_for_update()
    ).one_or_none()
    # No row: it was swept in this very moment, so it said nothing.
    if found is None or found.tries == 0:
        return None
    return Tally(count=found.tries, began_at=found.began_at, last_at=found.last_at)


def count(key: str, tally: Tally | None, *, at: datetime, window: timedelta | None = None) -> None:
    """Count one more try under a key that is locked."""
    new = limits.counted(tally, at, window=window)
    db.session.execute(
        update(SignInTally)
        .where(SignInTally.key == key)
        .values(tries=new.count, began_at=new.began_at, last_at=new.last_at)
    )


def forgive(key: str) -> None:
    """Take one try back under a key: it turned out to be no guess."""
    db.session.execute(
        update(SignInTally)
        .where(SignInTally.key == key, SignInTally.tries > 0)
        .values(tries=SignInTally.tries - 1)
    )


def clear(key: str) -> None:
    """Forget what was counted under a key."""
    # The row stays: whoever waits for it in `locked` must still find it.
    db.session.execute(update(SignInTally).where(SignInTally.key == key).values(tries=0))


def sweep(*, at: datetime) -> int:
    """Delete the tallies that say nothing any more; return how many."""
    old = delete(SignInTally).where(SignInTally.last_at < at - _KEPT)
    return len(db.session.execute(old.returning(SignInTally.key)).all())
