"""Pure: how long a line of a file is kept, by the law of the day it happened (档案保存期限).

Certificates, exams, posts and bars stay for good: whether somebody was certified on a day must be
answered for ever. Trainings, health, education, violations, notes and copies go when their years
are over and the person holds no post any more.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from server.records.entries import RecordKind

#: Kinds that are let go of; everything else stays.
GOES = frozenset(
    {
        RecordKind.TRAINING,
        RecordKind.HEALTH,
        RecordKind.EDUCATION,
        RecordKind.VIOLATION,
        RecordKind.NOTE,
        RecordKind.CONFIRMATION,
        RecordKind.OBJECTION,
        RecordKind.CORRECTION,
    }
)

#: How long before it goes a line stands on the list.
NOTICE = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How many years lines are kept, between two days."""

    code: str
    #: Roles whose lines it is for; empty for all others.
    roles: frozenset[str]
    years: int
    effective_from: date
    effective_until: date | None
    source_zh: str
    source_en: str


@cache
def shipped() -> tuple[Retention, ...]:
    """Return the rules that come with the platform, the most particular first."""
    text = files("server.records.data").joinpath("retention.csv").read_text("utf-8")
    return tuple(
        Retention(
            code=row["code"],
            roles=frozenset(filter(None, row["roles"].split("|"))),
            years=int(row["years"]),
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_until=(
                date.fromisoformat(row["effective_until"]) if row["effective_until"] else None
            ),
            source_zh=row["source_zh"],
            source_en=row["source_en"],
        )
        for row in csv.DictReader(io.StringIO(text))
    )


def rule_for(roles: frozenset[str], *, on: date) -> Retention | None:
    """Return the rule in force on a day for somebody who held these roles; None where none is.

    Of several the longest counts: who welded and then managed is kept as a welder.
    """
    fitting = [each for each in _in_force(on) if not each.roles or each.roles & roles]
    return max(fitting, key=lambda each: each.years, default=None)


def _in_force(on: date) -> list[Retention]:
    return [
        each
        for each in shipped()
        if each.effective_from <= on
        and (each.effective_until is None or on <= each.effective_until)
    ]


def shortest(*, on: date) -> timedelta:
    """Return how long lines are kept at least by the rules in force, leap days left out."""
    years = min((rule.years for rule in _in_force(on)), default=0)
    return timedelta(days=365 * years)


def kept_until(last_on: date, years: int) -> date:
    """Return the last day on which a line must be kept: the years begin when the person left."""
    try:
        return last_on.replace(year=last_on.year + years)
    except ValueError:
        return date(last_on.year + years, 2, 28)
