"""Boards: who stands where, by masked names, and the sums beside them (榜单).

A board is read by everybody at once, so each process keeps it for a second. Its head is the
beginning of an index, and everything else on it are sums: what it costs does not depend on how
many take part.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from exams.contests import judging, ranking
from exams.contests.models import ContestEntry, ContestParticipant, ContestSum, SumKind
from exams.contests.ranking import Result
from exams.contests.services import held
from exams.contests.services.held import HeldRound
from server.errors import NotFound
from server.organisations.models import Organisation
from server.regions.models import Region

#: How long a process shows the same board. Responses are on it at most this much later.
FRESH_FOR = timedelta(seconds=1)

#: Places shown, and lines of each sum.
HEAD, LINES = 100, 50


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the head."""

    place: int
    masked_name: str
    region_name: str
    points: int
    elapsed_ms: int


@dataclass(frozen=True, kw_only=True)
class SumLine:
    """What a region, an employer or a team reached together."""

    id: UUID
    name: str
    people_count: int
    response_count: int
    correct_count: int
    points: int


@dataclass(frozen=True, kw_only=True)
class Board:
    """What everybody sees of a round."""

    round_id: UUID
    made_at: datetime
    #: Whether it stands still until the results are released.
    frozen: bool
    released: bool
    people_count: int
    lines: Sequence[Line]
    regions: Sequence[SumLine]
    employers: Sequence[SumLine]
    teams: Sequence[SumLine]
    #: How many stand at how many points, the fewest points first.
    histogram: Sequence[tuple[int, int]]

    def place_of(self, points: int) -> int:
        """Return the place at which so many points stand, before ties are broken."""
        above = bisect_right(self.histogram, (points, self.people_count + 1))
        return 1 + sum(count for _, count in self.histogram[above:])


_kept: dict[UUID, Board] = {}
_MOST_KEPT = 64


def board(connection: Connection, round_id: UUID, *, at: datetime) -> Board:
    """Return the board of a round, at most `FRESH_FOR` old.

    Raises:
        NotFound: there is no such round of a published contest.
    """
    known = _kept.get(round_id)
    if known is not None and known.made_at <= at < known.made_at + FRESH_FOR:
        return known
    found = held.find(connection, round_id, at=at)
    if found is None:
        raise NotFound
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    made = _made(connection, found, at)
    _kept[round_id] = made
    return made


def forget() -> None:
    """Keep no boards."""
    _kept.clear()
    held.forget()


def _made(connection: Connection, found: HeldRound, at: datetime) -> Board:
    sums = _sums(connection, found.id)
    points = sorted((int(one.key), one.people) for one in sums[SumKind.POINTS] if one.people)
    return Board(
        round_id=found.id,
        made_at=at,
        frozen=found.released_at is None and not found.shows(at),
        released=found.released_at is not None,
        people_count=sum(count for _, count in points),
        lines=_head(connection, found),
        regions=_named(connection, Region, sums[SumKind.REGION]),
        employers=_named(connection, Organisation, sums[SumKind.EMPLOYER]),
        teams=_teams(connection, sums[SumKind.TEAM]),
        histogram=points,
    )


def _head(connection: Connection, found: HeldRound) -> list[Line]:
    entry = ContestEntry
    rows = connection.execute(
        select(
            entry.id,
            entry.shown_points,
            entry.shown_order,
            ContestParticipant.masked_name,
            Region.name.label("region_name"),
        )
        .join(ContestParticipant, ContestParticipant.id == entry.participant_id)
        .join(Region, Region.id == ContestParticipant.region_id)
        .where(entry.round_id == found.id, entry.shown_order.is_not(None))
        .order_by(entry.shown_order)
        .limit(HEAD)
    ).all()
    by_id = {row.id: row for row in rows}
    results = [
        Result(
            entry_id=row.id,
            points=row.shown_points,
            elapsed_ms=judging.time_of(row.shown_order, row.shown_points),
        )
        for row in rows
    ]
    return [
        Line(
            place=one.place,
            masked_name=by_id[one.result.entry_id].masked_name,
            region_name=by_id[one.result.entry_id].region_name,
            points=one.result.points,
            elapsed_ms=one.result.elapsed_ms,
        )
        for one in ranking.ranked(results, found.tie_rule)
    ]


def _sums(connection: Connection, round_id: UUID) -> Mapping[SumKind, list[Any]]:
    rows = connection.execute(
        select(
            ContestSum.kind,
            ContestSum.key,
            ContestSum.people,
            ContestSum.responses,
            ContestSum.correct,
            ContestSum.points,
        ).where(ContestSum.round_id == round_id)
    )
    found: dict[SumKind, list[Any]] = {kind: [] for kind in SumKind}
    for row in rows:
        found[row.kind].append(row)
    return found


def _named(connection: Connection, table: Any, sums: Sequence[Any]) -> list[SumLine]:
    """Return the sums with the most points, each with the name of what it is of."""
    first = sorted(sums, key=lambda one: (-one.points, one.key))[:LINES]
    ids = [UUID(one.key) for one in first]
    rows = connection.execute(select(table.id, table.name).where(table.id.in_(ids)))
    names = {row.id: row.name for row in rows}
    return [
        SumLine(
            id=UUID(one.key),
            name=names.get(UUID(one.key), ""),
            people_count=one.people,
            response_count=one.responses,
            correct_count=one.correct,
            points=one.points,
        )
        for one in first
    ]


def _teams(connection: Connection, sums: Sequence[Any]) -> list[SumLine]:
    """Return teams: each is an employer, or a county."""
    found = [*_named(connection, Organisation, sums), *_named(connection, Region, sums)]
    return sorted((one for one in found if one.name), key=lambda one: (-one.points, one.name))
