"""Separation agrees with a count by hand over a graph of 500 people and 50 organisations."""

from __future__ import annotations

from datetime import date, timedelta
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


def months_ago(on: date, months: int) -> date:
    """Return the same day so many months ago, or the last of a shorter month."""
    day = on
    for _ in range(months):
        day = day.replace(day=1) - timedelta(days=1)
    last = day.day
    return day.replace(day=min(on.day, last))


def by_hand(staff: UUID, candidate: UUID, facts: Facts) -> set[Bond]:
    """Look at every fact for one pair: slow, and nothing but the sentences of the rule."""
    me, you = registrations(staff, facts), registrations(candidate, facts)
    found = {Bond.SAME_PERSON} if me & you else set()
    for lesson in facts.lessons:
        both = lesson.teacher_id in me and lesson.learner_id in you
        if both and lesson.on >= months_ago(TODAY, 72):
            found.add(Bond.RAN_CLASS if lesson.ran_class else Bond.TRAINED)
    first = months_ago(TODAY, 36)
    trained_by = {
        training.provider_id
        for training in facts.trainings
        if training.learner_id in you and training.on >= first
    }
    if trained_by & {job.employer_id for job in worked(me, first, facts)}:
        found.add(Bond.PROVIDER)
    first = months_ago(TODAY, 12)
    mine, yours = (
        {job.employer_id for job in worked(people, first, facts) if job.binds}
        for people in (me, you)
    )
    if mine & yours:
        found.add(Bond.EMPLOYER)
    return found


def registrations(person: UUID, facts: Facts) -> set[UUID]:
    """Return everything under which one human being is registered."""
    return {one for one in PEOPLE if facts.same.get(one, one) == facts.same.get(person, person)}


def worked(people: set[UUID], first: date, facts: Facts) -> list[Job]:
    """Return the jobs that were held on or after a day."""
    return [
        job
        for job in facts.jobs
        if job.person_id in people and (job.until_on is None or job.until_on > first)
    ]


def test_bonds_are_those_that_counting_by_hand_finds() -> None:
    facts = a_graph(7)
    staff, candidates = PEOPLE[:120:3] + PEOPLE[1:20:4], PEOPLE

    found = separation.bonds(staff, candidates, facts, TERMS, on=TODAY)

    wanted = {
        (one, other): why
        for one in staff
        for other in candidates
        if (why := by_hand(one, other, facts))
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
