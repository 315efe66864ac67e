"""Pure: the rules of teaching and of study online, as of a day (教学规则)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from server.people.roster import PostRole


@dataclass(frozen=True, kw_only=True)
class StudyRules:
    """What counts as an hour, and how study online is watched, from one day on."""

    from_on: date
    #: Minutes of one training hour (学时).
    minutes_per_hour: int
    #: Training hours that a class may have in a day, and that study online may count in one.
    most_hours_a_day: int
    most_online_hours_a_day: int
    #: Seconds between two heartbeats, as phones are told.
    beat_seconds: int
    #: Seconds of silence after which the time between two heartbeats counts no more.
    longest_gap_seconds: int
    #: Minutes after which a learner must show again who they are, and the seconds they have.
    check_every_minutes: int
    check_grace_seconds: int
    #: Minutes before a lesson from which one may sign in.
    signing_in_early_minutes: int
    #: Points of a hundred in the test at the end of a class, from which it is passed.
    pass_score: int
    minimum_age: int
    minimum_age_of_special_operations: int
    source: str

    @property
    def most_online_ms(self) -> int:
        """Milliseconds of study online that may count in a day."""
        return self.most_online_hours_a_day * self.minutes_per_hour * 60_000

    @property
    def check_every(self) -> timedelta:
        """How long a learner may study before they must show again who they are."""
        return timedelta(minutes=self.check_every_minutes)

    def tenths(self, span: timedelta) -> int:
        """Return how many tenths of a training hour fit into a span; begun ones do not count."""
        return span * 10 // timedelta(minutes=self.minutes_per_hour)

    def minimum_age_of(self, role: PostRole | None) -> int:
        """Return the completed years of life from which somebody may be trained for a role."""
        if role is PostRole.SPECIAL_OPERATIONS_WORKER:
            return self.minimum_age_of_special_operations
        return self.minimum_age


@cache
def versions() -> tuple[StudyRules, ...]:
    """Return all rules that are shipped, the oldest first."""
    text = files("server.training.data").joinpath("study_rules.json").read_text("utf-8")
    found = (
        StudyRules(**{**row, "from_on": date.fromisoformat(row["from_on"])})
        for row in json.loads(text)
    )
    return tuple(sorted(found, key=lambda rules: rules.from_on))


def of(on: date) -> StudyRules:
    """Return the rules that count on a day; the first ones before any counted."""
    counting = [rules for rules in versions() if rules.from_on <= on]
    return counting[-1] if counting else versions()[0]
