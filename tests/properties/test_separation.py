"""Separation agrees with a count by hand over a graph of 500 people and 50 organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from exams import separation
from exams.separation import Bond, Facts, Job, Lesson, Terms, Training

TODAY = date(2026, 6, 15)
TERMS = Terms(from_on=date(2012, 3, 1), trained_months=72, provider_months=36, employer_months=12)
PEOPLE = [UUID(int=number) for number in range(1, 501)]
ORGANISATIONS = [UUID(int=number) for number in range(10_001, 10_051)]


def a_graph(seed: int) -> Facts:
    """Return who taught, trained and employed whom among 500 people and 50 organisations."""
    dice = Random(seed)

    def day() -> date:
        return TODAY - timedelta(days=dice.randrange(-60, 4000))

    # Some people are registered twice; the lower number stands for both.
    same = {}
    for one, twin in zip(PEOPLE[0:40:2], PEOPLE[1:40:2], strict=True):
        same[one] = same[twin] = one
    return Facts(
        lessons=[
            Lesson(dice.choice(PEOPLE[:150]), dice.choice(PEOPLE), day(), dice.random() < 0.3)
            for _ in range(900)
        ],
        trainings=[
            Training(dice.choice(ORGANISATIONS[:15]), dice.choice(PEOPLE), day())
            for _ in range(600)
        ],
        jobs=[
            Job(
                dice.choice(PEOPLE),
                dice.choice(ORGANISATIONS),
                None if dice.random() < 0.6 else day(),
                dice.random() < 0.9,
            )
            for _ in range(700)
        ],
        same=same,
    )


@cache
def months_ago(on: date, months: int) -> date:
    """Return the same day so many months ago, or the last of a shorter month."""
    day = on
    for _ in range(months):
        day = day.replace(day=1) - timedelta(days=1)
    last = day.day
    return day.replace(day=min(on.day, last))


@dataclass(frozen=True, kw_only=True)
class Past:
    """Everything that facts say of one human being."""

    #: Everything under which this human being is registered.
    me: set[UUID]
    taught: list[Lesson]
    trained: list[Training]
    jobs: list[Job]

    def employers(self, first: date, *, binding: bool = False) -> set[UUID]:
        """Return who employed them on or after a day."""
        return {
            job.employer_id
            for job in self.jobs
            if (job.until_on is None or job.until_on > first) and (job.binds or not binding)
        }


def past_of(person: UUID, facts: Facts) -> Past:
    """Look at every fact for one human being."""
    me = {one for one in PEOPLE if facts.same.get(one, one) == facts.same.get(person, person)}
    return Past(
        me=me,
        taught=[lesson for lesson in facts.lessons if lesson.teacher_id in me],
        trained=[training for training in facts.trainings if training.learner_id in me],
        jobs=[job for job in facts.jobs if job.person_id in me],
    )


def by_hand(staff: Past, candidate: Past) -> set[Bond]:
    """Look at every pair: slow, and nothing but the sentences of the rule."""
    found = {Bond.SAME_PERSON} if staff.me & candidate.me else set()
    for lesson in staff.taught:
        if lesson.learner_id in candidate.me and lesson.on >= months_ago(TODAY, 72):
            found.add(Bond.RAN_CLASS if lesson.ran_class else Bond.TRAINED)
    first = months_ago(TODAY, 36)
    trained_by = {training.provider_id for training in candidate.trained if training.on >= first}
    if trained_by & staff.employers(first):
        found.add(Bond.PROVIDER)
    first = months_ago(TODAY, 12)
    if staff.employers(first, binding=True) & candidate.employers(first, binding=True):
        found.add(Bond.EMPLOYER)
    return found


def test_bonds_are_those_that_counting_by_hand_finds() -> None:
    facts = a_graph(7)
    staff, candidates = PEOPLE[:120:3] + PEOPLE[1:20:4], PEOPLE

    found = separation.bonds(staff, candidates, facts, TERMS, on=TODAY)

    pasts = {one: past_of(one, facts) for one in candidates}
    wanted = {
        (one, other): why
        for one in staff
        for other in candidates
        if (why := by_hand(pasts[one], pasts[other]))
    }
    assert found == wanted
    assert {bond for why in found.values() for bond in why} == set(Bond)


@given(st.integers(0, 10**6), st.integers(0, 490))
def test_whoever_is_asked_about_beside_others_is_bound_the_same(seed: int, first: int) -> None:
    facts = a_graph(seed % 3)
    staff, candidates = PEOPLE[first : first + 3], PEOPLE[first // 2 : first // 2 + 5]

    together = separation.bonds(staff, candidates, facts, TERMS, on=TODAY)

    for one in staff:
        for other in candidates:
            alone = separation.bonds([one], [other], facts, TERMS, on=TODAY)
            assert alone.get((one, other)) == together.get((one, other))


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.integers(0, 120))
def test_months_are_counted_back_as_by_hand(on: date, months: int) -> None:
    assert separation.since(on, months) == months_ago(on, months)


def test_terms_count_from_their_day_on() -> None:
    later = Terms(
        from_on=date(2027, 1, 1), trained_months=None, provider_months=1, employer_months=1
    )

    assert separation.terms_on(date(2026, 12, 31), [later, TERMS]) is TERMS
    assert separation.terms_on(date(2027, 1, 1), [later, TERMS]) is later
    assert separation.terms_on(date(1990, 1, 1), [later, TERMS]) is TERMS
    assert separation.terms_on(TODAY).trained_months == 72
