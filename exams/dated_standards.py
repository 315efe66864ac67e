"""New versions of exam standards: what contradicts itself, and from which day it can count (标准).

A version counts from its day until the eve of the next. It is never retroactive: its day lies
ahead when it is approved, and what was published goes by the version it was published with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from exams.eligibility import WhatFollows


class StandardFault(StrEnum):
    """What of a standard contradicts itself."""

    #: What follows once attempts are used up that never are; or nothing does once they are.
    THEORY_ATTEMPTS = "theory_attempts"
    PRACTICAL_ATTEMPTS = "practical_attempts"
    #: Attempts at a practical that the standard does not ask for.
    NO_PRACTICAL = "no_practical"
    #: To sit the theory again is what can follow a practical, not a theory.
    THEORY_AFTER_THEORY = "theory_after_theory"
    AGES = "ages"
    #: Less training where the risk is high.
    HOURS = "hours"
    #: A practical follows a theory that stands for no time.
    PASS_MONTHS = "pass_months"  # noqa: S105  # a passed exam, not a password
    #: Ten points or fewer, or no whole points at the pass mark.
    PASS_MARK = "pass_mark"  # noqa: S105  # the same


@dataclass(frozen=True, kw_only=True)
class StandardRules:
    """What a version of an exam standard says, without its days and its source."""

    minutes: int
    max_points: int
    pass_percent: int
    partial_credit: bool
    #: None for without limit.
    attempts_allowed: int | None
    what_follows: WhatFollows
    pass_months: int | None
    training_hours: int
    training_hours_high_risk: int
    minimum_age: int | None
    maximum_age: int | None
    has_practical: bool
    practical_attempts: int | None
    practical_what_follows: WhatFollows
    results_working_days: int
    appeal_working_days: int
    ruling_working_days: int
    grace_seconds: int


def faults(rules: StandardRules) -> Iterator[StandardFault]:
    """Yield what of a standard contradicts itself."""
    if (rules.attempts_allowed is None) is not (rules.what_follows is WhatFollows.NOTHING):
        yield StandardFault.THEORY_ATTEMPTS
    if rules.what_follows is WhatFollows.THEORY_AGAIN:
        yield StandardFault.THEORY_AFTER_THEORY
    yield from _practical_faults(rules)
    ages = rules.minimum_age, rules.maximum_age
    if None not in ages and (ages[0] or 0) > (ages[1] or 0):
        yield StandardFault.AGES
    if rules.training_hours_high_risk < rules.training_hours:
        yield StandardFault.HOURS
    if rules.max_points * rules.pass_percent % 100:
        yield StandardFault.PASS_MARK


def _practical_faults(rules: StandardRules) -> Iterator[StandardFault]:
    limited = rules.practical_attempts is not None
    if limited is (rules.practical_what_follows is WhatFollows.NOTHING):
        yield StandardFault.PRACTICAL_ATTEMPTS
    if limited and not rules.has_practical:
        yield StandardFault.NO_PRACTICAL
    if rules.has_practical and rules.pass_months is None:
        yield StandardFault.PASS_MONTHS


def differences(
    before: Mapping[str, object], after: StandardRules
) -> dict[str, tuple[object, object]]:
    """Return what a version changes, by the name of the field: before and after."""
    return {
        one.name: (before.get(one.name), getattr(after, one.name))
        for one in fields(after)
        if before.get(one.name) != getattr(after, one.name)
    }


@dataclass(frozen=True, kw_only=True)
class Span:
    """The days on which a version counts, both included; without an end for None."""

    from_on: date
    until_on: date | None


def overlapped(known: list[Span], from_on: date) -> date | None:
    """Return the day on which a version begins that a new one would overlap, None for none.

    A new version ends the one that counts on its day; one that begins on that day or later is in
    its way, since nobody would know which of both counts.
    """
    return min((one.from_on for one in known if one.from_on >= from_on), default=None)
