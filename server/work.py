"""Work beside the requests: each piece every so often, one process at a time (后台任务)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from server import clock
from server.db import Base, db, transaction, upsert
from server.moments import asked_at


@dataclass(frozen=True, kw_only=True)
class Work:
    """One piece of work that comes back: its name, how often, and what is done."""

    name: str
    every: timedelta
    #: Does a bounded amount and returns how many things it did. Opens its own transactions.
    run: Callable[[datetime], int]
    #: Selects, of which any that finds a row says that there is something to do, so that what comes
    #: back every second costs an idle server no write. Those of all works are one statement;
    #: `server.moments` stands in them for when it is asked.
    waiting: tuple[Select[Any], ...] = ()
    #: Says the same where no select can.
    needed: Callable[[datetime], bool] | None = None
    #: Whether it is done by a process that answers, within a turn or two. All else is done, where
    #: several may write, by the process of long work, which gives way to whoever sits an exam.
    urgent: bool = False
    #: What every process does at every turn, whether or not the work is due or is its own.
    look: Callable[[], object] | None = None
    #: Selects a figure that every process is told at every turn, and who hears it.
    figure: Select[int] | None = None
    hears: Callable[[int], object] | None = None


class WorkLease(Base):
    """Which process does a piece of work now, and when it is due again."""

    __tablename__ = "work_lease"

    #: The name of the piece of work.
    name: Mapped[str] = mapped_column(primary_key=True)
    #: The process that holds it.
    holder: Mapped[str]
    #: Until when nobody else takes it: the next due moment, or the end of a lost process's lease.
    until_at: Mapped[datetime]
    #: When it was last done.
    done_at: Mapped[datetime | None]


#: How long a process that died in the midst of its work keeps others from it.
LEASE = timedelta(seconds=10)


def _is_free(work: Work, at: datetime) -> ColumnElement[bool]:
    """Say whether a lease holds nobody back: it is over, or far longer than any lease is.

    Such a one was written while the wall clock was wrong; heeding it would stop the work for as
    long as the clock was put back.
    """
    beyond_belief = at + 2 * max(LEASE, work.every)
    return or_(WorkLease.until_at <= at, WorkLease.until_at > beyond_belief)


def take(work: Work, holder: str, *, at: datetime) -> bool:
    """Take a piece of work that is due, for one process only; say whether it was taken."""
    with transaction():
        db.session.execute(
            upsert(WorkLease)
            .values(name=work.name, holder="", until_at=at)
            .on_conflict_do_nothing(index_elements=["name"])
        )
        taken = db.session.execute(
            update(WorkLease)
            .where(WorkLease.name == work.name, _is_free(work, at))
            .values(holder=holder, until_at=at + max(LEASE, work.every))
            .returning(WorkLease.name)
        ).first()
    return taken is not None


def give_back(work: Work, holder: str, *, at: datetime) -> None:
    """Say that the work is done, and when it is due again."""
    with transaction():
        db.session.execute(
            update(WorkLease)
            .where(WorkLease.name == work.name, WorkLease.holder == holder)
            .values(until_at=at + work.every, done_at=at)
        )


def due(work: Work, *, at: datetime) -> bool:
    """Say whether the work is due, without taking it: a read that locks nothing."""
    return not held_until([work], at=at)


def held_until(works: Sequence[Work], *, at: datetime) -> dict[str, datetime]:
    """Return by name until when works are held, of those that are not due; by one read for all."""
    leases = db.session.execute(select(WorkLease.name, WorkLease.until_at)).all()
    known = {name: until for name, until in leases}
    return {
        work.name: known[work.name]
        for work in works
        if work.name in known and _holds(known[work.name], work, at)
    }


def _holds(until: datetime, work: Work, at: datetime) -> bool:
    """Say of a lease that was read what `_is_free` says of one in the database."""
    return at < until <= at + 2 * max(LEASE, work.every)


def waits(work: Work, *, at: datetime) -> bool:
    """Say whether there is anything to do for a work that says what waits for it; a read."""
    asked = select(some_waiting(work))
    return bool(db.session.execute(asked, asked_at(at)).scalar_one())


def some_waiting(work: Work) -> ColumnElement[bool]:
    """Return the condition that something waits for a work."""
    return or_(*[one.exists() for one in work.waiting])


def run_once(work: Work, holder: str) -> int | None:
    """Do the work if it is due and nobody else does it; return how many things, or None."""
    at = clock.now()
    if not due(work, at=at) or (work.waiting and not waits(work, at=at)):
        return None
    if work.needed is not None and not work.needed(at):
        return None
    return run_due(work, holder)


def run_due(work: Work, holder: str) -> int | None:
    """Do a work that is due; return how many things, or None where somebody else has taken it."""
    if not take(work, holder, at=clock.now()):
        return None
    done = work.run(clock.now())
    give_back(work, holder, at=clock.now())
    return done
