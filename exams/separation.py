"""Separation of training and examination (考培分离): who may do nothing in whose examination.

《安全生产培训管理办法》 art. 18 keeps teaching and examining apart. It is judged of people, not of
accounts or roles: two registrations that are taken for one human being count as one. What binds
somebody to a candidate is looked for within a time that the installation states by date, and
plans that lie ahead bind like what is past.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from uuid import UUID


class Bond(StrEnum):
    """What binds somebody to a candidate."""

    #: They are the candidate.
    SAME_PERSON = "same_person"
    #: They taught, or recorded the training of, the candidate.
    TRAINED = "trained"
    #: They ran the class that the candidate was in.
    RAN_CLASS = "ran_class"
    #: They work for the provider that trained the candidate.
    PROVIDER = "provider"
    #: Both work for the same employer.
    EMPLOYER = "employer"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """For how long a bond binds, from one day on. Months; None binds for ever."""

    from_on: date
    trained_months: int | None
    provider_months: int | None
    employer_months: int | None


class Lesson(NamedTuple):
    """Somebody taught a learner, or ran their class."""

    teacher_id: UUID
    learner_id: UUID
    on: date
    ran_class: bool = False


class Training(NamedTuple):
    """An organisation trained a learner."""

    provider_id: UUID
    learner_id: UUID
    on: date


class Job(NamedTuple):
    """Somebody works for an employer; departments are the employer they belong to."""

    person_id: UUID
    employer_id: UUID
    #: The first day on which they no longer do; None while no end is known.
    until_on: date | None
    #: Whether sharing this employer binds: an authority examines its own officers, for there is
    #: nobody else who could.
    binds: bool = True


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of those who examine and of those who are examined."""

    lessons: Sequence[Lesson] = ()
    trainings: Sequence[Training] = ()
    jobs: Sequence[Job] = ()
    #: For registrations of one human being, the one that stands for all of them.
    same: Mapping[UUID, UUID] = field(default_factory=dict)


#: What binds whom: pairs of staff and candidate.
Bonds = dict[tuple[UUID, UUID], frozenset[Bond]]


def bonds(
    staff: Collection[UUID], candidates: Collection[UUID], facts: Facts, terms: Terms, *, on: date
) -> Bonds:
    """Return every pair of staff and candidate that something binds, and what.

    Args:
        staff: who would plan, set, invigilate, score or certify.
        candidates: whose examination it is.
        facts: what is known of all of them.
        terms: for how long bonds bind.
        on: the day of asking.
    """
    asked = _Asked(staff, candidates, facts.same)
    found: dict[tuple[UUID, UUID], set[Bond]] = defaultdict(set)
    for person in asked.staff.keys() & asked.candidates.keys():
        found[person, person].add(Bond.SAME_PERSON)
    for teacher, learner, bond in _taught(facts, terms, on):
        found[asked.one(teacher), asked.one(learner)].add(bond)
    for person, learner in _of_provider(facts, terms, on, asked):
        found[person, learner].add(Bond.PROVIDER)
    for person, colleague in _colleagues(facts, terms, on, asked):
        found[person, colleague].add(Bond.EMPLOYER)
    return {
        (member, candidate): frozenset(why)
        for (one, other), why in found.items()
        for member in asked.staff.get(one, ())
        for candidate in asked.candidates.get(other, ())
    }


class _Asked:
    """Who was asked about, by the registration that stands for each."""

    def __init__(
        self, staff: Collection[UUID], candidates: Collection[UUID], same: Mapping[UUID, UUID]
    ) -> None:
        self._same = same
        self.staff = self._by_one(staff)
        self.candidates = self._by_one(candidates)

    def one(self, person_id: UUID) -> UUID:
        """Return the registration that stands for a person."""
        return self._same.get(person_id, person_id)

    def _by_one(self, ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
        found: dict[UUID, list[UUID]] = {}
        for person_id in dict.fromkeys(ids):
            found.setdefault(self.one(person_id), []).append(person_id)
        return found


def since(on: date, months: int | None) -> date:
    """Return the day so many months before; a day the month does not have becomes its last."""
    if months is None:
        return date.min
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    for day in (on.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day, on.day))
        except ValueError:
            continue
    return date.min


def _taught(facts: Facts, terms: Terms, on: date) -> Iterable[tuple[UUID, UUID, Bond]]:
    first = since(on, terms.trained_months)
    for lesson in facts.lessons:
        if lesson.on >= first:
            bond = Bond.RAN_CLASS if lesson.ran_class else Bond.TRAINED
            yield lesson.teacher_id, lesson.learner_id, bond


def _of_provider(
    facts: Facts, terms: Terms, on: date, asked: _Asked
) -> Iterable[tuple[UUID, UUID]]:
    first = since(on, terms.provider_months)
    working = _working(facts, first, asked, only=asked.staff)
    for training in facts.trainings:
        learner = asked.one(training.learner_id)
        if training.on >= first and learner in asked.candidates:
            for person in working.get(training.provider_id, ()):
                yield person, learner


def _colleagues(facts: Facts, terms: Terms, on: date, asked: _Asked) -> Iterable[tuple[UUID, UUID]]:
    first = since(on, terms.employer_months)
    binding = Facts(jobs=[job for job in facts.jobs if job.binds], same=facts.same)
    examining = _working(binding, first, asked, only=asked.staff)
    examined = _working(binding, first, asked, only=asked.candidates)
    for employer, people in examining.items():
        for person in people:
            for colleague in examined.get(employer, ()):
                yield person, colleague


def _working(
    facts: Facts, first: date, asked: _Asked, *, only: Collection[UUID]
) -> dict[UUID, set[UUID]]:
    """Return by employer who of some people works there, or did on or after a day."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for job in facts.jobs:
        person = asked.one(job.person_id)
        if person in only and (job.until_on is None or job.until_on > first):
            found[job.employer_id].add(person)
    return found


def terms_on(day: date, known: Sequence[Terms] | None = None) -> Terms:
    """Return the terms that count on a day: the latest that have begun, else the first."""
    every = sorted(shipped() if known is None else known, key=lambda one: one.from_on)
    begun = [one for one in every if one.from_on <= day]
    return begun[-1] if begun else every[0]


@cache
def shipped() -> tuple[Terms, ...]:
    """Return the terms that come with the platform."""
    rows = json.loads(files("exams").joinpath("separation_terms.json").read_text("utf-8"))
    return tuple(
        Terms(
            from_on=date.fromisoformat(row["from_on"]),
            trained_months=row["trained_months"],
            provider_months=row["provider_months"],
            employer_months=row["employer_months"],
        )
        for row in rows
    )
