"""A slow clerk who fills a region with people by lot and counts every indicator head by head."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from certificates import definitions
from server.db import db
from server.errors import DomainError
from server.organisations.drafts import OrganisationKind
from server.people.roster import PostRole
from tests.factories.certificates import a_certificate, a_training, an_assessment, an_issuer
from tests.factories.rosters import a_person, a_post, an_organisation

QUALIFIED = {
    "principal": ("principal", None),
    "safety_manager": ("safety_manager", None),
    "full_time_safety_manager": ("safety_manager", None),
    "special_operations_worker": ("special_operations_worker", "1.2"),
    "enforcement_officer": ("enforcement_officer", None),
}
CODES = {
    "principal": "principal",
    "safety_manager": "safety_manager",
    "special_operations_worker": "low_voltage_electrician",
    "enforcement_officer": "enforcement_officer",
}


#: Roles that have half a year after appointment.
GRACED = {"principal", "safety_manager", "full_time_safety_manager"}


#: Who teaches before the post: an entry that names none of them is for all.
LEVELS = ("plant", "workshop", "team")

#: Of whom the law asks hours, and teaching again after a change.
TAUGHT_FOR_HOURS = {"employee", "special_operations_worker"}


class Clerk:
    """Writes down what happens in a region, and counts it head by head."""

    def __init__(self, seed, region, until):
        self.dice, self.until = Random(seed), until
        #: Where and how long people are taught, by dice of their own.
        self.schooling = Random(f"{seed} schooling")
        self.issuer = an_issuer(region)
        self.mine = an_organisation(region, industry="06", is_high_risk=True)
        self.works = an_organisation(region, industry="34")
        self.yard = an_organisation(region, industry="47", is_high_risk=True)
        self.bureau = an_organisation(region, kind=OrganisationKind.AUTHORITY)
        self.posts, self.trained, self.passed, self.held = [], [], [], []
        self.inducted = []

    def day(self):
        """Choose a day about the last one."""
        return self.until - timedelta(days=self.dice.randrange(-30, 900))

    def fill(self, count):
        """Let so many people hold posts, train, be examined and certified by lot."""
        public = ("enforcement_officer", "regulator_staff", "township_safety_leader")
        for _ in range(count):
            person = a_person(self.works)
            for _ in range(self.dice.choice([1, 1, 1, 2])):
                role = self.dice.choice(list(PostRole)[:10])
                place = self.bureau if role in public else self.dice.choice([self.mine, self.works])
                self._post(person, place, role)
            for purpose in definitions_of_purposes():
                if self.dice.random() < 0.4:
                    day = self.day()
                    self._train(person, purpose, day)
            self._qualify(person)

    def _train(self, person, purpose, day):
        levels: list[str | None] = [None]
        if purpose == "induction":
            levels = self.dice.choices([None, *LEVELS], weights=[1, 6, 6, 6], k=3)
        for level in levels:
            by = self.schooling.choice([self.mine, self.works]).id
            hours = self.schooling.choice([8, 24, 40])
            a_training(person, purpose, on=day, level=level, provider_id=by, hours=f"{hours}.0")
            if purpose == "induction":
                self.inducted.append((person.id, by, level, hours, day))
            self.trained.append((person.id, f"{purpose} {level}" if level else purpose, day))

    def _post(self, person, place, role):
        start = self.until - timedelta(days=self.dice.randrange(400, 1500))
        until = self.dice.choice([None, None, self.until, self.until + timedelta(days=1)])
        items = ("1.2",) if role is PostRole.SPECIAL_OPERATIONS_WORKER else ()
        a_post(person, place, role=role, items=items, from_on=start, until_on=until)
        self.posts.append((person.id, place.id, role.value, start, until))

    def _qualify(self, person):
        role, item = self.dice.choice(list(QUALIFIED.values()))
        if self.dice.random() < 0.4:
            day = self.day()
            an_assessment(person, passed=True, role=PostRole(role), item=item, on=day)
            self.passed.append((person.id, (role, item), day))
        if self.dice.random() < 0.6:
            first = self.day()
            try:
                with db.session.begin_nested():
                    made = a_certificate(
                        person, self.issuer, qualification=CODES[role], valid_from=first
                    )
            except DomainError:
                return
            ends = made.review_days[0] if made.review_days else made.valid_until.isoformat()
            self.held.append(
                (person.id, (role, item), first, min(date.fromisoformat(ends), made.valid_until))
            )

    def counts(self, values):
        """Count an indicator of a plan on the last day of the plan."""
        if values["populations"] == ["high_risk_enterprise"]:
            staffed = {
                place
                for _, place, role, *span in self.posts
                if role == "full_time_safety_manager" and self._in(span)
            }
            both = {self.mine.id, self.yard.id}
            return len(both), len(both & staffed)
        roles: set[str] = set()
        for name in values["populations"]:
            roles |= definitions.populations()[name].roles
        coal = values["populations"] == ["coal_mine_staff"]
        year = values["kind"].value == "head_count_per_year"
        people: dict[Any, list[str]] = {}
        for who, place, role, start, until in self.posts:
            here = self._in_year(start, until) if year else self._in((start, until))
            graced = role in GRACED and values["measure"] in (
                "passed_training",
                "holds_valid_certificate",
            )
            if graced and _half_a_year_after(start) > self.until:
                continue
            if role in roles and here and (not coal or place == self.mine.id):
                people.setdefault(who, []).append(role)
        measure = getattr(self, f"_m_{values['measure']}")
        if year:
            return None, sum(
                any(measure(who, role) for role in held) for who, held in people.items()
            )
        return len(people), sum(
            all(measure(who, role) for role in held) for who, held in people.items()
        )

    def _in(self, span):
        return span[0] <= self.until and (span[1] is None or self.until < span[1])

    def _in_year(self, start, until):
        new_year = date(self.until.year, 1, 1)
        return start <= self.until and (until is None or until > new_year)

    def _trained(self, who, *purposes, since=date.min):
        return any(
            one == who and purpose in purposes and since <= day <= self.until
            for one, purpose, day in self.trained
        )

    def _holds(self, who, what):
        return any(
            one == who and for_what == what and first <= self.until <= last
            for one, for_what, first, last in self.held
        )

    def _m_qualification_training(self, who, _role):
        return self._trained(who, "qualification")

    def _m_holds_valid_certificate(self, who, role):
        return self._holds(who, QUALIFIED[role])

    def _m_professional_training(self, who, _role):
        return self._trained(who, "professional")

    def _m_passed_induction(self, who, role):
        held = [post for post in self.posts if (post[0], post[2]) == (who, role)]
        return all(self._is_inducted(post) for post in held if self._in(post[3:]))

    def _is_inducted(self, post):
        who, place, role, start, _ = post
        here = [
            (level, hours, day)
            for one, by, level, hours, day in self.inducted
            if (one, by) == (who, place) and day <= self.until
        ]
        held = [each for each in self.posts if each[:2] == (who, place) and each[3] < start]
        if not held:
            asked = (72 if place == self.mine.id else 24) if role in TAUGHT_FOR_HOURS else 0
            return _levels(here) == {*LEVELS} and sum(hours for _, hours, _ in here) >= asked
        last = max(held, key=lambda each: (each[4] or date.max, each[3]))
        if role not in TAUGHT_FOR_HOURS or last[2] == role:
            return _levels(here) == {*LEVELS}
        later = [each for each in here if each[2] > last[3] and each[2] >= (last[4] or date.max)]
        return "plant" in _levels(here) and {"workshop", "team"} <= _levels(later)

    def _is(self, who, wanted):
        return any(
            one == who and role == wanted and self._in(span) for one, _, role, *span in self.posts
        )

    def _m_is_full_time_safety_manager(self, who, _role):
        return self._is(who, "full_time_safety_manager")

    def _m_is_mining_engineer(self, who, _role):
        return self._is(who, "mining_engineer")

    def _m_safety_training(self, who, _role):
        return self._trained(who, *definitions_of_safety())

    def _m_passed_training(self, who, role):
        what = QUALIFIED[role]
        exams = any(
            one == who and for_what == what and day <= self.until
            for one, for_what, day in self.passed
        )
        return exams or any(
            one == who and for_what == what and first <= self.until
            for one, for_what, first, _ in self.held
        )

    def _m_rotation_training_within_3_years(self, who, _role):
        since = self.until.replace(year=self.until.year - 3) + timedelta(days=1)
        return self._trained(who, "rotation", since=since)

    def _m_is_safety_professional(self, who, _role):
        certified = self._holds(who, ("enforcement_officer", None))
        return certified or self._trained(who, "safety_professional")

    def _m_qualification_training_and_certificate(self, who, role):
        return self._m_qualification_training(who, role) and self._holds(who, QUALIFIED[role])

    def _m_topic_training(self, who, _role):
        return self._trained(who, "topic")

    def _m_post_qualification_training(self, who, _role):
        return self._trained(who, "qualification", since=date(self.until.year, 1, 1))

    def _m_occupational_health_training(self, who, _role):
        return self._trained(who, "occupational_health")


def _levels(lessons):
    return {one for level, _, _ in lessons for one in ([level] if level else LEVELS)}


def _half_a_year_after(day):
    month = day.month + 6
    year, month = day.year + (month > 12), month - 12 * (month > 12)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), _last_of(year, month))


def _last_of(year, month):
    return date(year + (month == 12), month % 12 + 1, 1) - timedelta(days=1)


def definitions_of_safety():
    (part,), *_ = definitions.measures()["safety_training"].all_of
    return sorted(part.purposes)


def definitions_of_purposes():
    return [*definitions_of_safety(), "induction", "occupational_health"]
