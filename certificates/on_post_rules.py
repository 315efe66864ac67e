"""What a post asks of who works there, as dated data (上岗条件).

Which requirement counts for a post is chosen by the role, by whether the employer is in a
high-risk industry, and by the day; never by a constant.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files


class Requirement(StrEnum):
    """A kind of requirement."""

    #: Years of age; the greatest in force counts.
    MINIMUM_AGE = "minimum_age"
    #: A certificate of the role, or of every operation item of the post.
    CERTIFICATE = "certificate"
    #: All levels of the induction before the post.
    INDUCTION_LEVELS = "induction_levels"
    #: Hours of all levels together.
    INDUCTION_HOURS = "induction_hours"
    #: Months away after which workshop and team teach again.
    ABSENCE_MONTHS = "absence_months"
    #: Months away after which the practical exam is taken again.
    PRACTICAL_MONTHS = "practical_months"
    #: Hours of further training in twelve months.
    ANNUAL_HOURS = "annual_hours"
    #: Months after which an enforcement officer is trained in rotation again.
    ROTATION_MONTHS = "rotation_months"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One requirement, between two days."""

    code: Requirement
    #: Roles it is asked of; empty for all.
    roles: frozenset[str]
    #: Only at employers in (or outside) high-risk industries; None at all.
    high_risk: bool | None
    amount: int
    #: Whether lacking it keeps somebody from the post; otherwise it is a warning.
    blocks: bool
    effective_from: date
    effective_until: date | None
    source_zh: str
    source_en: str

    def counts(self, role: str, *, high_risk: bool, on: date) -> bool:
        """Say whether it is asked of such a post on that day."""
        return (
            (not self.roles or role in self.roles)
            and self.high_risk in (None, high_risk)
            and self.effective_from <= on
            and (self.effective_until is None or on <= self.effective_until)
        )


@cache
def shipped() -> tuple[Asked, ...]:
    """Return the requirements that come with the platform."""
    text = files("certificates.data").joinpath("on_post.csv").read_text("utf-8")
    return tuple(
        Asked(
            code=Requirement(row["code"]),
            roles=frozenset(filter(None, row["roles"].split("|"))),
            high_risk={"yes": True, "no": False}.get(row["high_risk"]),
            amount=int(row["amount"]),
            blocks=row["severity"] == "blocks",
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_until=_day(row["effective_until"]),
            source_zh=row["source_zh"],
            source_en=row["source_en"],
        )
        for row in csv.DictReader(io.StringIO(text))
    )


@lru_cache(512)
def asked(role: str, *, high_risk: bool, on: date) -> dict[Requirement, Asked]:
    """Return what is asked of such a post on the day; of several of a kind the greatest."""
    found: dict[Requirement, Asked] = {}
    for each in shipped():
        if each.counts(role, high_risk=high_risk, on=on):
            known = found.get(each.code)
            if known is None or each.amount > known.amount:
                found[each.code] = each
    return found


#: What is asked of an induction.
_OF_INDUCTION = (
    Requirement.INDUCTION_LEVELS,
    Requirement.INDUCTION_HOURS,
    Requirement.ABSENCE_MONTHS,
)

#: A time under one rule: its first day, the day after its last, and what is asked then.
Era = tuple[date, date, dict[Requirement, Asked]]


@lru_cache(512)
def eras(role: str, *, high_risk: bool) -> tuple[Era, ...]:
    """Return the times between which the law of induction changes, without gaps."""
    rules = [each for each in shipped() if each.code in _OF_INDUCTION]
    days = {date.min, *(each.effective_from for each in rules)}
    days |= {each.effective_until + timedelta(days=1) for each in rules if each.effective_until}
    cuts = sorted(days)
    return tuple(
        (first, end, asked(role, high_risk=high_risk, on=first))
        for first, end in zip(cuts, [*cuts[1:], date.max], strict=True)
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
