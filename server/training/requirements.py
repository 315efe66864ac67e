"""Pure: how many hours of training the law asks of whom, as of a day (法定学时).

The rows stand in `data/required_hours.json` with the law and its article; authorities add theirs
for their regions (`services/hours_rules.py`), and the most that is asked for counts. A row that
does not say whether it is for high-risk industries, for construction, or for a level, is for all of
them alike; a level of an induction has rows of its own, and a row without one is for all levels
together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from server.people.roster import PostRole
from server.records.entries import InductionLevel
from server.training.kinds import TrainingType


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """Hours that a law asks for, from one day until another."""

    type: TrainingType
    roles: frozenset[PostRole]
    #: None: for any industry.
    high_risk: bool | None
    construction: bool | None
    #: None: all levels together.
    level: InductionLevel | None
    hours: Decimal
    from_on: date
    #: The first day on which it no longer counts; None while no end is known.
    until_on: date | None
    law: str
    article: str
    #: The rule of an authority; None for what is shipped.
    rule_id: UUID | None = None

    def counts(self, on: date) -> bool:
        """Say whether it is the law on the day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


@cache
def rows() -> tuple[Requirement, ...]:
    """Return everything that the law asks for, as shipped."""
    text = files("server.training.data").joinpath("required_hours.json").read_text("utf-8")
    return tuple(_requirement(row) for row in json.loads(text))


def required(
    type: TrainingType,
    *,
    role: PostRole | None,
    high_risk: bool,
    construction: bool = False,
    level: InductionLevel | None = None,
    on: date,
    local: Iterable[Requirement] = (),
) -> Requirement | None:
    """Return what the law asks for on a day; None where it names no number of hours.

    Args:
        type: what the training is for.
        role: of whom; None of nobody in particular, of whom no law asks.
        high_risk: whether the employer's industry has the stricter rules.
        construction: whether it is construction, which has rules of its own.
        level: the level of an induction; None for all levels together.
        on: the day.
        local: what authorities ask for besides.
    """
    found = [
        row
        for row in (*rows(), *local)
        if row.type is type
        and role in row.roles
        and row.high_risk in (None, high_risk)
        and row.construction in (None, construction)
        and row.level is level
        and row.counts(on)
    ]
    return max(found, key=lambda row: (row.hours, row.from_on), default=None)


def _requirement(row: dict[str, Any]) -> Requirement:
    until = row.get("until_on")
    level = row.get("level")
    return Requirement(
        type=TrainingType(row["type"]),
        roles=frozenset(PostRole(role) for role in row["roles"]),
        high_risk=row.get("high_risk"),
        construction=row.get("construction"),
        level=InductionLevel(level) if level else None,
        hours=Decimal(row["hours"]),
        from_on=date.fromisoformat(row["from_on"]),
        until_on=date.fromisoformat(until) if until else None,
        law=row["law"],
        article=row["article"],
    )
