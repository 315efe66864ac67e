"""What an enterprise in a high-risk industry must have before it may operate (高危行业准入).

Conditions are data with dates: a principal, a safety body, safety managers, special operations
workers, each with the article that asks for them. Whoever is in post must be certified; of some
there must be somebody at all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition, between two days."""

    code: str
    roles: frozenset[str]
    #: A department whose name contains this serves as well; empty where none does.
    department: str
    #: How many must be in post.
    least: int
    effective_from: date
    #: The last day, included; None while it counts.
    effective_until: date | None
    zh: str
    en: str
    source_zh: str
    source_en: str

    def counts(self, on: date) -> bool:
        """Say whether it is asked for on the day."""
        until = self.effective_until or date.max
        return self.effective_from <= on <= until


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Somebody in post."""

    person_id: UUID
    role: str
    #: Whether they hold the certificate that the post calls for, or it is not due yet.
    certified: bool


@dataclass(frozen=True, kw_only=True)
class Lack:
    """A condition that is not met."""

    condition: Condition
    in_post_count: int
    #: How many more must be in post.
    short_count: int
    #: Who is in post without the certificate.
    uncertified: tuple[UUID, ...]


@cache
def shipped() -> tuple[Condition, ...]:
    """Return the conditions that come with the platform."""
    text = files("certificates.data").joinpath("admissions.csv").read_text("utf-8")
    return tuple(
        Condition(
            code=row["code"],
            roles=frozenset(row["roles"].split("|")),
            department=row["department"],
            least=int(row["least"]),
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_until=(
                date.fromisoformat(row["effective_until"]) if row["effective_until"] else None
            ),
            zh=row["zh"],
            en=row["en"],
            source_zh=row["source_zh"],
            source_en=row["source_en"],
        )
        for row in csv.DictReader(io.StringIO(text))
    )


def lacks(holders: Sequence[Holder], departments: Iterable[str], *, on: date) -> list[Lack]:
    """Return the conditions that an enterprise does not meet on the day; none: it is admitted.

    Args:
        holders: who is in post there on the day.
        departments: the names of its departments.
        on: the day.
    """
    names = list(departments)
    found = []
    for condition in shipped():
        if not condition.counts(on):
            continue
        here = [one for one in holders if one.role in condition.roles]
        serves = condition.department and any(condition.department in name for name in names)
        short = 0 if serves else max(0, condition.least - len({one.person_id for one in here}))
        # Of a body it is asked that it is there; whether its people are certified is asked apart.
        without = [] if condition.department else [one for one in here if not one.certified]
        if short or without:
            found.append(
                Lack(
                    condition=condition,
                    in_post_count=len({one.person_id for one in here}),
                    short_count=short,
                    uncertified=tuple(sorted({one.person_id for one in without})),
                )
            )
    return found
