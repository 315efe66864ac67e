"""What expires ahead if nobody renews: by month, region and item (到期).

Counted are posts and items, from the same stretches as the figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from certificates.coverage import Reason
from certificates.models import CoverageGround, CoverageStretch
from certificates.papers import CODES, COVERED
from certificates.services import indicators
from certificates.services.counts import asking, known
from certificates.services.counts.asking import Asked
from certificates.stretches import ROLE_NAMES, item_code
from server.db import db
from server.regions.tree import lineage


@dataclass(frozen=True, kw_only=True)
class Expiring:
    """How many are covered until some month, and not beyond it if nobody renews (到期)."""

    #: The first day of the month.
    month: date
    ground: str
    item: str | None
    count: int


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How many posts and items are no longer covered from a day on, if nobody renews."""

    on: date
    #: Where: the path of a region.
    path: str
    role: str
    item: str | None
    count: int

    def region(self, depth: int) -> str:
        """Return the region of a depth in which it is."""
        return region_at(self.path, depth)


def expiring(key: str, asked: Asked, *, until: date) -> list[Expiring]:
    """Return what expires after the day asked about and before another, by month, region and item.

    Counted are posts and items, each once for every end of its cover, if nobody renews.

    Raises:
        NotFound: there is no such indicator.
    """
    depth = depth_of(asked)
    found: dict[tuple[date, str, str], int] = {}
    for each in ends(key, asked, until=until):
        cell = (each.on.replace(day=1), each.region(depth), each.item or "")
        found[cell] = found.get(cell, 0) + each.count
    return [
        Expiring(month=month, ground=ground, item=item or None, count=count)
        for (month, ground, item), count in sorted(found.items())
    ]


def ends(key: str, asked: Asked, *, until: date) -> Iterator[Ending]:
    """Yield what ends after the day asked about and before another, day by day.

    Raises:
        NotFound: there is no such indicator.
    """
    indicators.get(key)
    number = known.indicator_numbers().get(key, 0)
    stretch = CoverageStretch
    kinds = (stretch.end_day, CoverageGround.path, stretch.role, stretch.item)
    statement = (
        select(*kinds, func.count())
        .join(CoverageGround, CoverageGround.number == stretch.ground)
        .where(
            *asking.stretches(asked, number),
            stretch.state == COVERED,
            stretch.end_day > asked.day,
            stretch.end_day < until.toordinal(),
            _goes_on_expired(),
        )
        .group_by(*kinds)
    )
    for end_day, path, role, item, count in db.session.execute(statement):
        yield Ending(
            on=date.fromordinal(end_day),
            path=path,
            role=ROLE_NAMES.get(role, ""),
            item=item_code(item),
            count=count,
        )


def depth_of(asked: Asked) -> int:
    """Return how deep the regions directly beneath the unit lie; those of all for organisations."""
    return len(lineage(asked.unit.path)) if asked.unit.kind == "region" else 0


def region_at(path: str, depth: int) -> str:
    """Return the region of a depth on a path, or the last of it."""
    pieces = path.strip("/").split("/")
    return pieces[min(depth, len(pieces) - 1)]


def _goes_on_expired() -> ColumnElement[bool]:
    """Return the condition that the post goes on, expired: who leaves then does not expire."""
    own, then = CoverageStretch, CoverageStretch.__table__.alias("after")
    return (
        select(then.c.id)
        .where(
            then.c.subject == own.subject,
            then.c.indicator == own.indicator,
            then.c.organisation == own.organisation,
            then.c.role == own.role,
            then.c.item == own.item,
            then.c.start_day == own.end_day,
            then.c.gone_seq == own.gone_seq,
            then.c.state == CODES[Reason.EXPIRED],
        )
        .exists()
    )
