"""Pure: what a timetable may hold: no day fuller than a day, nobody twice at once (课程表规则)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from server import days
from server.training.errors import (
    ClassHoursTooMany,
    DayTooFull,
    LessonOutsideClass,
    LessonTooShort,
)
from server.training.study_rules import StudyRules


@dataclass(frozen=True, kw_only=True)
class Slot:
    """When a lesson is, and how many tenths of an hour it gives."""

    starts_at: datetime
    ends_at: datetime
    tenths: int

    @property
    def on(self) -> date:
        """The day on which it begins."""
        return days.civil_day(self.starts_at)

    def meets(self, other: Slot) -> bool:
        """Say whether there is a moment that belongs to both."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def check(
    slot: Slot, *, starts_on: date, ends_on: date, beside: Iterable[Slot], rules: StudyRules
) -> None:
    """Check that a lesson may stand in the timetable of its class.

    Args:
        slot: the lesson.
        starts_on: the first day of the class.
        ends_on: the last.
        beside: the other lessons of the class.
        rules: what counts as an hour, and how many a day has.

    Raises:
        LessonOutsideClass: it is not within the days of the class, or over midnight.
        LessonTooShort: it is shorter than the hours that it would give.
        DayTooFull: its day would hold more hours than a day may.
    """
    if not starts_on <= slot.on <= ends_on or days.civil_day(slot.ends_at) != slot.on:
        raise LessonOutsideClass
    if slot.tenths > rules.tenths(slot.ends_at - slot.starts_at):
        raise LessonTooShort(minutes=rules.minutes_per_hour)
    that_day = slot.tenths + sum(other.tenths for other in beside if other.on == slot.on)
    if that_day > rules.most_hours_a_day * 10:
        raise DayTooFull(hours=rules.most_hours_a_day)


def check_span(tenths: int, *, starts_on: date, ends_on: date, rules: StudyRules) -> None:
    """Check that a class has days enough for its programme.

    Raises:
        ClassHoursTooMany: the days cannot hold the hours.
    """
    most = ((ends_on - starts_on).days + 1) * rules.most_hours_a_day
    if tenths > most * 10:
        raise ClassHoursTooMany(most=most)


def by_day(slots: Iterable[Slot]) -> dict[date, list[Slot]]:
    """Return the lessons day by day, in their order."""
    found: defaultdict[date, list[Slot]] = defaultdict(list)
    for slot in sorted(slots, key=lambda one: one.starts_at):
        found[slot.on].append(slot)
    return dict(found)
