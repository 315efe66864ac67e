"""Pure: the sums of a round, counted anew from its entries (榜单重算).

While a round goes on its sums grow with every response; when its results are released they are
counted anew, without those who were taken out. Both ways come to the same, and a test holds them
against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Counted:
    """An entry as far as sums need it."""

    region: UUID
    employer: UUID | None
    #: What the entry plays for; None where it plays for itself.
    team: UUID | None
    points: int
    correct_count: int
    response_count: int


#: People, responses, correct ones, points.
Sums = tuple[int, int, int, int]


def sums(entries: Iterable[Counted], *, team_size: int) -> dict[tuple[str, str], Sums]:
    """Return the sums by kind and key; an entry without a response is in none.

    Args:
        entries: of one round.
        team_size: how many of its best members count for a team.
    """
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    teams: dict[UUID, list[Counted]] = defaultdict(list)
    for entry in entries:
        if not entry.response_count:
            continue
        _add(found["points", str(entry.points)], (1, 0, 0, 0))
        own = (1, entry.response_count, entry.correct_count, entry.points)
        _add(found["region", entry.region.hex], own)
        if entry.employer is not None:
            _add(found["employer", entry.employer.hex], own)
        if entry.team is not None:
            teams[entry.team].append(entry)
    for team, members in teams.items():
        best = sorted(members, key=lambda one: one.points, reverse=True)[:team_size]
        for one in best:
            _add(found["team", team.hex], (0, one.response_count, one.correct_count, one.points))
        found["team", team.hex][0] = len(members)
    return {key: (one[0], one[1], one[2], one[3]) for key, one in found.items()}


def _add(to: list[int], by: Sums) -> None:
    for at, number in enumerate(by):
        to[at] += number
