"""The feed for other systems: every fact once, numbered in the order of commits (数据流服务).

A sequence of the database is no order: its numbers are given before commits, so that a reader who
has seen 12 may yet be owed 11. Here the writer of a fact notes it beside the fact, by a trigger,
in the same transaction and without any lock (`exchange_pending`); numbers are given afterwards, to
what is committed, by one at a time, who holds the head of the feed until the numbers are committed
themselves. So numbers have no gaps, no fact has two, and what followed from another comes after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from server.db import db, upsert
from server.exchange.models import ExchangeEntry, ExchangeHead, ExchangePending
from server.regions.models import Region, beneath

#: Facts that are numbered in one transaction.
AT_ONCE = 500

#: Facts that wait for their numbers; for the work that gives them.
PENDING = select(ExchangePending.place)

#: Entries that one page looks through: the answer takes no longer where few are the asker's.
WINDOW = 20_000


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Where a fact belongs: in a region, or everywhere where that is None."""

    region_id: UUID | None


#: Says where noted facts belong; what is left out does not go into the feed.
Resolve = Callable[[Sequence[ExchangePending]], Mapping[int, Kept]]


def number(resolve: Resolve, *, at: datetime, most: int = AT_ONCE) -> int:
    """Give numbers to facts that are committed, in one transaction; return how many were noted."""
    head = _locked_head()
    order = select(ExchangePending).order_by(ExchangePending.place).limit(most)
    noted = list(db.session.execute(order).scalars())
    if not noted:
        return 0
    kept = resolve(noted)
    for each in noted:
        if each.place in kept:
            head.seq += 1
            db.session.add(
                ExchangeEntry(
                    seq=head.seq,
                    kind=each.kind,
                    subject_id=each.subject_id,
                    number=each.number,
                    region_id=kept[each.place].region_id,
                    entered_at=at,
                )
            )
    places = [each.place for each in noted]
    db.session.flush()
    db.session.execute(
        delete(ExchangePending)
        .where(ExchangePending.place.in_(places))
        .execution_options(synchronize_session=False)
    )
    return len(noted)


def head() -> int:
    """Return the number of the newest entry; 0 where there is none."""
    return db.session.execute(select(ExchangeHead.seq)).scalar_one_or_none() or 0


def is_behind(position: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that there are entries behind a position."""
    return position < select(func.max(ExchangeHead.seq)).scalar_subquery()


def _locked_head() -> ExchangeHead:
    """Return the end of the feed, which nobody else moves until this transaction ends."""
    there = upsert(ExchangeHead).values(id=1, seq=0)
    db.session.execute(there.on_conflict_do_nothing(index_elements=["id"]))
    locked = select(ExchangeHead).where(ExchangeHead.id == 1).with_for_update()
    fresh = locked.execution_options(populate_existing=True)
    return db.session.execute(fresh).scalar_one()


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Entries of a feed behind one number, and how far was looked."""

    entries: list[ExchangeEntry]
    #: The next stretch begins behind it.
    until_seq: int
    #: Whether there is more right now.
    more: bool


def behind(
    seq: int,
    *,
    region_path: str,
    kinds: Sequence[str],
    limit: int,
    until: int | None = None,
) -> Stretch:
    """Return the entries behind a number that belong to a region, the earliest first.

    Args:
        seq: the number.
        region_path: of the region, with all beneath it.
        kinds: the tables that are followed.
        limit: entries at most.
        until: the last number that is looked at; None for the newest there is.
    """
    end = head() if until is None else until
    window = min(end, seq + WINDOW)
    statement = (
        select(ExchangeEntry)
        .where(
            ExchangeEntry.seq > seq,
            ExchangeEntry.seq <= window,
            ExchangeEntry.kind.in_(kinds),
            _belongs(region_path),
        )
        .order_by(ExchangeEntry.seq)
        .limit(limit)
    )
    found = list(db.session.execute(statement).scalars())
    until = found[-1].seq if len(found) == limit else window
    return Stretch(entries=found, until_seq=until, more=until < end)


def _belongs(region_path: str) -> ColumnElement[bool]:
    inside = select(Region.id).where(beneath(Region.path, region_path))
    return or_(ExchangeEntry.region_id.is_(None), ExchangeEntry.region_id.in_(inside))
