"""What the shipped standards say on a day: attempts, what follows, and results in ten days."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest

from exams import eligibility
from exams.eligibility import Candidacy, Hindrance, Requirements, Trained, Tried, WhatFollows

SHIPPED = json.loads(files("exams").joinpath("standards.json").read_text("utf-8"))
WORKER = "special_operations_worker"
#: The eve of Order 19, and its first day.
EVE, FIRST = date(2026, 5, 31), date(2026, 6, 1)


def standard(role: str, on: date) -> Any:
    """Return the one row that counts for a role on a day."""
    (found,) = (
        row
        for row in SHIPPED
        if role in row["roles"]
        and row["effective_from"] <= on.isoformat() <= (row["effective_until"] or "9999")
    )
    return found


@pytest.mark.parametrize(
    ("role", "on", "theory", "practical"),
    [
        (WORKER, EVE, (2, "retrain"), (2, "retrain")),
        (WORKER, FIRST, (None, "nothing"), (5, "theory_again")),
        ("principal", EVE, (2, "retrain"), (None, "nothing")),
        ("principal", FIRST, (2, "retrain"), (None, "nothing")),
        ("safety_manager", FIRST, (2, "retrain"), (None, "nothing")),
    ],
)
def test_attempts_and_what_follows_go_by_the_day(role, on, theory, practical):
    row = standard(role, on)

    assert (row["attempts_allowed"], row["what_follows"]) == theory
    assert (row["practical_attempts"], row["practical_what_follows"]) == practical
    assert row["has_practical"] is (role == WORKER)


def test_every_standard_has_its_results_within_ten_working_days_and_a_source():
    assert all(row["results_working_days"] <= 10 and row["source"] for row in SHIPPED)


@pytest.mark.parametrize(
    ("failed", "trained_anew", "order_30", "order_19"),
    [
        (0, False, (), ()),
        (1, False, (), ()),
        (2, False, (Hindrance.ATTEMPTS_USED_UP,), ()),
        (2, True, (), ()),
        (30, True, (), ()),
        (30, False, (Hindrance.ATTEMPTS_USED_UP,), ()),
    ],
)
def test_failing_the_theory(failed, trained_anew, order_30, order_19):
    """One resit, then training again; since Order 19 as often as one likes."""
    tried = [Tried(on=date(2026, 4, 1), passed=False)] * failed
    anew = [Trained(on=date(2026, 5, 1), hours=Fraction(8))] * trained_anew
    who = Candidacy(has_post=True, birth_on=date(1990, 1, 1), trained=anew, tried=tried)

    assert eligibility.hindrances(who, asked(EVE), on=EVE) == order_30
    assert eligibility.hindrances(who, asked(FIRST), on=FIRST) == order_19


@pytest.mark.parametrize(
    ("on", "trained_anew", "found"),
    [
        (EVE, False, (Hindrance.ATTEMPTS_USED_UP,)),
        (EVE, True, ()),
        (FIRST, False, ()),
    ],
)
def test_practicals_used_up_spend_the_theory(on, trained_anew, found):
    """Under Order 30 training comes first; under Order 19 the theory is sat again at once."""
    spent = Tried(on=date(2026, 3, 1), passed=True, spent_on=date(2026, 4, 1))
    anew = [Trained(on=date(2026, 5, 1), hours=Fraction(8))] * trained_anew
    who = Candidacy(has_post=True, birth_on=date(1990, 1, 1), trained=anew, tried=[spent])

    assert eligibility.hindrances(who, asked(on), on=on) == found


@pytest.mark.parametrize(
    ("on", "found"),
    [(date(2026, 4, 1), (Hindrance.PASS_STILL_VALID,)), (date(2027, 4, 1), ())],
)
def test_a_passed_theory_stands_for_twelve_months(on, found):
    who = Candidacy(
        has_post=True,
        birth_on=date(1990, 1, 1),
        tried=[Tried(on=date(2026, 4, 1), passed=True)],
    )

    assert eligibility.hindrances(who, asked(on), on=on) == found


def asked(on: date) -> Requirements:
    """Return what a worker is asked for on a day."""
    row = standard(WORKER, on)
    return replace(
        Requirements(),
        minimum_age=row["minimum_age"],
        attempts_allowed=row["attempts_allowed"],
        what_follows=WhatFollows(row["what_follows"]),
        practical_what_follows=WhatFollows(row["practical_what_follows"]),
        pass_months=row["pass_months"],
    )
