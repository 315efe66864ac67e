"""Pure: the numbers of contests as dated data, and what age asks for (竞赛规则).

A participant's day of birth is used once, when they join, and not kept: kept is whether they are a
minor, and that a guardian agreed where one must.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from exams.contests.errors import AgeImpossible, GuardianMissing


@dataclass(frozen=True, kw_only=True)
class ContestRules:
    """What counts from a day on."""

    effective_from: date
    #: Below so many completed years a guardian must agree.
    guardian_below_years: int
    #: Below so many completed years one is a minor.
    minor_below_years: int
    #: Milliseconds by which the network may delay a response.
    grace_ms: int
    #: People who may join one contest from one phone: a family shares one, a machine does not.
    most_per_phone: int
    #: How long a code that was sent to a phone is good, and how often it may be tried.
    code_minutes: int
    code_tries: int
    #: Codes that one number is sent in a day.
    codes_a_day: int
    #: Characters a second that nobody reads: quicker responses are evidence for people.
    fastest_reading_per_second: int
    source: str


def on(day: date) -> ContestRules:
    """Return what counts on a day: the newest that has begun, else the oldest."""
    begun = [one for one in _shipped() if one.effective_from <= day]
    return begun[-1] if begun else _shipped()[0]


def years_between(born_on: date, day: date) -> int:
    """Return the completed years of life on a day."""
    before = (day.month, day.day) < (born_on.month, born_on.day)
    return day.year - born_on.year - before


def is_minor(born_on: date, *, guardian_agrees: bool, day: date) -> bool:
    """Say whether somebody who joins on a day is a minor.

    Raises:
        AgeImpossible: nobody was born on that day who joins on this one.
        GuardianMissing: somebody so young needs a guardian who agrees (个人信息保护法 art. 31).
    """
    years, rules = years_between(born_on, day), on(day)
    if not 0 <= years <= 120:
        raise AgeImpossible
    if years < rules.guardian_below_years and not guardian_agrees:
        raise GuardianMissing(years=rules.guardian_below_years)
    return years < rules.minor_below_years


@cache
def _shipped() -> tuple[ContestRules, ...]:
    text = files("exams.contests.data").joinpath("rules.json").read_text("utf-8")
    rows = [
        ContestRules(**{**row, "effective_from": date.fromisoformat(row["effective_from"])})
        for row in json.loads(text)
    ]
    return tuple(sorted(rows, key=lambda one: one.effective_from))
