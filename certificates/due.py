"""What somebody at a post must do by when: renew, train, be inducted (到期事项).

It asks the same facts and rules as the verdict of the post: what is due on a day is what would
keep the person from work on the morrow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from certificates import on_post
from certificates.definitions import due_on, months_later
from certificates.on_post_facts import Person, Spell
from certificates.on_post_reasons import Code
from certificates.on_post_rules import Asked, Requirement, asked
from certificates.validity import Status
from server.training.kinds import QUALIFYING, TrainingType

#: Days before something is due on which those concerned are reminded; 0 when it is overdue.
STAGES = (90, 60, 30, 7)

_STANDS = (Status.VALID, Status.EXPIRING, Status.NOT_YET_VALID)
_INDUCTION = frozenset(
    {
        Code.INDUCTION_PLANT,
        Code.INDUCTION_WORKSHOP,
        Code.INDUCTION_TEAM,
        Code.INDUCTION_HOURS,
        Code.POST_CHANGE_WORKSHOP,
        Code.POST_CHANGE_TEAM,
    }
)


class DueKind(StrEnum):
    """What is due."""

    #: 取证、换证、复审
    CERTIFICATE = "certificate"
    #: 年度再培训
    ANNUAL_HOURS = "annual_hours"
    #: 三级教育、调岗复岗教育
    INDUCTION = "induction"
    #: 监管执法人员轮训
    ROTATION = "rotation"


#: Types of training by which something due is done; what is not named here, by any.
_DONE_BY = {
    DueKind.CERTIFICATE: QUALIFYING,
    DueKind.INDUCTION: frozenset({TrainingType.INDUCTION, TrainingType.POST_CHANGE}),
    DueKind.ROTATION: frozenset({TrainingType.ROTATION}),
}


class Course(NamedTuple):
    """What a class trains for, and whom."""

    type: TrainingType
    role: str | None
    item: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due."""

    kind: DueKind
    due_on: date
    item: str | None = None

    def stage(self, on: date) -> int | None:
        """Return the stage at which one is reminded on the day; None where it is far off."""
        left = (self.due_on - on).days
        if left < 0:
            return 0
        return min((stage for stage in STAGES if left <= stage), default=None)

    def is_done_by(self, course: Course, *, role: str) -> bool:
        """Say whether a class is one for what is due at a post of the role.

        Yearly hours grow by any training; for a certificate role and item must be the same.
        """
        types = _DONE_BY.get(self.kind)
        if types is not None and course.type not in types:
            return False
        if self.kind is not DueKind.CERTIFICATE:
            return course.role in (None, role, on_post.certified_as(role))
        return (course.role, course.item) == (on_post.certified_as(role), self.item)


def dues(person: Person, post: Spell, *, high_risk: bool, on: date, within: int = 90) -> list[Due]:
    """Return what is due of a person at a post within so many days, what is overdue first."""
    rules = asked(post.role, high_risk=high_risk, on=on)
    found = [*_certificates(person, post, rules), *_hours(person, post, rules, on)]
    if rotation := rules.get(Requirement.ROTATION_MONTHS):
        found.append(Due(DueKind.ROTATION, on_post.rotation_due_on(person, post, rotation)))
    reasons = on_post.reasons(person, post, high_risk=high_risk, on=on)
    if any(reason.code in _INDUCTION for reason in reasons):
        found.append(Due(DueKind.INDUCTION, post.from_on))
    last = on + timedelta(days=within)
    return sorted((due for due in found if due.due_on <= last), key=lambda due: due.due_on)


def _certificates(person: Person, post: Spell, rules: dict[Requirement, Asked]) -> Iterator[Due]:
    if Requirement.CERTIFICATE not in rules:
        return
    role = on_post.certified_as(post.role)
    items: list[str | None] = [*sorted(post.items)]
    for item in items or [None]:
        ends = [
            one.until
            for one in person.papers
            if (one.role, one.item) == (role, item) and one.status in _STANDS and one.until
        ]
        needed_on = due_on(post.role, post.from_on)
        yield Due(DueKind.CERTIFICATE, max(ends) if ends else needed_on, item)


def _hours(person: Person, post: Spell, rules: dict[Requirement, Asked], on: date) -> Iterator[Due]:
    rule = rules.get(Requirement.ANNUAL_HOURS)
    if rule is None:
        return
    first = max(on, months_later(on_post.engaged_since(person.spells, post), 12))
    # The hours grow less only on the day on which a training is twelve months past.
    days = sorted({first, *(months_later(one.on, 12) for one in person.taught)})
    for day in days:
        if day >= first and _done(person, day) < rule.amount:
            yield Due(DueKind.ANNUAL_HOURS, day)
            return


def _done(person: Person, day: date) -> Decimal:
    year_ago = months_later(day, -12)
    return sum((one.hours for one in person.taught if year_ago < one.on <= day), Decimal(0))
