"""Who may sit, and every reason why not."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from exams import eligibility
from exams.eligibility import Candidacy, Hindrance, Requirements, Trained, Tried, WhatFollows

TODAY = date(2026, 3, 2)
ORDER_30 = Requirements(
    minimum_age=18,
    training_hours=Fraction(8),
    attempts_allowed=2,
    what_follows=WhatFollows.RETRAIN,
    pass_months=12,
)


def who(**changed):
    """Return a sound person, changed where the case says so."""
    return replace(
        Candidacy(
            has_post=True,
            birth_on=date(1990, 1, 1),
            trained=[Trained(on=date(2026, 1, 5), hours=Fraction(8))],
        ),
        **changed,
    )


def failed(*days):
    """Return failed attempts on these days."""
    return [Tried(on=day, passed=False) for day in days]


@pytest.mark.parametrize(
    ("person", "found"),
    [
        (who(), ()),
        (who(has_post=False), (Hindrance.NO_POST,)),
        (who(birth_on=None), (Hindrance.AGE_UNKNOWN,)),
        (who(birth_on=date(2008, 3, 3)), (Hindrance.TOO_YOUNG,)),
        (who(birth_on=date(2008, 3, 2)), ()),
        (who(trained=[]), (Hindrance.HOURS_MISSING,)),
        (who(trained=[Trained(on=TODAY, hours=Fraction("7.5"))]), (Hindrance.HOURS_MISSING,)),
        (who(barred=True), (Hindrance.BARRED,)),
        (
            who(tried=failed(date(2026, 2, 1), date(2026, 2, 8))),
            (Hindrance.ATTEMPTS_USED_UP,),
        ),
        (
            who(tried=[Tried(on=date(2025, 3, 3), passed=True)]),
            (Hindrance.PASS_STILL_VALID,),
        ),
        (who(tried=[Tried(on=date(2025, 3, 2), passed=True)]), ()),
        (
            who(has_post=False, trained=[], barred=True),
            (Hindrance.NO_POST, Hindrance.HOURS_MISSING, Hindrance.BARRED),
        ),
    ],
)
def test_every_reason_is_named(person, found):
    assert eligibility.hindrances(person, ORDER_30, on=TODAY) == found


@pytest.mark.parametrize(
    ("person", "asked", "found"),
    [
        (who(declared_healthy_on=[date(2025, 3, 3)]), {"health_months": 12}, ()),
        (
            who(declared_healthy_on=[date(2025, 3, 2)]),
            {"health_months": 12},
            (Hindrance.HEALTH_UNDECLARED,),
        ),
        (who(), {"health_months": 12}, (Hindrance.HEALTH_UNDECLARED,)),
        (who(trained=[], waived=True), {"waiver": True}, ()),
        (who(trained=[], waived=True), {"waiver": False}, (Hindrance.HOURS_MISSING,)),
        (who(paused_until=date(2026, 3, 3)), {}, (Hindrance.RECENTLY_ABSENT,)),
        (who(paused_until=TODAY), {}, ()),
    ],
)
def test_health_skill_and_absence_have_their_reasons_too(person, asked, found):
    assert eligibility.hindrances(person, replace(ORDER_30, **asked), on=TODAY) == found


def passed_on(day, **more):
    """Return a theory that was passed on a day."""
    return who(tried=[Tried(on=day, passed=True, **more)])


@pytest.mark.parametrize(
    ("person", "found"),
    [
        (passed_on(date(2025, 3, 3)), ()),
        (passed_on(date(2025, 3, 2)), (Hindrance.THEORY_NOT_PASSED,)),
        (passed_on(date(2026, 3, 3)), (Hindrance.THEORY_NOT_PASSED,)),
        (who(), (Hindrance.THEORY_NOT_PASSED,)),
        # Theories that were failed count for nothing here.
        (who(tried=failed(date(2026, 2, 1), date(2026, 2, 8))), (Hindrance.THEORY_NOT_PASSED,)),
        (
            passed_on(date(2026, 1, 5), spent_on=date(2026, 2, 1)),
            (Hindrance.PRACTICALS_USED_UP,),
        ),
        (passed_on(date(2026, 1, 5), pending=True), (Hindrance.PRACTICAL_PENDING,)),
        (
            replace(passed_on(date(2026, 1, 5)), barred=True, birth_on=date(2010, 1, 1)),
            (Hindrance.TOO_YOUNG, Hindrance.BARRED),
        ),
    ],
)
def test_a_practical_follows_a_theory_that_stands_and_is_not_used_up(person, found):
    asked = replace(ORDER_30, after_theory=True)

    assert eligibility.hindrances(person, asked, on=TODAY) == found


def test_every_reason_has_a_sentence():
    assert eligibility.HINDRANCE_ZH.keys() == set(Hindrance)


def test_where_the_standard_names_no_age_none_is_asked_for():
    assert eligibility.hindrances(who(birth_on=None), Requirements(), on=TODAY) == ()


@pytest.mark.parametrize(("years", "found"), [(60, ()), (61, (Hindrance.TOO_OLD,))])
def test_a_maximum_age_counts_completed_years(years, found):
    born = date(2026 - years, 3, 2)

    assert (
        eligibility.hindrances(who(birth_on=born), Requirements(maximum_age=60), on=TODAY) == found
    )


FEBRUARY = [date(2026, 2, day) for day in range(1, 28)]


@pytest.mark.parametrize(
    ("tried", "trained", "left"),
    [
        ([], [], 2),
        (failed(FEBRUARY[0]), [], 1),
        (failed(*FEBRUARY[:2]), [], 0),
        # Training that began before the last attempt was not training anew.
        (failed(*FEBRUARY[:2]), [Trained(on=FEBRUARY[1], hours=Fraction(8))], 0),
        (failed(*FEBRUARY[:2]), [Trained(on=FEBRUARY[5], hours=Fraction(7))], 0),
        (failed(*FEBRUARY[:2]), [Trained(on=FEBRUARY[5], hours=Fraction(8))], 2),
        # The first attempt of the next round.
        (failed(*FEBRUARY[:3]), [Trained(on=FEBRUARY[1], hours=Fraction(8))], 1),
        # A pass ends the round.
        ([*failed(FEBRUARY[0]), Tried(on=FEBRUARY[1], passed=True)], [], 2),
        ([Tried(on=FEBRUARY[1], passed=True), *failed(FEBRUARY[2])], [], 1),
    ],
)
def test_two_attempts_a_round_and_training_opens_the_next(tried, trained, left):
    person = who(tried=tried, trained=trained)

    assert eligibility.attempts_left(person, ORDER_30) == left


def test_a_standard_with_nothing_to_follow_stays_used_up():
    asked = Requirements(attempts_allowed=1)
    person = who(tried=failed(FEBRUARY[0]), trained=[Trained(on=TODAY, hours=Fraction(99))])

    assert eligibility.attempts_left(person, asked) == 0


def test_order_19_lets_one_try_without_limit():
    asked = Requirements(attempts_allowed=None)

    assert eligibility.attempts_left(who(tried=failed(*FEBRUARY)), asked) is None


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 3, 1)),
        (date(2028, 2, 29), 12, date(2029, 3, 1)),
        (date(2026, 12, 31), 2, date(2027, 3, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 5), 12, date(2027, 12, 5)),
    ],
)
def test_months_are_counted_by_the_calendar(day, months, later):
    assert eligibility.months_after(day, months) == later


def test_who_was_born_on_a_leap_day_ages_on_the_first_of_march():
    assert eligibility.age(date(2008, 2, 29), on=date(2026, 2, 28)) == 17
    assert eligibility.age(date(2008, 2, 29), on=date(2026, 3, 1)) == 18
